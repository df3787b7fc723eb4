"""Builders for people, labels, notes and photos, with plain defaults for whatever a test does not name."""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string
from PIL import Image

from core.sessions import SessionStore
from notes.compose.tagging import tags_named
from notes.history.actions import record_version
from notes.history.queries import version_of
from notes.mentions.actions import record_mentions
from notes.models import Comment, Note, NoteVersion, Photo
from people.actions.labels import declare_label
from profiles.models import Campus, Positioning, User

PASSWORD = "a long walk home"
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real hash takes half a second a person
ROLES = ["320", "640", "1080", "cover320", "cover480", "cover960"]
FORMATS = [("jpg", "JPEG"), ("avif", "AVIF")]
_number = count(1)


def make_person(handle: str = "", *, verified: bool = True, **fields: Any) -> User:
    """A person with a verified address <handle>@campus.test, whose password is PASSWORD. With the address verified they
    count as a reader, though they have only just joined.
    """
    handle = handle or f"person_{next(_number)}"
    fields.setdefault("is_counted", verified)
    person = User.objects.create_user(f"{handle}@campus.test".lower(), handle, PASSWORD, **fields)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=verified)
    if not verified:
        person.refresh_from_db(fields=["unconfirmed_until"])  # which the database sets
    return person


def signed_in(person: User | None, **options: Any) -> Client:
    """A browser in which this person is signed in; None is a visitor. CSRF checks are off, as in Django's client."""
    client = Client(**options)
    if person:
        session = SessionStore()
        signed = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        # As Django's force_login, by two queries instead of ten: tests sign in some thousand times.
        row = Session.objects.create(
            session_key=get_random_string(32, VALID_KEY_CHARS),
            session_data=session.encode(signed),
            expire_date=session.get_expiry_date(),
        )
        person.last_login = timezone.now()
        User.objects.filter(pk=person.pk).update(last_login=person.last_login)
        client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    return client


def status(client: Client, path: str) -> int:
    """What a GET is answered with; a file is read to its end, so that it is closed."""
    response = client.get(path)
    response.getvalue()
    return response.status_code


def make_label(
    person: User, wording: str, *, topics: Sequence[str] = ("campus",), **fields: Any
) -> Positioning:
    """What the person declares now; `declared_at` in `fields` says since when."""
    declared_at = fields.pop("declared_at", None)
    positioning = declare_label(person=person, wording=wording, topics=topics, **fields)
    if declared_at:
        positioning.declared_at = declared_at
        positioning.save(update_fields=["declared_at"])
    return positioning


def make_campus(name: str = "Linhai University", city: str = "Linhai") -> Campus:
    return Campus.objects.named(name, city)


def make_note(
    author: User,
    title: str = "",
    *,
    tags: Sequence[str] = (),
    photos: int = 0,
    published_at: datetime | None = None,
    **fields: Any,
) -> Note:
    """A published public note; `photos` of its own are ready but have no files."""
    when = published_at or timezone.now()
    published = {"status": Note.Status.PUBLISHED, "published_at": when}
    note = Note.objects.create(author=author, title=title or f"Note {next(_number)}", **published | fields)
    pictures = [make_photo(author, note=note, position=position) for position in range(photos)]
    if pictures:
        note.cover = pictures[0]
        note.save(update_fields=["cover"])
    if tags:
        note.tags.set(tags_named(tags))
    if "@" in note.body:
        with transaction.atomic():
            record_mentions(note=note)
    return note


def make_draft(author: User, title: str = "", **fields: Any) -> Note:
    unpublished = {"status": Note.Status.DRAFT, "published_at": None}
    return Note.objects.create(author=author, title=title or f"Draft {next(_number)}", **unpublished | fields)


def edit_note(note: Note, **changes: Any) -> NoteVersion:
    """Change these fields of a published note as an edit does. Return the version before."""
    before = version_of(note)
    Note.objects.filter(pk=note.pk).update(**changes)
    record_version(before=before)
    note.refresh_from_db()
    return before


def make_photo(owner: User, *, note: Note | None = None, with_files: bool = False, **fields: Any) -> Photo:
    """A ready photo; with files, each rendition and the master is a small real picture of its shape in storage."""
    fields = {"state": Photo.State.READY, "width": 1200, "height": 1600, "snap": 32, "roles": ROLES} | fields
    photo = Photo.objects.create(owner=owner, note=note, **fields)
    names = [(f"{role}.{extension}", format) for role in photo.roles for extension, format in FORMATS]
    names.append(("master.jpg", "JPEG"))
    for name, format in names if with_files else []:
        ratio = photo.snap / 24 if name.startswith("cover") else photo.height / photo.width
        default_storage.save(photo.path(name), ContentFile(picture((96, round(96 * ratio)), format)))
    return photo


def make_comment(author: User, note: Note, body: str = "Well put.", **fields: Any) -> Comment:
    comment = Comment.objects.create(author=author, note=note, body=body, **fields)
    if "@" in body:
        with transaction.atomic():
            record_mentions(note=note, comment=comment)
    return comment


def picture(
    size: tuple[int, int] = (600, 800), format: str = "JPEG", colour: Any = (200, 120, 60), **options: Any
) -> bytes:
    """The bytes of a real picture of one colour; `options` are Pillow's of saving."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, format, **options)
    return stream.getvalue()


def upload(name: str = "photo.jpg", content: bytes | None = None, **options: Any) -> SimpleUploadedFile:
    """A file as a form sends it; `options` are those of `picture`."""
    return SimpleUploadedFile(name, picture(**options) if content is None else content)
