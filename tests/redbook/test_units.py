"""The systemd units of docs/deploy.md start what the page says a release starts, and systemd accepts them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers import PROJECT

PAGE = (PROJECT / "docs" / "deploy.md").read_text()
UNITS = dict(re.findall(r"`/etc/systemd/system/(\S+)`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL))


def words(line: str) -> list[str]:
    return shlex.split(line.replace("/srv/redbook/app/", ""))


def test_units_start_what_a_release_starts() -> None:
    release = PAGE.partition("## Every release")[2].partition("\n## ")[0].replace("\\\n", " ")
    for name in ("redbook-web.service", "redbook-worker.service"):
        (command,) = re.findall(r"^ExecStart=(.*)$", UNITS[name].replace("\\\n", " "), re.MULTILINE)
        started = words(command)
        assert any(
            started == words(line) or started == words(line)[3:]
            for line in release.splitlines()
            if ".venv/" in line
        ), name
        assert "Restart=always" in UNITS[name]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_them(tmp_path: Path) -> None:
    for name, unit in UNITS.items():
        (tmp_path / name).write_text(unit.replace("/srv/redbook/app", str(PROJECT)))
        done = subprocess.run(
            ["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, check=False
        )
        assert name not in done.stderr, done.stderr
