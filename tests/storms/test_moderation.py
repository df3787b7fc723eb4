"""Decisions at once, by processes of their own: of two one is made, and states, decisions and log agree."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from core.models import AuditEntry
from moderation.actions import report_named
from moderation.decisions.actions import undo
from moderation.models import Case, Decision, Report, Step
from notes.models import Note, Photo
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_note, make_person
from tests.moderation.builders import make_rules, reported
from tests.servers import PROJECT, Process, WebServer, manage
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, crowd, session

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [4, pytest.param(40, marks=pytest.mark.long)]


@pytest.fixture
def moderators(db: None) -> list[User]:
    make_rules()
    made = [make_person("mona"), make_person("milo")]
    for person in made:
        appoint(person=person)
    return made


def assert_all_is_right() -> None:
    """What is hidden and suspended is what decisions in force say, each of them logged, no case half decided."""
    call_command("recount", stdout=StringIO())  # exits where anything differs
    standing = Decision.objects.in_force()
    hidden = standing.filter(step=Step.HIDE, case__kind="note", case__note__isnull=False)
    assert set(Note.objects.filter(hidden_at__isnull=False).values_list("pk", flat=True)) == set(
        hidden.values_list("case__number", flat=True)
    )
    suspended = standing.filter(step=Step.SUSPEND, subject__isnull=False)
    assert set(User.objects.filter(suspended_at__isnull=False).values_list("pk", flat=True)) == set(
        suspended.values_list("subject", flat=True)
    )
    for action, rows in (
        ("decided", Decision.objects.all()),
        ("undone", Decision.objects.filter(undone_at__isnull=False)),
    ):
        logged = AuditEntry.objects.filter(action=action).values_list("decision_number", flat=True)
        assert sorted(filter(None, logged)) == sorted(rows.values_list("pk", flat=True)), action
    decided = Case.objects.filter(decisions__undone_at__isnull=True, decisions__isnull=False)
    assert not decided.filter(closed_at__isnull=True).exists()
    assert not Report.objects.open().filter(case__closed_at__isnull=False).exists()


@pytest.mark.parametrize("number", SIZES)
def test_two_moderators_decide_about_the_same(
    web_server: WebServer, moderators: list[User], number: int
) -> None:
    notes = [make_note(make_person()) for _ in range(number)]
    for note in notes:
        reported(note)
    posts = [
        Post(session(by), f"/admin/notes/note/{note.pk}/hide/", (("reason", f"Rude, says {by.handle}"),))
        for note in notes
        for by in moderators
    ]
    statuses = storm(web_server.port, posts)
    assert statuses == {303: number, 409: number}
    assert Decision.objects.count() == number
    assert not Case.objects.open().exists()
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_decisions_cross_deletions_reports_and_undoings(
    web_server: WebServer, moderators: list[User], number: int
) -> None:
    author = make_person()
    own, people = session(author), [session(person) for person in crowd(3)]
    staff = [session(by) for by in moderators]
    posts = []
    for _ in range(number):
        note, other = make_note(author), make_note(author)
        reported(note)
        report = (("reason", "harassment"), ("details", "Rude"))
        posts += [
            Post(staff[0], f"/admin/notes/note/{note.pk}/hide/", (("reason", "Rude"),)),
            Post(own, f"/notes/{note.pk}/delete/"),
            *(Post(person, f"/report/?note={other.pk}", report) for person in people),
            Post(staff[1], f"/admin/notes/note/{other.pk}/hide/", (("reason", "Rude"),)),
            Post(own, f"/notes/{other.pk}/delete/"),
            Post(
                staff[0],
                "/admin/notes/note/",
                (("action", "restore"), ("index", "0"), ("_selected_action", str(other.pk))),
            ),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 302, 303, 404, 409), statuses
    assert not Note.objects.exists()
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_many_at_once_cross_single_ones(web_server: WebServer, moderators: list[User], number: int) -> None:
    author = make_person()
    notes = [make_note(author if place % 2 else make_person()) for place in range(number * 2)]
    for note in notes:
        reported(note)
    one, other = map(session, moderators)
    all_of_them = ",".join(str(note.pk) for note in notes)
    posts = [Post(other, f"/admin/notes/note/{note.pk}/hide/", (("reason", "One"),)) for note in notes]
    posts.insert(number, Post(one, f"/admin/notes/note/{all_of_them}/hide/", (("reason", "All"),)))
    posts.append(Post(other, f"/admin/notes/note/{all_of_them}/hide/", (("reason", "Again"),)))
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 409), statuses
    assert Decision.objects.count() == len(notes)
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_what_ends_crosses_what_is_decided_anew(
    web_server: WebServer, moderators: list[User], number: int
) -> None:
    """Suspensions whose time is over end in a worker, while moderators suspend the same people for good."""
    people = [make_person() for _ in range(number * 3)]
    staff = [session(by) for by in moderators]
    posts = [
        Post(staff[0], f"/admin/profiles/user/{each.pk}/suspend/", (("reason", "Spam"),)) for each in people
    ]
    assert storm(web_server.port, posts) == {303: len(posts)}
    Decision.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    ending = Process("ending", [*manage(), "shell", "-v", "0", "-c", _EXPIRE], folder=PROJECT)
    again = [Post(by, post.path, (("reason", "Spam again"),)) for post in posts for by in staff] * 2
    statuses = storm(web_server.port, again)
    assert ending.popen.wait(60) == 0
    assert calm(statuses, 303, 409), statuses
    assert_all_is_right()
    assert not Decision.objects.in_force().filter(ends_at__isnull=False).exists()


_EXPIRE = """
from moderation.decisions.actions import expire
for _ in range(20):
    expire()
