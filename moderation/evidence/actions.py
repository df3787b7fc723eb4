"""Take copies of what is reported, and delete them when their case is over.

The request that reports stores the words and locks the rows of the pictures while it holds their folders
(`core.storage.hold`), so that nothing can delete their files. A job copies them, without rendering anything, and lets
the folders go. A job at intervals starts that of pictures again whose job was lost, and deletes what is over.
"""

from base64 import b64encode
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

import imaging
from core.jobs import defer, unfinished
from core.storage import delete_unused, hold, release, sweep
from moderation.evidence.copying import PREFERRED, digest, pictures_of, words_of
from moderation.models import Case, Evidence, Report
from notes.models import Photo

ROOT = "evidence"
ROWS_AT_ONCE = 100


class Unprepared(Exception):
    """A photo is still being prepared: there is nothing to copy yet. Try again later."""


@transaction.atomic
def keep(*, case: Case, target: Any, report: Report | None = None) -> None:
    """Keep words and pictures of the target as they are now, once each version of them a case.

    Call it in the transaction of the report, after `pictures_of` has locked the pictures, and with the target's row
    locked and read anew.
    """
    pictures, words = pictures_of(target), words_of(target)
    version = digest(words, pictures)
    fresh = Evidence(case=case, report=report, digest=version, words=words, pictures=pictures)
    fresh.copied_at = None if pictures else timezone.now()
    Evidence.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = Evidence.objects.filter(case=case, digest=version, folder=fresh.folder).first()
    if kept and pictures:
        hold((picture["folder"] for picture in pictures), kept.holder)
        defer("copy_evidence", evidence_id=kept.pk)


def copy_evidence(evidence_id: int) -> None:
    """Copy the pictures of a version, and let go of their files. Idempotent, also when run twice at once.

    Raises Unprepared and StorageAway: the job is tried again.
    """
    evidence = Evidence.objects.uncopied().filter(pk=evidence_id).first()
    if evidence is None:
        return
    pictures = [_copied(evidence, number) for number in range(len(evidence.pictures))]
    with transaction.atomic():
        waiting = Evidence.objects.uncopied().filter(pk=evidence_id)
        waiting.update(pictures=pictures, copied_at=timezone.now())
        _let_go(evidence)
    _delete_folders(
        [evidence.folder]
    )  # unless a row has it: the case may be over, and the copies came too late


def _copied(evidence: Evidence, number: int) -> dict[str, Any]:
    """Return the picture of this number once it is copied, or as lost where there is no file."""
    picture: dict[str, Any] = evidence.pictures[number]
    for name in dict.fromkeys([picture["file"], *PREFERRED] if picture["file"] else PREFERRED):
        try:
            with default_storage.open(f"{picture['folder']}/{name}") as file:
                content = file.read()
        except FileNotFoundError:
            continue
        default_storage.save(evidence.path(number), ContentFile(content))
        small = b64encode(imaging.blurred(BytesIO(content))).decode()
        kept = {"alt": picture["alt"], "photo": picture["photo"], "folder": ""}
        return kept | {"blurred": small, "size": len(content)}
    if picture["photo"] and Photo.objects.waiting().filter(pk=picture["photo"]).exists():
        raise Unprepared
    return {"alt": picture["alt"], "folder": "", "is_lost": True}


def resume_copies() -> None:
    """Start the copying of pictures again whose job was lost, or gave up."""
    waiting = list(Evidence.objects.uncopied().order_by("pk").values_list("pk", flat=True))
    # Queried second: a row and its job are committed in one transaction.
    in_hand = unfinished("copy_evidence", "evidence_id")
    for pk in waiting:
        if pk not in in_hand:
            defer("copy_evidence", evidence_id=pk)


def clear_evidence() -> None:
    """Delete what is over, rows first and files after the commit. Idempotent."""
    while _clear_some():
        pass


@transaction.atomic
def _clear_some() -> bool:
    over = Evidence.objects.over().select_for_update(of=["self"]).order_by("pk")[:ROWS_AT_ONCE]
    chosen = list(over)
    for evidence in chosen:
        _let_go(evidence)
    Evidence.objects.filter(pk__in=[evidence.pk for evidence in chosen]).delete()
    if chosen:
        defer("delete_evidence_files", folders=[evidence.folder for evidence in chosen])
    return bool(chosen)


def delete_evidence_files(folders: list[str]) -> None:
    """Delete the copies in these folders unless a row still has them. Idempotent."""
    _delete_folders(folders)


def sweep_evidence(*, turn: int) -> None:
    """Delete old files that no row refers to. They remain when a process is killed between file and row."""
    sweep(ROOT, turn, _used)


def _delete_folders(folders: list[str]) -> None:
    delete_unused(ROOT, folders, _used)


def _used(folders: list[str]) -> set[str]:
    return set(Evidence.objects.filter(folder__in=folders).values_list("folder", flat=True))


def _let_go(evidence: Evidence) -> None:
    """Let go of the folders, and have those deleted whose row went away meanwhile."""
    folders = release(evidence.holder)
    photos = [path.removeprefix("photos/") for path in folders if path.startswith("photos/")]
    if photos:
        defer("delete_files", folders=photos)
    for path in folders:
        if path.startswith("avatars/"):
            defer("delete_avatar_files", folder=path.removeprefix("avatars/"))
