"""The demo community: its text passes the site's forms, and it fills an empty database."""

import io
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Sum
from django.test import Client, override_settings
from PIL import Image
from pytest_django import DjangoDbBlocker

from core.text import mentions_in
from dev.demo import community, load, photos
from dev.demo.people import CROWD, PASSWORD
from imaging import Rendered, render
from insights.audience import audience_of
from insights.models import ProfileDay
from insights.words import fields
from notes.feeds import lists
from notes.forms import ALT_MAX, CommentForm, NoteForm
from notes.models import Collect, Comment, Like, Measured, Note, NoteDay, NoteReader, Photo
from notes.models.note import PHOTOS_MAX, TONES
from notifications import queries
from notifications.models import Notification, NotificationGroup
from people.forms import LabelForm
from people.profile_forms import ProfileForm
from profiles.models import Follow, Positioning, User
from tests.builders import QUICK_HASHERS, picture
from tests.rows import rows_of_module

NOTES = [(author, note) for author in community.authors() for note in author.notes]
PUBLISHED = [note for _, note in NOTES if note.visibility == "public" and note.status == "published"]
NUMBER = 120  # of public notes
CREATOR = next(author for author in community.authors() if author.handle == community.signins()["creator"])
REAL_PICTURES = photos.render_all  # whatever `dull` puts in its place
HANDLES = {person.handle for person in community.people()}


def comments(note: community.Note) -> Iterator[community.Comment]:
    return chain.from_iterable((comment, *comment.replies) for comment in note.comments)


@pytest.mark.parametrize("note", [note for _, note in NOTES], ids=lambda note: note.title)
def test_a_note_passes_the_form_and_names_people_and_pictures_there_are(note: community.Note) -> None:
    words = {"title": note.title, "body": note.story, "tags": ", ".join(note.tags), "place": note.place}
    choices = {"visibility": note.visibility, "disclosure": note.disclosure, "partner": note.partner}
    form = NoteForm(words | choices)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["body"] == note.story
    assert form.cleaned_data["partner"] == note.partner
    for comment in comments(note):
        assert CommentForm({"body": comment.body}).is_valid()
    assert {comment.handle for comment in comments(note)} <= HANDLES
    assert set(mentions_in(note.story)) <= HANDLES
    assert set(note.photos) <= set(photos.pictures())
    assert len(note.photos) <= PHOTOS_MAX
    assert note.tone in TONES
    assert note.collects <= note.likes < len(HANDLES) + CROWD
    assert note.follows <= note.likes
    assert note.readers is None or note.likes + len(note.comments) <= note.readers < len(HANDLES) + CROWD


@pytest.mark.parametrize("person", community.people(), ids=lambda person: person.handle)
def test_what_a_person_says_of_themselves_passes_the_forms(person: community.Person, db: None) -> None:
    campus = community.campuses()[person.campus]
    form = ProfileForm(
        {"handle": person.handle, "name": person.name, "bio": person.bio}
        | {"campus": campus.name, "city": campus.city, "stage": person.stage},
        person=User(pk=0),
    )
    assert form.is_valid(), form.errors
    assert person.avatar in {"", *photos.pictures()}
    ages = [label.days for label in person.labels]
    assert ages == sorted(ages, reverse=True)


@pytest.mark.parametrize(
    "label",
    {label.wording: label for person in community.people() for label in person.labels}.values(),
    ids=lambda label: label.wording,
)
def test_a_label_passes_its_form(label: community.Label) -> None:
    topics = ", ".join(label.topics)
    form = LabelForm(
        {"label": label.wording, "statement": label.statement, "topics": topics, "audience": label.audience}
    )
    assert form.is_valid(), form.errors


def test_the_crowd_has_handles_of_its_own() -> None:
    handles = [handle for handle, _ in community.crowd(CROWD, Random(1))]
    assert len({handle.lower() for handle in (*handles, *HANDLES)}) == CROWD + len(HANDLES)


