"""Moderators can neither read nor decide matters that concern themselves, and every look at non-public content is
logged.
"""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from moderation.models import Report
from notes.models import Comment, Note
from people.actions.moderators import appoint
from profiles.models import Label, User
from tests.builders import make_comment, make_label, make_note, make_person, signed_in

MODELS = {
    "report": "/admin/moderation/report/",
    "note": "/admin/notes/note/",
    "comment": "/admin/notes/comment/",
    "label": "/admin/profiles/label/",
    "person": "/admin/profiles/user/",
}
VERBS = {"report": "close", "note": "hide", "comment": "hide", "label": "hide", "person": "suspend"}


@pytest.fixture
def moderator(mona: User) -> Client:
    return signed_in(mona)


def report(by: User, **target: object) -> Report:
    return Report.objects.create(reporter=by, reason="other", details="What Mona did", **target)


def matters(mona: User, alice: User, bob: User) -> dict[str, list[object]]:
    """What concerns Mona, by kind."""
    note = make_note(mona, "Mine", hidden_at=timezone.now())
    others = make_note(alice, "Of Alice")
    said, under = make_comment(mona, others, "Said by Mona"), make_comment(bob, note, "Said to Mona")
    reports = [
        report(bob, person=mona),
        report(bob, note=note),
        report(bob, note=others, comment=said),
        report(alice, note=note, comment=under),
        report(mona, person=bob),
    ]
    label = make_label(mona, "Reads at night").label
    return {
        "report": reports,
        "note": [note],
        "comment": [said, under],
        "label": [label],
        "person": [mona],
    }


@pytest.mark.parametrize("kind", MODELS)
def test_no_door_leads_a_moderator_to_their_own_matter(
    moderator: Client, mona: User, alice: User, bob: User, kind: str
) -> None:
    for row in matters(mona, alice, bob)[kind]:
        pages = [
            f"{MODELS[kind]}{row.pk}/change/",
            f"{MODELS[kind]}{row.pk}/history/",
            f"{MODELS[kind]}{row.pk}/{VERBS[kind]}/",
        ]
        assert [moderator.get(page).status_code for page in pages] == [404] * 3
        assert moderator.post(pages[2], {"reason": "Because"}).status_code == 404
        for action in (VERBS[kind], "restore"):
            chosen = {"action": action, "_selected_action": [row.pk]}
            moderator.post(MODELS[kind], chosen)
            moderator.post(pages[0], {"action": action, "_selected_action": [row.pk]})
        before = type(row).objects.get(pk=row.pk)
        for column in ("hidden_at", "closed_at", "suspended_at"):
            assert getattr(before, column, None) == getattr(row, column, None), "Nothing is decided."
        for query in ("", "?q=mona", "?q=Mine", "?q=Said", "?q=did"):
            shown = moderator.get(f"{MODELS[kind]}{query}").context["cl"].result_list
            assert row.pk not in {each.pk for each in shown}
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("kind", MODELS)
def test_another_moderator_decides(mona: User, alice: User, bob: User, kind: str) -> None:
    other = make_person("max")
    appoint(person=other)
    User.objects.filter(pk=other.pk).update(is_superuser=True)  # who may decide on a moderator
    for row in matters(mona, alice, bob)[kind]:
        assert signed_in(other).get(f"{MODELS[kind]}{row.pk}/change/").status_code == 200


def test_a_superuser_is_kept_out_too_unless_nobody_else_could_decide(
    mona: User, alice: User, bob: User
) -> None:
    User.objects.filter(pk=mona.pk).update(is_superuser=True)
    own = make_note(mona, "Mine")
    page, browser = f"{MODELS['note']}{own.pk}/change/", signed_in(mona)
    assert browser.get(page).status_code == 200
    appoint(person=bob)
    assert browser.get(page).status_code == 404
    assert browser.get(f"{MODELS['person']}{mona.pk}/change/").status_code == 404, "nor their appointment"
    User.objects.filter(pk=bob.pk).update(suspended_at=timezone.now())
    assert browser.get(page).status_code == 200


