"""Communities of one crowd and more and more notes, and the feeds to measure in them."""

from dataclasses import dataclass
from random import Random

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from notes.explore.epochs import write_epoch
from notes.models import Note
from profiles.models import Campus, Follow, Label, Positioning, User

PEOPLE, FOLLOWS = 20_000, 100_000
FOLLOWED, HEARD, POSTED = 2_000, 400, 500
READER, WRITER = "follows_2000", "posted_500"


@dataclass(frozen=True)
class Feed:
    name: str
    path: str


def fill(notes: int) -> None:
    """Load notes by a fifth of the people into an empty database, a reader who follows 2,000, and a writer."""
    call_command("prepare")
    if not Note.objects.exists():
        _load(notes)
    write_epoch(made_at=timezone.now())


def _load(notes: int) -> None:
    sizes = {"likes": 2 * notes, "collects": notes // 2, "comments": notes // 2}
    call_command("synthesize", people=PEOPLE, follows=FOLLOWS, notes=notes, **sizes)
    _add_reader()
    _add_writer()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def _add_reader() -> None:
    """Add a person who follows 2,000 people: 400 of the thousand who post most, and others who never posted."""
    reader, random = User.objects.create_user(f"{READER}@redbook.test", READER), Random(1)  # noqa: S311
    crowd = User.objects.exclude(pk=reader.pk)
    busy = (
        crowd.annotate(posted=Count("notes")).order_by("-posted", "pk")[:1_000].values_list("pk", flat=True)
    )
    silent = crowd.filter(has_published=False).order_by("pk").values_list("pk", flat=True)
    followed = random.sample(list(busy), HEARD) + random.sample(list(silent), FOLLOWED - HEARD)
    Follow.objects.bulk_create(Follow(follower=reader, followed_id=pk) for pk in followed)


@transaction.atomic
def _add_writer() -> None:
    """Make one person the author of 500 of the notes, spread over all times."""
    writer = User.objects.create_user(f"{WRITER}@redbook.test", WRITER)
    keys = list(Note.objects.public().order_by("pk").values_list("pk", flat=True))
    Note.objects.filter(pk__in=Random(2).sample(keys, POSTED)).update(author=writer)  # noqa: S311


def reader() -> User:
    return User.objects.get(handle=READER)


def feeds() -> list[Feed]:
    """Return every feed. The campus has a tenth of all notes, the tag a hundredth; most people declare the label."""
    total = Note.objects.count()
    campus = _closest(Campus.objects.annotate(number=Count("notes")), total / 10)
    tag = _closest(Tag.objects.annotate(number=Count("notes_taggednote_items")), total / 100)
    now = (
        Positioning.objects.current()
        .values("label")
        .annotate(number=Count("pk"))
        .order_by("-number", "label")
    )
    label = Label.objects.get(pk=now[0]["label"])
    channel = f"/?channel={tag.slug}"
    return [
        Feed("explore", "/?sort=best"),
        Feed("latest", "/?sort=latest"),
        Feed("following, 2,000 people", "/following/"),
        Feed("tag, a hundredth of all notes", reverse("tag", args=[tag.slug])),
        Feed("channel, best", channel),
        Feed("channel, latest", f"{channel}&sort=latest"),
        Feed("campus, a tenth of all notes", campus.get_absolute_url()),
        Feed("label, declared by most", label.get_absolute_url()),
        Feed("people of that label", f"{label.get_absolute_url()}?people="),
        Feed("profile, 500 notes", f"/@{WRITER}/"),
    ]


def _closest[Row: (Campus, Tag)](rows: QuerySet[Row], number: float) -> Row:
    return min(rows, key=lambda row: abs(row.number - number))  # type: ignore[attr-defined]
