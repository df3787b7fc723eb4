"""Pytest plugin with the tests' environment, loaded before the settings are read (`-p` in pyproject.toml)."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

# The tests start some hundred processes: with compiled modules at hand each starts in a third of the time.
PYCACHE = Path(__file__).resolve().parent.parent / ".data" / "pycache"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(PYCACHE)
sys.dont_write_bytecode = False

from dev import embedded  # noqa: E402

# A run's own: media, collected static files, mails. Two runs may go on at the same time. A parallel run's processes
# are born with the environment of the one that starts them, and share what is in its folder.
RUN_DIR = Path(tempfile.mkdtemp(prefix="redbook-test-"))
SHARED_DIR = Path(os.environ["DATA_DIR"]) if "PYTEST_XDIST_WORKER" in os.environ else RUN_DIR
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)
(RUN_DIR / "static").mkdir()

os.environ |= {
    "SECRET_KEY": "for-tests-alone",
    "ALLOWED_HOSTS": "*",
    "HTTPS": "off",
    "SITE_ADDRESS": "http://testserver",
    "STRICT_FETCH": "on",
    "DEMO": "off",
    "LIMITS": "off",
    "DATABASE_POOL": "0",
    "DATA_DIR": str(RUN_DIR),
    "MAIL_DIR": str(RUN_DIR / "mail"),
    "DJANGO_ALLOW_ASYNC_UNSAFE": "on",  # Playwright keeps an event loop in the thread of the test
}
_postgres = embedded.test_server()
# A parallel run's processes are born with the first one's environment.
OWN_POSTGRES = os.environ.get("DATABASE_URL") in (None, "", _postgres.url)
if OWN_POSTGRES:
    _postgres.start()
    atexit.register(_postgres.stop)
    os.environ["DATABASE_URL"] = _postgres.url