def test_about_half_of_the_notes_are_chinese_and_a_quarter_have_text_covers() -> None:
    assert len(PUBLISHED) == NUMBER
    assert 0.45 <= sum(note.is_chinese for note in PUBLISHED) / NUMBER <= 0.55
    assert 0.2 <= sum(not note.photos for note in PUBLISHED) / NUMBER <= 0.3
    assert max(len(note.photos) for note in PUBLISHED) == 9
    assert {note.disclosure for note in PUBLISHED} == {"none", "gifted", "paid", "own"}


def test_a_note_of_mixed_shapes_begins_with_a_landscape() -> None:
    shapes = [[photos.pictures()[name].ratio for name in note.photos] for note in PUBLISHED if note.photos]
    assert any(first < 1 < max(others, default=0) for first, *others in shapes)


def test_no_two_notes_have_the_same_cover() -> None:
    covers = [note.photos[0] for note in PUBLISHED if note.photos]
    assert len(covers) == len(set(covers))


@pytest.mark.parametrize("name", photos.pictures())
def test_a_picture_is_described_and_cut_from_within_its_photograph(name: str) -> None:
    facts = photos.pictures()[name]
    assert community.CHINESE.search(facts.zh)
    assert not community.CHINESE.search(facts.en)
    assert max(len(facts.en), len(facts.zh)) <= ALT_MAX
    assert 9 / 16 <= facts.ratio <= 4 / 3
    assert bool(facts.print) != bool(facts.photo)
    if facts.photo:
        with Image.open(str(files("interior_photos") / "images" / f"pexels-{facts.photo}.jpg")) as photograph:
            left, top, width = facts.at
            height = width * photograph.width * facts.ratio / photograph.height
            assert left + width <= 100
            assert top + height <= 100.1
            assert width / 100 * photograph.width >= 600


def test_a_photograph_and_a_print_are_rendered_like_uploads() -> None:
    rendered = dict(REAL_PICTURES(["pink_cafe", "knit"]))
    assert [(photo.width, photo.height, photo.snap) for photo in rendered.values()] == [
        (1080, 1440, 32),
        (1080, 810, 18),
    ]
    assert {part.role for part in rendered["pink_cafe"].renditions} == {
        "320",
        "640",
        "1080",
        "cover320",
        "cover480",
        "cover960",
    }


