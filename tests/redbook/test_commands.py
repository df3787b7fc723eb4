import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.servers import PROJECT

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Follow"
msgstr "关注"
"""


def test_translations_are_compiled_and_compiled_again_when_they_change(
    tmp_path: Path, settings: object
) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)

    def translated() -> str:
        call_command("compilemessages")
        with source.with_suffix(".mo").open("rb") as compiled:
            return gettext.GNUTranslations(compiled).gettext("Follow")

    source.write_text(CATALOGUE)
    assert translated() == "关注"
    source.write_text(CATALOGUE.replace("关注", "跟随"))
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert translated() == "跟随"
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x", "ALLOWED_HOSTS": "x"}, "DATABASE_URL"),
    ],
)
def test_production_is_the_default_and_names_what_it_misses(environment: dict[str, str], named: str) -> None:
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Set {named}")
    assert "make manage" in done.stderr
