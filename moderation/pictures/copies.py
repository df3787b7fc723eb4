"""The same words or photos by several accounts within an hour: a case for moderators, which hides nothing."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core.db.alike import NEAR, distance, is_near
from imaging import SAYS_NOTHING
from moderation.cases.actions import case_of, open_case
from moderation.decisions.rows import lock
from moderation.evidence.actions import keep
from moderation.models import Case, Finding, RecentWords, Rule, Step
from moderation.pictures.findings import found
from notes.models import Note, Photo

WITHIN = timedelta(hours=1)
ACCOUNTS = 3
SHORTEST = 40  # letters and digits; a greeting or a quote says nothing of who copied it
MOST = 200  # notes of a group that are looked at
FORGOTTEN_AFTER = timedelta(days=1)
RULE = "advertising"
_LOCK = 20261128


def digest_of(note: Note) -> int | None:
    """Return the hash of what the note says, without case, spaces, signs and widths; None if it says too little."""
    plain = unicodedata.normalize("NFKC", f"{note.title}{note.body}").casefold()
    said = re.sub(r"[\W_]+", "", plain)
    if len(said) < SHORTEST:
        return None
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], signed=True)


def find_copies(*, note: Note) -> Case | None:
    """Open a case about the note if at least ACCOUNTS people published the same words, or photos that look the same,
    within an hour; or join the case of the first of them that has one. Idempotent.
    """
    at = note.published_at
    if at is None or timezone.now() - at > WITHIN or note.visibility != Note.Visibility.PUBLIC:
        RecentWords.objects.filter(note=note).delete()
        return None
    digest = digest_of(note)
    if digest is None:
        RecentWords.objects.filter(note=note).delete()
    else:
        fresh = RecentWords(note=note, digest=digest, published_at=at)
        RecentWords.objects.bulk_create(
            [fresh], update_conflicts=True, unique_fields=["note"], update_fields=["digest", "published_at"]
        )
    alike = {*_with_words(note, digest), *_with_photos(note)}
    authors = set(Note.objects.filter(pk__in=alike).values_list("author", flat=True)) | {note.author_id}
    return _report(note, alike | {note.pk}) if len(authors) >= ACCOUNTS else None


def _with_words(note: Note, digest: int | None) -> Iterable[int]:
    """Return the notes of others with the same words, of the hour before this one."""
    if digest is None:
        return ()
    since = (note.published_at or timezone.now()) - WITHIN
    same = RecentWords.objects.filter(digest=digest, published_at__gte=since).exclude(
        note__author=note.author_id
    )
    return same.order_by("published_at").values_list("note", flat=True)[:MOST]


def _with_photos(note: Note) -> Iterable[int]:
    """Return the notes of others, of the hour before this one, with a photo that looks like one of this."""
    since = (note.published_at or timezone.now()) - WITHIN
    prints = Photo.objects.filter(note=note, fingerprint__isnull=False).exclude(fingerprint=SAYS_NOTHING)
    for number in prints.values_list("fingerprint", flat=True):
        if number is None:
            continue
        near = Photo.objects.filter(is_near("fingerprint", [number]), note__published_at__gte=since)
        near = near.filter(note__visibility=Note.Visibility.PUBLIC)
        near = near.exclude(owner=note.author_id).annotate(far=distance("fingerprint", number))
        yield from near.filter(far__lte=NEAR).values_list("note", flat=True)[:MOST]


@transaction.atomic
def _report(note: Note, group: set[int]) -> Case | None:
    """Open one case for the group. Of two at once, the second joins the first's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    is_there, _subject, _case = lock(case_of(note), Step.HIDE)
    now = Note.objects.filter(pk=note.pk).first() if is_there else None
    if now is None:
        return None
    lately = timezone.now() - 2 * WITHIN
    known = Finding.objects.filter(
        kind=Finding.Kind.COPIES, about__overlap=sorted(group), created_at__gte=lately
    )
    known = known.filter(
        Q(case__closed_at=None) | Q(about__contains=[note.pk])
    )  # what was decided is not joined
    before = known.select_related("case", "rule").order_by("pk").first()
    case = before.case if before else open_case(target=now)
    if before is None:
        keep(case=case, target=now)
    rule = Rule.objects.in_force().filter(slug=RULE).first()
    found(case=case, kind=Finding.Kind.COPIES, rule=rule, about=group)
    return case


def forget_recent_words() -> None:
    """Delete the hashes that nothing is compared with any more."""
    RecentWords.objects.filter(published_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