def said() -> str:
    output = io.StringIO()
    call_command("demo", stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def dull() -> Iterator[None]:
    """One dull picture for all."""
    picture_of_all: Rendered = render(io.BytesIO(picture()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(photos, "render_all", lambda names: ((name, picture_of_all) for name in names))
        patch.setattr(photos, "jpeg", lambda name: picture((96, 96)))
        yield


def test_it_fills_all_or_nothing(db: None, dull: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it fails once all people, with their labels and pictures, are written."""
    monkeypatch.setattr(load, "NoteLoader", lambda *written: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load.fill()
    assert load.is_empty()


def test_without_the_photographs_the_command_says_where_they_come_from(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(names: object) -> None:
        raise ModuleNotFoundError("No module named 'interior_photos'")

    monkeypatch.setattr(photos, "render_all", missing)
    settings.DEMO = True
    with pytest.raises(CommandError, match="uv sync --group demo"):
        said()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker, dull: None) -> Iterator[str]:
    """Fill the database once for the tests below, each of which undoes what it changes; return what was said.

    The statistics are those of tables that held rows and are empty, as autovacuum may have left them. What earlier
    tests undid still lies in the tables' files until then, and takes half of the time.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with rows_of_module(django_db_blocker), override_settings(DEMO=True, PASSWORD_HASHERS=QUICK_HASHERS):
        with django_db_blocker.unblock():
            printed = said()
        yield printed


@pytest.fixture
def filled(demo: str, db: None, settings: Any) -> str:
    settings.DEMO = True
    return demo


def test_an_empty_database_is_filled_once(filled: str) -> None:
    assert Note.objects.public().count() == NUMBER
    assert User.objects.count() == len(HANDLES) + CROWD
    assert all(person.is_verified for person in User.objects.all())
    assert Photo.objects.filter(state="ready").exclude(alt="").count() == sum(
        len(note.photos) for _, note in NOTES
    )
    assert Like.objects.count() == sum(note.likes for _, note in NOTES)
    assert Collect.objects.count() == sum(note.collects for _, note in NOTES)
    assert Comment.objects.filter(parent__isnull=False).exists()
    assert Follow.objects.exists()
    assert Positioning.objects.filter(retired_at__isnull=False).exists()
    assert not Note.objects.filter(positioning__isnull=True).exists()
    readers = NoteReader.objects.filter(note__in=Note.objects.public())
    assert readers.values("note").distinct().count() == NUMBER
    assert readers.exclude(engaged_day=None).count() < readers.count()
    assert not readers.filter(person=F("note__author")).exists()
    assert NoteDay.objects.filter(visits__gt=0).exists()
    assert readers.filter(reached__gt=1).exists()
    assert ProfileDay.objects.filter(visits__gt=0).exists()
    assert Follow.objects.filter(from_note__isnull=False).exists()
    assert len(set(Measured.objects.values_list("since", flat=True))) == 1
    assert User.objects.filter(shares_stage=True).values("stage").distinct().count() == 3
    assert not User.objects.filter(shares_stage=True, stage="").exists()
    sums = NoteDay.objects.aggregate(shown=Sum("shown"), opened=Sum("opened"), visits=Sum("visits"))
    assert sums["shown"] > 3 * sums["opened"] > 3 * readers.count() > 0
    call_command("recount", stdout=io.StringIO())
    assert "There are people here already" in said()
    assert Note.objects.public().count() == NUMBER


def test_cards_that_stand_together_show_different_photographs(filled: str) -> None:
    pictures = photos.pictures()
    by_title = {note.title: pictures[note.photos[0]] for note in PUBLISHED if note.photos}
    page = lists.explore(AnonymousUser())
    shown = page.rows + lists.explore(AnonymousUser(), page.after).rows
    sources = [by_title[note.title].photo or by_title[note.title].print for note in shown if note.cover]
    for place, source in enumerate(sources):
        assert source not in sources[place + 1 : place + 9]


def test_the_creator_meets_who_reads_and_how_she_is_seen(filled: str) -> None:
    creator = User.objects.get(email="creator@redbook.test")
    shares = audience_of(creator).shares
    assert len(shares) == 2
    assert all(share.tenths in range(2, 8) for share in shares)
    found = fields(creator)
    names = [{each.name for each in field} for field in (found.both, found.said, found.seen, found.neither)]
    both, said, seen, neither = names
    assert "daily life" in both
    assert "dorm" in said
    assert {"exact", "calm", "study spots"} <= seen
    assert "tidy" in neither


def spans_told(person: User) -> list[tuple[queries.Span, list[queries.Item]]]:
    """Return the spans of all pages of the person's notifications: at some hours the first page lies within one."""
    page = queries.page(person)
    spans = [*page.spans]
    while page.after:
        page = queries.page(person, page.after)
        spans += page.spans
    return spans


def test_notifications_are_dated_by_what_they_are_about(filled: str) -> None:
    told = Notification.objects.select_related("group").order_by("pk")
    times = [each.created_at for each in told]
    assert times == sorted(times)
    assert len(set(times)) > len(times) / 2
    assert {each.pk for each in told} >= {group.newest for group in NotificationGroup.objects.all()}
    spans = spans_told(User.objects.get(handle=CREATOR.handle))
    assert len({span for span, _items in spans}) > 1
    assert {item.is_unread for _span, items in spans for item in items} == {True, False}


def test_a_newcomer_can_sign_in_as_a_student_a_creator_and_a_moderator(filled: str, client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    for purpose in ("student", "creator", "moderator"):
        address = f"{purpose}@redbook.test"
        assert address in filled
        assert address in page
        browser = Client()
        browser.post("/accounts/login/", {"login": address, "password": PASSWORD})
        assert browser.get("/settings/profile/").status_code == 200
        assert (browser.get("/admin/").status_code == 200) is (purpose == "moderator")
    assert PASSWORD in page
    assert "Pexels" in client.get("/about/").content.decode()


def test_nothing_of_it_is_shown_or_loaded_without_demo(filled: str, client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert PASSWORD not in client.get("/accounts/login/").content.decode()
    assert "Pexels" not in client.get("/about/").content.decode()
    with pytest.raises(CommandError, match="DEMO"):
        said()