@pytest.fixture
def unseen(alice: User, bob: User, charlie: User) -> dict[str, Note]:
    """Notes that are not public, which moderators may open."""
    private = make_note(alice, "Secret diary", body="of my sorrow", visibility="private", photos=1)
    followers = make_note(alice, "For friends", visibility="followers")
    hidden = make_note(alice, "Rude words", hidden_at=timezone.now(), photos=1)
    for note in (private, followers):
        report(charlie, note=note)
    make_comment(bob, private, "A comment for few")
    make_comment(bob, make_note(alice, "Open"), "A hidden comment", hidden_at=timezone.now())
    return {"private": private, "followers": followers, "hidden": hidden}


WORDS = ["Secret", "sorrow", "friends", "Rude", "for few", "hidden comment"]


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize(
    "path",
    [
        *(f"{MODELS['note']}{query}" for query in ("", "?hidden=yes", "?q=alice", "?o=2", "?o=-2")),
        *(f"{MODELS['comment']}{query}" for query in ("", "?hidden=yes", "?q=bob", "?o=1.2.3")),
        MODELS["report"],
        *("/@alice/", "/following/", "/", "/collections/"),
    ],
)
def test_lists_show_neither_words_nor_pictures_of_what_is_not_public(
    moderator: Client, mona: User, alice: User, path: str
) -> None:
    from profiles.models import Follow

    Follow.objects.create(follower=mona, followed=alice)
    Note.objects.filter(title="For friends").update(visibility="private")
    response = moderator.get(path, follow=True)
    for words in WORDS:
        assert words not in response.text
    for note in Note.objects.exclude(title="Open"):
        for photo in note.photos.all():
            assert photo.token not in response.text
    assert not LogEntry.objects.exists()


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize(
    "query",
    ["?q=secret", "?q=sorrow", "?q=rude", "?q=hidden", "?title__startswith=S", "?body__contains=sorrow"],
)
def test_no_search_finds_what_is_not_public(moderator: Client, query: str) -> None:
    for kind in ("note", "comment"):
        response = moderator.get(f"{MODELS[kind]}{query}")
        found = response.context["cl"].result_list if response.status_code == 200 else []
        assert not found


def test_words_of_what_is_public_are_found(moderator: Client, alice: User) -> None:
    note = make_note(alice, "Tea at noon", body="by the lake")
    make_comment(alice, note, "Lovely weather")
    for query in ("?q=tea+lake", "?q=alice+noon"):
        assert [row.pk for row in moderator.get(f"{MODELS['note']}{query}").context["cl"].result_list] == [
            note.pk
        ]
    assert moderator.get(f"{MODELS['comment']}?q=lovely").context["cl"].result_list


@pytest.mark.parametrize("which", ["private", "followers", "hidden"])
def test_each_opening_is_recorded(moderator: Client, mona: User, unseen: dict[str, Note], which: str) -> None:
    note = unseen[which]
    doors = [f"{MODELS['note']}{note.pk}/change/", f"{MODELS['note']}{note.pk}/history/"]
    doors += [note.get_absolute_url()] if which != "hidden" else []
    for number, door in enumerate(doors, 1):
        assert moderator.get(door).status_code == 200
        log = LogEntry.objects.filter(object_id=note.pk, user=mona)
        assert log.count() == number
    asked = moderator.get(f"{MODELS['note']}{note.pk}/hide/")
    assert note.title not in asked.text


def test_opening_a_comment_that_is_not_public_is_recorded(moderator: Client, unseen: dict[str, Note]) -> None:
    for comment in Comment.objects.all():
        assert moderator.get(f"{MODELS['comment']}{comment.pk}/change/").status_code == 200
    said = {entry.object_repr.split()[0] for entry in LogEntry.objects.all()}
    assert (LogEntry.objects.count(), said) == (2, {"note", "comment"})


def test_what_is_public_leaves_no_record(moderator: Client, alice: User) -> None:
    note = make_note(alice)
    comment = make_comment(alice, note)
    for kind, row in (("note", note), ("comment", comment)):
        assert moderator.get(f"{MODELS[kind]}{row.pk}/change/").status_code == 200
    assert not LogEntry.objects.exists()


def test_a_search_is_of_a_few_words(moderator: Client, alice: User) -> None:
    make_note(alice, "one two three four five six seven eight")
    words = "one two three four five six seven eight " + "nine " * 400
    for kind in MODELS:
        response = moderator.get(MODELS[kind], {"q": words})
        assert response.status_code == 200
        assert "Only the first 8 words" in response.text
    assert len(moderator.get(MODELS["note"], {"q": words}).context["cl"].result_list) == 1
    assert Label.objects.count() == 0