"""


@pytest.mark.parametrize("number", SIZES)
def test_a_crowd_reports_one_note(web_server: WebServer, moderators: list[User], number: int) -> None:
    note, people = make_note(make_person()), crowd(number)
    report = (("reason", "harassment"), ("details", "Rude"))
    posts = [Post(session(person), f"/report/?note={note.pk}", report) for person in people] * 2
    assert storm(web_server.port, posts) == {303: len(posts)}
    case = Case.objects.get()
    assert (case.report_count, case.reporter_count) == (number, number)
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_hiding_a_photo_crosses_edits_deletions_and_undoings(
    web_server: WebServer, moderators: list[User], number: int
) -> None:
    author = make_person()
    own, staff = session(author), [session(by) for by in moderators]
    posts = []
    for turn in range(number):
        note = make_note(author, photos=3)
        photo = note.photos.get(position=0)
        report_named(reporter=make_person(), named=photo, reason="private", details="", key=uuid4())
        case = Case.objects.get(kind="photo", number=photo.pk)
        terms = (("version", str(case.version)), ("step", "hide"), ("rule", "private"), ("facts", "Mine"))
        listed = tuple(("photo", str(each.pk)) for each in note.photos.order_by("-position"))
        words = (("title", "Anew"), ("visibility", "public"), ("action", "publish"), *listed)
        posts += [
            *(Post(by, f"/admin/cases/{case.pk}/", terms) for by in staff),
            *(Post(own, f"/notes/{note.pk}/edit/", words) for _twice in range(2)),
            Post(own, f"/photos/{photo.pk}/edit/", (("whole", "1"),)),
        ]
        if turn % 2:
            posts.append(Post(own, f"/notes/{note.pk}/delete/"))
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 200, 302, 303, 404, 409, 422), statuses
    assert_photos_are_right()
    for decision in Decision.objects.in_force().filter(step=Step.HIDE):
        undo(decision=decision, by=moderators[0])
    assert_photos_are_right()
    assert not Photo.objects.exclude(hidden_in=None).exists()


def assert_photos_are_right() -> None:
    """Photos are hidden as decisions say, and a cover is a photo that its note shows."""
    hiding = Decision.objects.in_force().filter(step=Step.HIDE, case__photo__isnull=False)
    hidden = Photo.objects.filter(hidden_in__isnull=False)
    assert set(hidden.values_list("pk", flat=True)) == set(hiding.values_list("case__number", flat=True))
    assert not Note.objects.exclude(cover=None).exclude(cover__note=F("pk")).exists()
    assert not Photo.objects.filter(note=None, hidden_in=None).exists()
    assert_all_is_right()
