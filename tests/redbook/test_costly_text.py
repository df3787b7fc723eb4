"""No text costs more than twice the CPU of plain letters of its length, in any form field."""

import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.account import app_settings
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import text
from profiles.models import User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import Form, _Reader
from tests.redbook.costly_text import dear
from tests.redbook.full_site import make_site

ROOM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 6_000
MODULES = (
    "notes.forms",
    "notes.moves",
    "notes.collections.forms",
    "notes.series.forms",
    "people.forms",
    "people.account_forms",
    "moderation.admin.people",
    "moderation.forms",
    "moderation.admin.campuses",
    "moderation.admin.tags",
    "insights.forms",
    "moderation.admin.reader_words",
    "moderation.admin.site",
)


def form_classes() -> list[type[forms.BaseForm]]:
    """Every form of ours: those of django-allauth come with our fields and words."""
    found = {
        value
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, forms.BaseForm)
    }
    assert {path.rpartition(".")[2] for path in app_settings.FORMS.values()} <= {
        form.__name__ for form in found
    }
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def text_fields() -> Iterator[tuple[str, forms.Field]]:
    for form in form_classes():
        for name, field in form.base_fields.items():
            if not isinstance(field, forms.FileField):
                yield f"{form.__name__}.{name}", field


def test_every_field_of_every_form(db: None) -> None:
    looked = 0
    for name, field in text_fields():

        def clean(value: str, field: forms.Field = field) -> None:
            with suppress(ValidationError):
                field.clean(value)

        found = list(dear(clean, ROOM))
        assert not found, (name, found)
        looked += 1
    assert looked > 30


@pytest.mark.parametrize(
    "act", [text.is_piled, text.stream_safe, text.length, text.half_widths, text.tags_in, text.mentions_in]
)
def test_what_reads_a_text_that_was_taken(act: Callable[[str], Any]) -> None:
    """A story has 20,000 code points at most, in runs of thirty marks."""
    assert not list(dear(lambda value: act(value[:20_000]), 80_000))


def pages(mona: User) -> Iterator[tuple[Client, str]]:
    site = make_site()
    note = make_note(site.author)
    comment = make_comment(site.student, note)
    for person, paths in (
        (None, site.open_pages),
        (site.student, site.student_pages),
        (site.author, site.author_pages),
    ):
        for path in paths:
            yield signed_in(person), path
    admin = [f"profiles/user/{site.student.pk}/change/", f"profiles/user/{site.student.pk}/suspend/"]
    admin += [f"notes/note/{note.pk}/hide/", f"notes/comment/{comment.pk}/hide/", "profiles/campus/add/"]
    for path in admin:
        yield signed_in(mona), f"/admin/{path}"


def forms_of(client: Client, path: str) -> Iterator[tuple[str, Form]]:
    reader = _Reader()
    reader.feed(client.get(path).content.decode())
    for name, form in reader.forms.items():
        yield urljoin(path, name if name.startswith(("/", "?")) else ""), form


def multipart(fields: dict[str, str]) -> bytes:
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return ("".join(parts) + "--x--\r\n").encode()


@pytest.mark.long
def test_every_field_of_every_page(mona: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False, raising=False)
    seen: set[tuple[str, str]] = set()
    for client, page in pages(mona):
        for action, form in list(forms_of(client, page)):
            for name in [name for name in form.fields if name and name != "csrfmiddlewaretoken"]:
                place = (re.sub(r"\d+", "0", action), name)
                if place in seen:
                    continue
                seen.add(place)
                others = {key: values[-1] for key, values in form.fields.items() if values}

                def send(value: str) -> None:
                    body = multipart(others | {name: value})  # noqa: B023
                    client.post(action, body, content_type="multipart/form-data; boundary=x")  # noqa: B023

                found = list(dear(send, ROOM))
                assert not found, (*place, found)
    assert len(seen) > 40


def test_every_door_that_is_no_form(alice: User, mona: User) -> None:
    browser, moderator = signed_in(alice), signed_in(mona)
    doors: dict[str, tuple[Callable[[str], Any], int]] = {
        "the address of a tag": (lambda value: browser.get(f"/tags/{value}/"), 6_000),
        "the channel": (lambda value: browser.get("/", {"channel": value}), 2_600),
        "where to go on": (lambda value: browser.get("/", {"after": value}), 2_600),
        "after signing in": (lambda value: Client().get("/accounts/login/", {"next": value}), 2_600),
        "a moderator's search": (lambda value: moderator.get("/admin/profiles/user/", {"q": value}), 2_600),
        "the browser's name": (
            lambda value: browser.get("/about/", headers={"User-Agent": header(value)}),
            15_000,
        ),
        "the page before": (
            lambda value: browser.post("/theme/", headers={"Referer": header(value)}),
            15_000,
        ),
        "the languages": (
            lambda value: Client().get("/about/", headers={"Accept-Language": header(value)}),
            15_000,
        ),
        "a cookie": (
            lambda value: Client().get("/about/", headers={"Cookie": f"theme={header(value)}"}),
            15_000,
        ),
        "a file's name": (lambda value: browser.post("/uploads/", {"photos": named(value)}), 60_000),
    }
    for door, (act, size) in doors.items():
        found = list(dear(act, size))
        assert not found, (door, found)


def header(value: str) -> str:
    """As WSGI gives it."""
    return re.sub(r"[\r\n]", " ", value).encode().decode("latin-1")


def named(value: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{value}.jpg", b"x")
