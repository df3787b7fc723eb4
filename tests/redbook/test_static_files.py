"""What lies below /static/: files for browsers, kept for a year, and nothing else."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from redbook.styles import FILE, PARTS
from tests.servers import PROJECT, manage

FOR_BROWSERS = {
    ".css",
    ".js",
    ".svg",
    ".png",
    ".jpg",
    ".webp",
    ".ico",
    ".woff",
    ".woff2",
    ".webmanifest",
    ".txt",
    ".gif",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    command = [*manage(), "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=PROJECT, check=True, env=os.environ | {"DATA_DIR": str(data)})
    return data


def test_nothing_internal_lies_there(collected: Path) -> None:
    assert (collected / "staticfiles.json").is_file()
    files = [path for path in (collected / "static").rglob("*") if path.is_file()]
    kinds = {path.with_suffix("").suffix if path.suffix in {".gz", ".br"} else path.suffix for path in files}
    odd = [path for path in files if path.name.startswith((".", "README"))]
    assert kinds <= FOR_BROWSERS, kinds - FOR_BROWSERS
    assert not odd


def test_what_every_page_is_dressed_in_is_one_file(collected: Path, client: Client) -> None:
    (frame,) = (path for path in (collected / "static" / "css").glob("frame.*.css"))
    sources = [(PROJECT / "static" / "css" / f"{part}.css").read_text() for part in PARTS]
    assert frame.read_text() == "".join(sources)
    assert sources[0].lstrip().startswith(("/*", "@layer")), "the layers are declared before any is filled"
    assert finders.find(FILE) == str(settings.DATA_DIR / "styles" / FILE)


@pytest.mark.parametrize(
    "path", ["/static/nothing.css", "/static/css/", "/static/../settings.py", "/media/a-320.jpg"]
)
@pytest.mark.django_db
def test_no_cache_keeps_that_a_file_is_missing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_the_list_of_names_is_not_served(collected: Path, settings: Any, client: Client) -> None:
    settings.STATIC_ROOT = collected / "static"
    name = next(path.name for path in settings.STATIC_ROOT.glob("css/*.css") if path.name.count(".") == 2)
    found = Client().get(f"/static/css/{name}")
    assert (found.status_code, bool(found.getvalue())) == (200, True)
    for missing in ("/static/staticfiles.json", "/staticfiles.json", "/static/../staticfiles.json"):
        answer = Client().get(missing)
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store"), missing
