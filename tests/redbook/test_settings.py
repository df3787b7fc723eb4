import os
import re
import subprocess
import sys

from tests.servers import PROJECT

OF_MAKE_RUN = {"HOST", "PORT"}


def in_readme() -> set[str]:
    table = (PROJECT / "README.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE))))


def test_the_table_names_every_setting_and_no_other() -> None:
    settings = (PROJECT / "redbook" / "settings.py").read_text()
    assert in_readme() - OF_MAKE_RUN == set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', settings))


def test_the_example_names_the_same_settings_once_each_and_holds_no_secret() -> None:
    example = (PROJECT / ".env.example").read_text()
    lines = re.findall(r"^#?([A-Z0-9_]+)=(.*)$", example, re.MULTILINE)
    assert sorted(name for name, _value in lines) == sorted(in_readme())
    assert {value for name, value in lines if name.endswith(("SECRET_KEY", "ACCESS_KEY", "PASSWORD"))} == {""}


def test_nginx_cannot_send_what_lies_in_a_bucket() -> None:
    settings = {"S3_BUCKET": "photos", "MEDIA_ACCEL_PREFIX": "/protected/"}
    done = subprocess.run(
        [sys.executable, "-c", "import redbook.settings"],
        cwd=PROJECT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "MEDIA_ACCEL_PREFIX is for files in MEDIA_ROOT" in done.stderr
