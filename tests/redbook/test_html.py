"""Every page is valid by the Nu HTML checker, errors included, in both languages."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory

from profiles.models import User
from tests import nu
from tests.builders import signed_in
from tests.redbook.full_site import make_site

pytestmark = pytest.mark.django_db

EMPTY_FORMS = ["/notes/new/", "/settings/profile/", "/settings/label/", "/accounts/password/change/"]
KNOWN = (
    "The “list” role is unnecessary",  # Safari's screen reader needs it where a list has no bullets
    "Trailing slash on void elements",  # Django's own admin templates
)
NO_DATABASE = ["500.html", "503.html"]
WITHOUT_ADDRESS = ["400.html", "403.html", "403_csrf.html", "413.html", "429.html"]


@pytest.fixture
def checker() -> list[str]:
    command = nu.command()
    if command:
        return command
    assert "CI" not in os.environ, nu.HOW
    pytest.skip(nu.HOW)


@pytest.fixture
def pages(settings: Any, tmp_path: Path, mona: User) -> dict[str, str]:
    """The HTML of every page, by language and address."""
    settings.MEDIA_ROOT = tmp_path / "media"
    site = make_site()
    asked = [
        (None, site.open_pages),
        (site.student, site.student_pages),
        (site.author, site.author_pages),
        (mona, ["/admin/", "/admin/notes/note/"]),
    ]
    found = {}
    for language in ("en", "zh-hans"):
        speaking = {"Accept-Language": language}
        for person, paths in asked:
            client = signed_in(person, headers=speaking)
            answers = {path: client.get(path, follow=True) for path in paths}
            found |= {f"{language} {person} {path}": answer.text for path, answer in answers.items()}
        for path in EMPTY_FORMS:
            refused = signed_in(site.author, headers=speaking).post(path, {"name": ""})
            assert refused.status_code == 422, path
            found[f"{language} {path} refused"] = refused.text
        signing_in = Client(headers=speaking).post("/accounts/login/", {"login": "a@b.test", "password": "x"})
        found[f"{language} sign-in refused"] = signing_in.text
    request = RequestFactory().get("/")
    request.user = mona
    found |= {name: get_template(name).render() for name in NO_DATABASE}
    return found | {name: get_template(name).render({"why": "Soon."}, request) for name in WITHOUT_ADDRESS}


def test_every_page_is_valid(checker: list[str], pages: dict[str, str], tmp_path: Path) -> None:
    names = {}
    for number, (address, html) in enumerate(pages.items()):
        file = tmp_path / f"{number}.html"
        file.write_text(html)
        names[file.name] = address
    checked = subprocess.run(
        [*checker, "--format", "json", "--stdout", "--exit-zero-always", *tmp_path.glob("*.html")],
        capture_output=True,
        text=True,
        check=True,
    )
    problems = {}
    for message in json.loads(checked.stdout)["messages"]:
        extract = " ".join(message.get("extract", "").split())
        where = names.get(message.get("url", "").rpartition("/")[2], "")
        if not message["message"].startswith(KNOWN):
            problems[message["message"]] = f"{message['message']}\n    {where}: {extract}"
    assert not problems, "\n".join(problems.values())


def test_the_checker_finds_what_is_wrong(checker: list[str], tmp_path: Path) -> None:
    file = tmp_path / "wrong.html"
    file.write_text('<!DOCTYPE html><html lang="en"><title>Wrong</title><p id="a"><p id="a"><li>')
    checked = subprocess.run([*checker, str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 1
    assert "Duplicate ID" in checked.stderr
