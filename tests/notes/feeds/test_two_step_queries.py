"""Notes of followed people and of holders of a label: two-step queries give the same rows as one plain query."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from core.db.keyset import PAGE_SIZE
from moderation.models import Report
from notes.compose.tagging import tags_named
from notes.feeds import lists
from notes.models import Note, TaggedNote
from profiles.models import Block, Follow, Label, Mute, Positioning, PositioningTopic, User
from profiles.models.relations import Follows
from tests.builders import make_draft, make_note

MOMENTS = [datetime(2026, 11, 1, 12, tzinfo=UTC) + step * timedelta(hours=1) for step in range(12)]
KINDS = ["public"] * 6 + ["followers"] * 3 + ["private"] * 2
STATES = ["published"] * 8 + ["draft", "processing"]

pytestmark = pytest.mark.django_db


def make_crowd(random: Random, viewer: User) -> Label:
    """Forty authors, most of them silent, with every obstacle that may be between them and the viewer."""
    people = User.objects.bulk_create(
        User(
            email=f"{number}@crowd.test",
            handle=f"crowd_{number}",
            name="Crowd",
            password="!",
            approves_followers=random.random() < 0.1,
            suspended_at=MOMENTS[0] if random.random() < 0.1 else None,
        )
        for number in range(40)
    )
    label = Label.objects.worded("Tea person")
    Positioning.objects.bulk_create(
        Positioning(
            person=person,
            label=label,
            wording="Tea person",
            declared_at=MOMENTS[0],
            retired_at=MOMENTS[0] if random.random() < 0.2 else None,
        )
        for person in people
    )
    (tea,) = tags_named(["tea"])
    PositioningTopic.objects.bulk_create(
        PositioningTopic(positioning=said, tag=tea, position=0) for said in Positioning.objects.all()
    )
    muted, keeping_out, kept_out = (random.sample(people, 4) for _ in range(3))
    Mute.objects.bulk_create(Mute(muter=viewer, muted=person) for person in muted)
    Block.objects.bulk_create(Block(blocker=person, blocked=viewer) for person in keeping_out)
    Block.objects.bulk_create(Block(blocker=viewer, blocked=person) for person in kept_out)
    free = [person for person in people if person not in keeping_out + kept_out]
    Follow.objects.bulk_create(Follow(follower=viewer, followed=person) for person in free[:28])
    notes = Note.objects.bulk_create(
        Note(
            author=random.choice(people[:18]),
            title="One",
            status=(state := random.choice(STATES)),
            published_at=None if state == "draft" else random.choice(MOMENTS),
            visibility=random.choice(KINDS),
            hidden_at=MOMENTS[0] if random.random() < 0.1 else None,
        )
        for _ in range(500)
    )
    TaggedNote.objects.bulk_create(
        TaggedNote(content_object=note, tag=tea) for note in notes if random.random() < 0.8
    )
    Report.objects.bulk_create(
        Report(reporter=viewer, note=note, reason="other") for note in random.sample(notes, 30)
    )
    return label


def walk(feed: Any, *what: Any, are_full: bool = True) -> list[int]:
    """The whole feed, page after page; every page but the last is full, where they are."""
    pages = [feed(*what)]
    while pages[-1].after:
        pages.append(feed(*what, pages[-1].after))
    assert all(len(page.rows) == PAGE_SIZE for page, _next in pairwise(pages)) or not are_full
    return [note.pk for page in pages for note in page.rows]


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_as_the_plain_query_says(seed: int, is_staff: bool, charlie: User) -> None:
    charlie.is_staff = is_staff
    charlie.save()
    label = make_crowd(Random(seed), charlie)
    wanted = Note.objects.order_by("-published_at", "-pk").wanted_by(charlie)
    followed = wanted.live().filter(Follows("author", charlie)).meant_for(charlie)
    declaring = Positioning.objects.filter(label=label, retired_at__isnull=True).values("person")
    labelled = wanted.public_to(charlie).filter(author__in=declaring, tags__name="tea")
    assert walk(lists.following, charlie) == list(followed.values_list("pk", flat=True))
    assert walk(lists.labelled, charlie, label, are_full=False) == list(labelled.values_list("pk", flat=True))
    assert followed.count() > PAGE_SIZE
    assert labelled.count() > PAGE_SIZE


def test_who_has_published_is_known(alice: User, bob: User, charlie: User) -> None:
    def heard() -> set[str]:
        return set(User.objects.filter(has_published=True).values_list("handle", flat=True))

    draft = make_draft(alice)
    make_note(bob)
    assert heard() == {"bob"}
    Note.objects.filter(pk=draft.pk).update(status="published", published_at=MOMENTS[0])
    assert heard() == {"alice", "bob"}
    Note.objects.bulk_create([Note(author=charlie, title="One", status="published", published_at=MOMENTS[0])])
    assert heard() == {"alice", "bob", "charlie"}
