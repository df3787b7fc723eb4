"""Whatever people do in whatever order, the dot is on exactly while the list has something unread, and the list has
what a model in Python says that its reader may see.
"""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notes.comments.actions import delete_comment, like_comment, unlike_comment
from notes.models import Comment, Note
from notes.moderation import hide_comment, hide_note, restore_comment, restore_note
from notes.reactions.actions import collect, like, uncollect, unlike
from notifications import actions, queries, rule
from notifications.backends import Backend
from notifications.models import Kind
from people.actions import blocks, follows
from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import make_comment, make_note, make_person

pytestmark = pytest.mark.django_db

ACTS = (
    *("like", "unlike", "collect", "uncollect", "comment", "delete", "like_comment", "unlike_comment"),
    *(
        "follow",
        "unfollow",
        "block",
        "unblock",
        "blocked",
        "unblocked",
        "mute",
        "unmute",
        "mute_note",
        "unmute_note",
    ),
    *(
        "hide",
        "restore",
        "hide_comment",
        "restore_comment",
        "suspend",
        "unsuspend",
        "words",
        "no_words",
        "off",
        "on",
    ),
    "read",
)
WORD = "tea"


@dataclass
class Row:
    """One thing that was told: its actor, its object and when it was first told, as numbers."""

    kind: str
    actor: int
    about: int
    at: int
    stands: bool = True


@dataclass
class Model:
    """What Alice may see of what was told, by the words of docs/glossary.md and of the privacy page alone."""

    window: int
    rows: dict[tuple[str, int, int], Row] = field(default_factory=dict)
    clock: int = 0
    read: int = 0
    blocked: set[tuple[str, int]] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    bodies: dict[int, str] = field(default_factory=dict)
    follows: set[int] = field(default_factory=set)
    note_is_muted: bool = False
    note_is_hidden: bool = False
    has_word: bool = False
    likes_are_off: bool = False

    def tell(self, kind: str, actor: int, about: int, *, of_note: bool) -> None:
        if (of_note and self.note_is_muted) or (kind == Kind.LIKE and self.likes_are_off):
            return
        self.clock += 1
        row = self.rows.setdefault((kind, actor, about), Row(kind, actor, about, self.clock))
        row.stands = True

    def take_back(self, kind: str, actor: int, about: int) -> None:
        if row := self.rows.get((kind, actor, about)):
            row.stands = False

    def decide(self, kind: str) -> None:
        for other in (Kind.NOTE_HIDDEN, Kind.NOTE_RESTORED):
            self.rows.pop((other, 0, 0), None)
        self.clock += 1
        self.rows[kind, 0, 0] = Row(kind, 0, 0, self.clock)

    def unwanted(self, person: int) -> bool:
        gone = person in self.suspended or person in self.muted
        return gone or any(other == person for _way, other in self.blocked)

    def may_see(self, row: Row) -> bool:
        if not row.stands or (row.kind != Kind.SAVE and self.unwanted(row.actor)):
            return False
        is_gone = row.about in self.deleted | self.hidden
        return row.kind != Kind.COMMENT or not (is_gone or (self.has_word and WORD in self.bodies[row.about]))

    def groups(self) -> dict[tuple[str, int], tuple[int, bool]]:
        """What the page shows of the `window` newest rows of each group: how many people, and whether it is unread.
        Older groups than the `window` newest count as read.
        """
        rows = sorted(self.rows.values(), key=lambda row: -row.at)
        held: dict[tuple[str, int], list[Row]] = {}
        for row in rows:
            held.setdefault((row.kind, row.about), []).append(row)
        found = {key: list(filter(self.may_see, some[: self.window])) for key, some in held.items()}
        newest = list(held)[: self.window]
        return {
            key: (len(some), key in newest and some[0].at > self.read) for key, some in found.items() if some
        }


def shown(alice: User) -> dict[tuple[str, int], tuple[int, bool]]:
    """The rows of the page: how many people each counts, and whether it is unread, by kind and object."""
    found = {}
    for _span, items in queries.page(alice).spans:
        for item in items:
            told = item.told
            about = told.comment_id if told.kind == Kind.COMMENT else 0
            found[told.kind, about] = (item.total, item.is_unread)
    return found


@pytest.mark.parametrize("window", [200, 2])
@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.booleans()), max_size=30))
def test_dot_and_list_are_what_the_reader_may_see(
    window: int, steps: list[tuple[str, int, bool]], alice: User, mona: User
) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule, "ROWS", window)
        patch.setattr(rule, "UNREAD", window)
        rule.write_rule()
        _run(steps, alice, mona, window)
        transaction.set_rollback(True)


def _run(steps: list[tuple[str, int, bool]], alice: User, mona: User, window: int) -> None:
    people = [make_person() for _ in range(3)]
    note = make_note(alice)
    own = make_comment(alice, note, "Mine")
    model = Model(window)
    for act, number, with_word in steps:
        _do(act, people[number], with_word, alice=alice, mona=mona, note=note, own=own, model=model)
        _compare(User.objects.get(pk=alice.pk), model)


