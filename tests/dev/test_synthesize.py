"""`manage.py synthesize` adds a complete community: counters, labels, threads, files."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Exists, F, OuterRef

from notes.models import Collect, Comment, Like, Note, NoteReader, Photo, TaggedNote
from profiles.models import Follow, Positioning, User
from tests.builders import make_note, make_person

SMALL = {
    "people": 40,
    "notes": 120,
    "likes": 400,
    "collects": 150,
    "comments": 200,
    "readers": 300,
    "follows": 150,
    "photos": 1,
}

pytestmark = pytest.mark.django_db(transaction=True)


def synthesize(**options: int) -> None:
    call_command("synthesize", **SMALL | options, stdout=io.StringIO())


def test_it_adds_what_is_asked_for_beside_what_is_there() -> None:
    own = make_note(make_person("alice"), "Mine")
    synthesize()
    numbers = {
        "people": User.objects.count() - 1,
        "notes": Note.objects.count() - 1,
        **{model.__name__.lower() + "s": model.objects.count() for model in (Like, Collect, Comment, Follow)},
        "photos": Photo.objects.values("folder").distinct().count(),
    }
    others = NoteReader.objects.filter(engaged_day=None).count()
    assert numbers == {name: number for name, number in SMALL.items() if name != "readers"}
    assert SMALL["readers"] / 2 < others <= SMALL["readers"], "A few notes have everybody among 40 people."
    own.refresh_from_db()
    assert (own.title, own.like_count, own.comment_count) == ("Mine", 0, 0)


def test_counters_are_those_that_would_be_counted() -> None:
    synthesize()
    call_command("recount", stdout=io.StringIO())  # exits where one differs


def test_its_rows_are_such_as_people_could_have_made() -> None:
    synthesize()
    assert not Comment.objects.filter(parent__isnull=False).exclude(parent__note=F("note")).exists()
    assert not Comment.objects.filter(parent__parent__isnull=False).exists()
    assert not Comment.objects.filter(parent__isnull=False, created_at__lt=F("parent__created_at")).exists()
    assert not Like.objects.filter(created_at__lt=F("note__published_at")).exists()
    assert not Note.objects.exclude(cover=None).exclude(cover__note=F("pk")).exists()
    assert not Note.objects.exclude(positioning=None).exclude(positioning__person=F("author")).exists()
    assert not Note.objects.filter(positioning__declared_at__gt=F("published_at")).exists()
    assert not Note.objects.exclude(visibility="public").filter(like_count__gt=0).exists()
    for answers, who in ((Like, "person"), (Collect, "person"), (Comment, "author")):
        own = answers.objects.filter(note=OuterRef("note"), **{who: OuterRef("person")})
        assert not NoteReader.objects.filter(Exists(own), engaged_day=None).exists()
        readers = NoteReader.objects.filter(note=OuterRef("note"), person=OuterRef(who))
        by_others = answers.objects.exclude(**{who: F("note__author")})
        assert not by_others.exclude(Exists(readers)).exists()
    assert not NoteReader.objects.filter(person=F("note__author")).exists()
    assert not NoteReader.objects.filter(first_seen_day__lt=F("note__published_at__date")).exists()
    assert Positioning.objects.current().exists()
    assert all(note.tags.exists() for note in Note.objects.all())
    listed = TaggedNote.objects.filter(listed_at=F("content_object__published_at"))
    assert listed.count() == TaggedNote.objects.filter(content_object__visibility="public").count()
    assert listed.count() == TaggedNote.objects.exclude(listed_at=None).count()
    photo = Photo.objects.first()
    assert photo
    assert all(default_storage.exists(photo.path(f"{role}.avif")) for role in photo.roles)


@pytest.mark.long
def test_the_same_seed_makes_the_same_community_again() -> None:
    synthesize(seed=7)
    synthesize(seed=7)
    synthesize(seed=8)
    titles = list(Note.objects.order_by("pk").values_list("title", "like_count", "body"))
    first, again, other = (titles[start : start + SMALL["notes"]] for start in (0, 120, 240))
    assert first == again != other


def test_few_get_most() -> None:
    synthesize(people=200, notes=400, likes=4000)
    likes = sorted(Note.objects.values_list("like_count", flat=True), reverse=True)
    assert sum(likes[:80]) > sum(likes) / 2
    assert Note.objects.values("author").distinct().count() < 60


@pytest.mark.parametrize("size", [{"follows": 40 * 40}, {"likes": 120 * 40}])
def test_it_refuses_more_than_so_few_people_can_do(size: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="cannot have"):
        synthesize(**size)
    assert not Note.objects.exists()
