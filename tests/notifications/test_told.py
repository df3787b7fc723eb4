"""Whom triggers tell what, once; what is taken back; and that page and dot follow one rule."""

import pytest
from django.utils import timezone

from notes.comments.actions import delete_comment
from notes.mentions.actions import record_mentions
from notes.models import Collect, Comment, CommentLike, Like, Note
from notes.moderation import hide_note, restore_note
from notifications import actions
from notifications.backends import Backend
from notifications.models import Inbox, Kind, MutedNote, Notification, NotificationGroup
from notifications.recount import wrong_notifications
from people.actions import blocks, follows
from people.actions.labels import hide_label, restore_label, withdraw_label
from profiles.models import Label, User
from tests.builders import make_comment, make_label, make_note, make_person
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def told(person: User) -> list[tuple[str, str]]:
    """What the person is told, newest first: kinds and handles."""
    rows = Notification.objects.visible_to(person).order_by("-pk").select_related("actor")
    return [(row.kind, row.actor.handle if row.actor else "") for row in rows]


def has_dot(person: User) -> bool:
    found = Backend().get_user(person.pk)
    return bool(found and found.has_unread)


def test_each_thing_is_told_to_the_person_it_is_done_to(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    Like.objects.create(person=bob, note=note)
    Collect.objects.create(person=bob, note=note)
    said = make_comment(bob, note)
    CommentLike.objects.create(person=charlie, comment=said)
    reply = make_comment(charlie, note, parent=said)
    make_comment(bob, note, parent=said, in_reply_to=reply)
    make_comment(alice, note, parent=said)
    follows.follow(follower=charlie, followed=alice)
    assert told(alice) == [
        ("follow", "charlie"),
        ("comment", "bob"),
        ("comment", "charlie"),
        ("comment", "bob"),
        ("save", "bob"),
        ("like", "bob"),
        ("follow", "bob"),
    ]
    assert told(bob) == [("reply", "alice"), ("reply", "charlie"), ("comment_like", "charlie")]
    assert told(charlie) == [("reply", "bob")]


def test_done_twice_is_one_row_and_taken_back_is_none(alice: User, bob: User) -> None:
    note = make_note(alice)
    Inbox.objects.create(person=alice)
    for _ in range(3):
        Like.objects.create(person=bob, note=note)
        assert told(alice)[0] == ("like", "bob")
        Like.objects.all().delete()
        assert ("like", "bob") not in told(alice)
    Like.objects.create(person=bob, note=note)
    assert Notification.objects.filter(kind=Kind.LIKE).count() == 1
    Inbox.objects.update(read_up_to=2**62)
    Like.objects.all().delete()
    Like.objects.create(person=bob, note=note)
    assert not has_dot(alice)


def test_approval_is_told_to_the_one_who_asked_alone(alice: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    follows.follow(follower=charlie, followed=alice)
    assert told(alice)[0] == ("request", "charlie")
    follows.approve(follower=charlie, followed=alice)
    assert told(charlie) == [("approval", "alice")]
    assert "charlie" not in dict(told(alice)).values()
    follows.unfollow(follower=charlie, followed=alice)
    assert told(charlie) == []
    follows.follow(follower=charlie, followed=alice)
    follows.decline(follower=charlie, followed=alice)
    assert told(charlie) == []


def test_what_moderators_decide_is_news_each_time(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice)
    label = make_label(alice, "night owl").label
    hide_note(note=note, by=mona, reason="No.")
    assert told(alice)[0] == ("note_hidden", "")
    restore_note(note=note)
    assert told(alice)[0] == ("note_restored", "")
    assert ("note_hidden", "") not in told(alice)
    Inbox.objects.update_or_create(person=alice, defaults={"read_up_to": 2**62})
    Inbox.objects.update(read_up_to=Notification.objects.latest("pk").pk)
    hide_note(note=note, by=mona, reason="Again.")
    assert told(alice)[0] == ("note_hidden", "")
    assert has_dot(alice)
    hide_label(label=label, by=mona, reason="No.")
    run_jobs()
    assert told(alice)[0] == ("label_hidden", "")
    restore_label(label=label)
    assert ("label_hidden", "") not in told(alice)


def test_a_hidden_label_is_told_to_those_who_declare_it_once_for_each_time(
    alice: User, bob: User, charlie: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    former, own = make_label(charlie, "night owl"), make_label(mona, "night owl")
    people = [alice, bob, *(make_person() for _ in range(3))]
    for person in people:
        make_label(person, "night owl")
    withdraw_label(person=charlie)
    about = Notification.objects.filter(kind=Kind.LABEL_HIDDEN, label=former.label)
    numbers: set[int] = set()
    for _time in range(2):
        hide_label(label=own.label, by=mona, reason="No.")
        assert not about.filter(pk__gt=max(numbers, default=0)).exists()  # a job tells them
        for _again in range(2):
            actions.tell_of_hidden_label(label=own.label_id)
            assert set(about.values_list("person", flat=True)) == {person.pk for person in people}
            assert about.count() == 5
        assert numbers.isdisjoint(about.values_list("pk", flat=True))
        numbers.update(about.values_list("pk", flat=True))
        restore_label(label=own.label)
        assert told(alice) == [("follow", "bob")]
        actions.tell_of_hidden_label(label=own.label_id)  # it came too late
        assert told(bob) == []


def test_who_left_a_label_is_not_told_when_it_is_hidden_again(alice: User, mona: User) -> None:
    label = make_label(alice, "night owl").label
    hide_label(label=label, by=mona, reason="No.")
    run_jobs()
    withdraw_label(person=alice)
    restore_label(label=label)
    hide_label(label=label, by=mona, reason="No.")
    run_jobs()
    assert not Notification.objects.filter(label=label).exists()


def test_a_label_that_the_version_before_hid_is_told_too(alice: User, mona: User) -> None:
    label = make_label(alice, "night owl").label
    Label.objects.filter(pk=label.pk).update(hidden_at=timezone.now(), hidden_by=mona)
    for _twice in range(2):
        actions.tell_of_labels_hidden_lately()
        run_jobs()
    assert Notification.objects.filter(label=label, person=alice).count() == 1


def test_a_muted_note_and_a_kind_turned_off_tell_nothing_new(alice: User, bob: User, mona: User) -> None:
    note, other = make_note(alice), make_note(alice)
    MutedNote.objects.create(person=alice, note=note)
    Inbox.objects.create(person=alice, off=[Kind.COMMENT])
    Like.objects.create(person=bob, note=note)
    make_comment(bob, other)
    assert told(alice) == [("follow", "bob")]
    Like.objects.create(person=bob, note=other)
    hide_note(note=note, by=mona, reason="No.")
    assert told(alice) == [("note_hidden", ""), ("like", "bob"), ("follow", "bob")]


def test_nothing_is_told_of_what_the_person_may_no_longer_see(alice: User, bob: User, charlie: User) -> None:
    note = make_note(charlie, "Tea house")
    said = make_comment(alice, note)
    CommentLike.objects.create(person=charlie, comment=said)
    reply = make_comment(charlie, note, "Good tea", parent=said)
    both = [("reply", "charlie"), ("comment_like", "charlie"), ("follow", "bob")]
    assert told(alice) == both

    def gone(*left: tuple[str, str]) -> None:
        assert told(alice) == [*left, ("follow", "bob")]

    for words in (["tea"], ["#x", "house"]):
        User.objects.filter(pk=alice.pk).update(muted_words=words)
        gone()
    User.objects.filter(pk=alice.pk).update(muted_words=["Good"])
    gone(("comment_like", "charlie"))
    User.objects.filter(pk=alice.pk).update(muted_words=[])
    for undo, do in (
        (blocks.unmute, lambda: blocks.mute(muter=alice, muted=charlie)),
        (None, lambda: blocks.block(blocker=charlie, blocked=alice)),
    ):
        do()
        gone()
        if undo:
            undo(muter=alice, muted=charlie)
    blocks.unblock(blocker=charlie, blocked=alice)
    for changes in ({"visibility": "private"}, {"hidden_at": note.created_at}):
        before = {name: getattr(note, name) for name in changes}
        Note.objects.filter(pk=note.pk).update(**changes)
        gone()
        Note.objects.filter(pk=note.pk).update(**before)
    User.objects.filter(pk=charlie.pk).update(suspended_at=note.created_at)
    gone()
    User.objects.filter(pk=charlie.pk).update(suspended_at=None)
    assert told(alice) == both
    delete_comment(comment=reply)
    gone(("comment_like", "charlie"))
    Comment.objects.filter(pk=said.pk).update(hidden_at=note.created_at)
    gone()


def test_a_mention_is_told_once_and_not_beside_a_reply(alice: User, bob: User, charlie: User) -> None:
    note = make_note(bob, body="With @charlie")
    record_mentions(note=note)
    assert told(charlie) == [("mention", "bob")]
    Inbox.objects.create(person=charlie, read_up_to=Notification.objects.latest("pk").pk)
    for body in ("Alone", "With @charlie"):
        note.body = body
        note.save()
        record_mentions(note=note)
        assert bool(told(charlie)) is ("@" in body)
    assert not has_dot(charlie)
    said = make_comment(charlie, note, "Hello")
    reply = make_comment(alice, note, "@charlie @bob hello", parent=said)
    record_mentions(note=note, comment=reply)
    assert told(charlie) == [("reply", "alice"), ("mention", "bob")]
    assert told(bob)[0] == ("comment", "alice")
    assert ("mention", "alice") not in told(bob)


def test_recount_finds_what_is_told_without_a_cause(alice: User, bob: User) -> None:
    Like.objects.create(person=bob, note=make_note(alice))
    assert list(wrong_notifications()) == []
    Notification.objects.update(is_withdrawn=True)
    Like.objects.all().delete()
    Notification.objects.update(is_withdrawn=False)
    NotificationGroup.objects.update(newest=0)
    found = list(wrong_notifications())
    assert len(found) == 3
    for _words, mend in found:
        mend()
    assert list(wrong_notifications()) == []
    assert told(alice) == [("follow", "bob")]