def _compare(alice: User, model: Model) -> None:
    expected = model.groups()
    assert shown(alice) == expected
    has_dot = any(is_unread for _number, is_unread in expected.values())
    signed_in = Backend().get_user(alice.pk)
    assert signed_in
    assert signed_in.has_unread is has_dot


def _do(
    act: str, who: User, with_word: bool, *, alice: User, mona: User, note: Note, own: Comment, model: Model
) -> None:
    """Do it on the site and in the model, unless the site would refuse it."""
    away = who.pk in model.suspended or any(other == who.pk for _way, other in model.blocked)

    mine = list(Comment.objects.filter(author=who, deleted_at__isnull=True).order_by("pk"))
    on_note = not away and not model.note_is_hidden

    if act == "like" and on_note:
        like(person=who, note=note)
        model.tell(Kind.LIKE, who.pk, 0, of_note=True)
    elif act == "unlike":
        unlike(person=who, note=note)
        model.take_back(Kind.LIKE, who.pk, 0)
    elif act == "collect" and on_note:
        collect(person=who, note=note)
        model.tell(Kind.SAVE, who.pk, 0, of_note=True)
    elif act == "uncollect":
        uncollect(person=who, note=note)
        model.take_back(Kind.SAVE, who.pk, 0)
    elif act == "like_comment" and on_note:
        like_comment(person=who, comment=own)
        model.tell(Kind.COMMENT_LIKE, who.pk, 0, of_note=True)
    elif act == "unlike_comment":
        unlike_comment(person=who, comment=own)
        model.take_back(Kind.COMMENT_LIKE, who.pk, 0)
    elif act == "comment" and on_note:
        body = f"A cup of {WORD}" if with_word else "A cup"
        made = make_comment(who, note, body)
        model.bodies[made.pk] = body
        model.tell(Kind.COMMENT, who.pk, made.pk, of_note=True)
    elif act == "delete" and mine:
        delete_comment(comment=mine[0])
        model.deleted.add(mine[0].pk)
    elif act == "hide_comment" and mine:
        hide_comment(comment=mine[0], by=mona, reason="No.")
        model.hidden.add(mine[0].pk)
    elif act == "restore_comment" and mine:
        restore_comment(comment=mine[0])
        model.hidden.discard(mine[0].pk)
    else:
        _do_between(act, who, away, alice=alice, mona=mona, note=note, model=model)


def _do_between(
    act: str, who: User, away: bool, *, alice: User, mona: User, note: Note, model: Model
) -> None:
    if act == "follow" and not away:
        follows.follow(follower=who, followed=alice)
        model.tell(Kind.FOLLOW, who.pk, 0, of_note=False)
    elif act == "unfollow":
        follows.unfollow(follower=who, followed=alice)
        model.take_back(Kind.FOLLOW, who.pk, 0)
    elif act in {"block", "blocked"}:
        pair = (alice, who) if act == "block" else (who, alice)
        blocks.block(blocker=pair[0], blocked=pair[1])
        model.blocked.add((act, who.pk))
        model.take_back(Kind.FOLLOW, who.pk, 0)
    elif act in {"unblock", "unblocked"}:
        pair = (alice, who) if act == "unblock" else (who, alice)
        blocks.unblock(blocker=pair[0], blocked=pair[1])
        model.blocked.discard((act.removeprefix("un"), who.pk))
    elif act == "mute":
        blocks.mute(muter=alice, muted=who)
        model.muted.add(who.pk)
    elif act == "unmute":
        blocks.unmute(muter=alice, muted=who)
        model.muted.discard(who.pk)
    elif act == "suspend":
        suspend_person(person=who, by=mona, reason="No.")
        model.suspended.add(who.pk)
    elif act == "unsuspend":
        restore_person(person=who)
        model.suspended.discard(who.pk)
    else:
        _do_oneself(act, alice=alice, mona=mona, note=note, model=model)


def _do_oneself(act: str, *, alice: User, mona: User, note: Note, model: Model) -> None:
    if act == "mute_note":
        actions.mute_note(person=alice, note=note)
        model.note_is_muted = True
    elif act == "unmute_note":
        actions.unmute_note(person=alice, note=note)
        model.note_is_muted = False
    elif act == "hide" and not model.note_is_hidden:
        hide_note(note=note, by=mona, reason="No.")
        model.note_is_hidden = True
        model.decide(Kind.NOTE_HIDDEN)
    elif act == "restore" and model.note_is_hidden:
        restore_note(note=note)
        model.note_is_hidden = False
        model.decide(Kind.NOTE_RESTORED)
    elif act in {"words", "no_words"}:
        model.has_word = act == "words"
        User.objects.filter(pk=alice.pk).update(muted_words=[WORD] if model.has_word else [])
    elif act in {"off", "on"}:
        model.likes_are_off = act == "off"
        kinds = [kind for kind in queries.kinds_told(alice) if kind != Kind.LIKE]
        actions.save_kinds(person=alice, kinds=kinds if model.likes_are_off else [*kinds, Kind.LIKE])
    elif act == "read":
        actions.mark_read(person=alice, newest=queries.page(alice).newest)
        if model.groups():
            model.read = model.clock
