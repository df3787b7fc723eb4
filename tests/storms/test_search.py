"""Notes are written, tagged, closed, hidden and deleted while a job reads them: every document is right afterwards."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from taggit.models import Tag

from notes.compose.tagging import set_tags, tags_named
from notes.models import Note
from notes.reactions.actions import like, unlike
from notes.tags import merge_tag
from people.actions.campuses import merge_campus
from profiles.models import Campus, User
from search.documents import renames, writing
from search.models import Document, NoteWords, Rename
from search.recount import wrong_documents
from tests.builders import make_campus, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)
NOTES, AT_ONCE = 12, 8
WORDS = ("tea", "咖啡", "library", "图书馆", "running", "食堂")


def chosen(random: Random) -> int:
    return random.choice(list(Note.objects.values_list("pk", flat=True)) or [0])


def edit(random: Random, person: User) -> None:
    Note.objects.filter(pk=chosen(random)).update(body=random.choice(WORDS), title=random.choice(WORDS))


def close(random: Random, person: User) -> None:
    hidden = random.choice([None, timezone.now()])
    visibility = random.choice(["public", "followers", "private"])
    Note.objects.filter(pk=chosen(random)).update(visibility=visibility, hidden_at=hidden)


def withdraw(random: Random, person: User) -> None:
    Note.objects.filter(pk=chosen(random)).update(status=random.choice(["processing", "published"]))


@transaction.atomic
def tag(random: Random, person: User) -> None:
    tags = tags_named(random.sample(WORDS, 2))
    note = Note.objects.filter(pk=chosen(random)).select_for_update(no_key=True).first()
    if note:
        set_tags(note, tags)


def merge(random: Random, person: User) -> None:
    one, other = random.sample(WORDS, 2)
    made, into = (Tag.objects.filter(name=name).first() for name in (one, other))
    if made and into:
        merge_tag(tag=made, into=into)


@transaction.atomic
def move(random: Random, person: User) -> None:
    campus = Campus.objects.named(random.choice(["North", "South", "West"]))
    Note.objects.filter(pk=chosen(random)).update(campus=campus)


def rename(random: Random, person: User) -> None:
    Campus.objects.filter(normal=random.choice(["north", "south"])).update(
        name=f"Campus {random.choice(WORDS)}"
    )


def merge_campuses(random: Random, person: User) -> None:
    campus = Campus.objects.filter(normal="west", merged_into=None).first()
    if campus:
        merge_campus(campus=campus, into=Campus.objects.get(normal="north"))


@transaction.atomic
def delete(random: Random, person: User) -> None:
    notes = Note.objects.filter(pk=chosen(random))
    notes.lock()
    notes.delete()


def publish(random: Random, person: User) -> None:
    make_note(person, random.choice(WORDS), body=random.choice(WORDS))


def react(random: Random, person: User) -> None:
    note = Note.objects.filter(pk=chosen(random)).first()
    with suppress(IntegrityError):  # it was deleted meanwhile
        if note:
            random.choice([like, unlike])(person=person, note=note)


def read(random: Random, person: User) -> None:
    writing.write_due(seconds=0.1)


ACTS: list[Callable[[Random, User], None]] = [
    *(
        edit,
        close,
        withdraw,
        tag,
        tag,
        merge,
        move,
        rename,
        merge_campuses,
        delete,
        publish,
        publish,
        react,
        read,
    )
]


def storm(seed: int, person: User, until: float) -> int:
    """Do one thing after another on a connection of its own; return how many."""
    random, done = Random(seed), 0
    try:
        while time.monotonic() < until:
            random.choice(ACTS)(random, person)
            done += 1
    finally:
        connection.close()
    return done


@pytest.mark.parametrize("seconds", [3, pytest.param(120, marks=pytest.mark.long)])
def test_documents_are_right_after_a_storm(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renames, "SETTLED_AFTER", timedelta(seconds=1))
    people = [make_person() for _ in range(AT_ONCE)]
    for name in ("North", "South", "West"):
        make_campus(name)
    for number in range(NOTES):
        make_note(people[0], f"Note {number}", tags=WORDS[:2])
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE) as workers:
        done = [workers.submit(storm, seed, person, until) for seed, person in enumerate(people)]
    assert sum(each.result() for each in done) > 10 * seconds

    time.sleep(1)
    assert not writing.write_due(seconds=60)
    assert not Rename.objects.exists()
    assert not NoteWords.objects.filter(version=0).exists()
    assert [words for words, _ in wrong_documents()] == []
    assert Document.objects.count() == Note.objects.filter(status="published").count()
