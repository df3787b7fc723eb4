"""Requesting an archive or the deletion of an account, with the password on the way."""

import io
import json
import re
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from profiles.models import User
from profiles.models.user import LEAVE_AFTER
from tests.builders import PASSWORD, signed_in
from tests.markup import content
from tests.servers import run_jobs

DATA, LEAVING, KEEP = "/settings/data/", "/settings/data/leaving/", "/settings/data/leaving/delete/"


def press(client: Client, path: str) -> HttpResponse:
    """Presses the page's button and gives the password, unless that was done a moment ago."""
    asked = client.post(path)
    if not asked["Location"].startswith("/accounts/reauthenticate/"):
        return asked
    return client.post(asked["Location"], {"password": PASSWORD, "next": path})


def sign_in(person: User, **options: Any) -> tuple[Client, HttpResponse]:
    client = Client(**options)
    return client, client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def archive_of(person: User) -> ZipFile:
    """Asked for, made and fetched."""
    client = signed_in(person)
    assert press(client, DATA).status_code == 303
    run_jobs()
    return ZipFile(io.BytesIO(content(client.get(address(client)))))


def address(client: Client) -> str:
    """Of the archive that the page offers; "" where it offers none."""
    found = re.search(rf'href="({DATA}\w+\.zip)"', client.get(DATA).text)
    return found[1] if found else ""


def told(archive: ZipFile, part: str) -> Any:
    return json.loads(archive.read(f"data/{part}.json"))


def let_two_weeks_pass(person: User) -> None:
    long_ago = timezone.now() - LEAVE_AFTER - timedelta(minutes=1)
    User.objects.filter(pk=person.pk).update(leaving_at=long_ago)
