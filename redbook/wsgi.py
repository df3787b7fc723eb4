import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from core.processes import end_with_parent
from core.stack import in_one_chunk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redbook.settings")
os.environ.setdefault("DATABASE_POOL", "8")  # one connection for each of its threads; commands need no pool
# In seconds: a page that takes longer is given up, so that its thread answers others. Jobs and commands have time.
os.environ.setdefault("STATEMENT_TIMEOUT", "15")
os.environ.setdefault("LOCK_TIMEOUT", "5")

if (
    multiprocessing.parent_process()
):  # one of the server's workers, which would keep the port if it outlived it
    end_with_parent(signal.SIGKILL)

application = in_one_chunk(get_wsgi_application())

from notes.readers import write_buffer  # noqa: E402  models need the settings

write_buffer.start()
