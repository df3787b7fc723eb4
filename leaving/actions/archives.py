"""The life of an archive, from the request until a day after it was ready."""

from datetime import timedelta
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from core.ids import random_name
from core.jobs import defer, unfinished
from leaving.models import KEEP, Archive
from leaving.writing import write_archive
from profiles.models import User

FOLDER = "archives"
KEEP_UNUSED = timedelta(hours=1)  # a file stands in storage a moment before its row names it


def ask_archive(*, person: User, site: str, language: str) -> bool:
    """Request an archive unless one is being made; return whether it is new.

    `site` is the site's address, for links in the archive and the mail; `language` the person's language.
    """
    try:
        with transaction.atomic():
            archive = Archive.objects.create(person=person)
    except IntegrityError:
        return False
    defer("make_archive", archive_id=archive.pk, site=site, language=language)
    return True


def make_archive(archive_id: int, site: str, language: str) -> None:
    """Write a requested archive, and notify its owner. Idempotent, also when run twice at once: each run writes a
    file of its own, and one becomes the archive's.
    """
    archive = Archive.objects.being_made().select_related("person__campus").filter(pk=archive_id).first()
    if archive is None:
        return
    archive.name = random_name()
    is_shown = False
    try:
        with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            with translation.override(language), timezone.override(archive.person.zone):
                write_archive(archive.person, site, file)
            archive.size = file.tell()
            file.seek(0)
            default_storage.save(archive.path, File(file))
        is_shown = _show(archive, site, language)
    finally:
        if not is_shown:
            default_storage.delete(archive.path)


@transaction.atomic
def _show(archive: Archive, site: str, language: str) -> bool:
    """Offer the file for download, in place of older ones. Return False if the request was withdrawn."""
    waiting = Archive.objects.being_made().filter(pk=archive.pk)
    found = waiting.update(
        state=Archive.State.READY, name=archive.name, size=archive.size, ready_at=timezone.now()
    )
    if found:
        Archive.objects.filter(person=archive.person).exclude(pk=archive.pk).update(
            ready_at=timezone.now() - KEEP
        )
        defer("send_letter", letter="ready", person_id=archive.person_id, site=site, language=language)
    return bool(found)


def delete_archives(*, person: User) -> None:
    for archive in Archive.objects.filter(person=person):
        _delete(archive)


def sweep_archives() -> None:
    """Expire archives after a day, fail those without a job, and delete files that no archive names."""
    long_ago = timezone.now() - KEEP
    for archive in Archive.objects.filter(ready_at__lte=long_ago):
        _delete(archive)
    waiting = list(Archive.objects.being_made())
    # Queried second: an archive and its job are committed in one transaction.
    in_hand = unfinished("make_archive", "archive_id")
    given_up = [archive.pk for archive in waiting if archive.pk not in in_hand]
    Archive.objects.being_made().filter(pk__in=given_up).update(state=Archive.State.FAILED)
    Archive.objects.filter(state=Archive.State.FAILED, asked_at__lte=long_ago).delete()
    _delete_unnamed()


def _delete(archive: Archive) -> None:
    if archive.name:
        default_storage.delete(archive.path)
    archive.delete()


def _delete_unnamed() -> None:
    """Delete files left by a process that was killed between file and row."""
    try:
        files = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    named = {f"{name}.zip" for name in Archive.objects.exclude(name="").values_list("name", flat=True)}
    for path in (f"{FOLDER}/{file}" for file in files if file not in named):
        if default_storage.get_modified_time(path) < timezone.now() - KEEP_UNUSED:
            default_storage.delete(path)
