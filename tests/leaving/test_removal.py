"""Two weeks after a person asked for deletion no trace of them is left, in any table, file or counter."""

from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.utils import timezone

from core.audit import record
from insights.actions.summing import sum_all
from insights.actions.weeks import close_all
from insights.models import Entered, FoundBy, Pick, ProfileDay, SeenWord, StruckWord, Word
from leaving.actions import removal
from leaving.actions.removal import _forget_in_log, remove_leavers
from leaving.traces import FREE_WORDS, relations, rows_of, unowned_files, words_in_tables
from moderation.actions import report
from moderation.cases.actions import open_case
from moderation.evidence.actions import clear_evidence
from moderation.models import Appeal, Case, Decision, Report, Seal
from notes.collections.actions import sort_save
from notes.comments.actions import delete_comment, like_comment
from notes.models import (
    Arrival,
    Collection,
    CollectionFollow,
    Comment,
    CommentLike,
    HistoryEntry,
    Less,
    Mention,
    Note,
    NoteDay,
    NoteReader,
    ReadingHistory,
    Series,
)
from notes.reactions.actions import collect, like
from notifications.actions import mark_read, mute_note
from notifications.digest.actions import save_digest
from notifications.digest.models import Digest
from people.actions.blocks import block, mute
from people.actions.moderators import appoint, former_moderator
from people.actions.muting import dismiss
from profiles.models import Follow, FollowRequest, Label, PastHandle, PreviousAddress, User
from search.recent.actions import Searched, keep, record_searches
from tests.builders import (
    make_comment,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
)
from tests.leaving.asking import DATA, LEAVING, let_two_weeks_pass, press, sign_in
from tests.markup import words
from tests.notes.collections.shelving import shelve
from tests.people.test_avatar import give_picture
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
CANARY = f"canary{token_hex(4)}"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def carla(bob: User, mona: User) -> User:
    """A moderator with a row in every table, whose every text contains a canary."""
    carla = make_person(CANARY, name=f"Carla {CANARY}", bio=f"Bio {CANARY}", suspended_reason=CANARY)
    appoint(person=carla)
    sign_in(carla, headers={"User-Agent": f"Browser {CANARY}"})
    give_picture(carla)
    make_label(carla, "Night library", statement=CANARY)
    PreviousAddress.objects.create(person=carla, email=f"{CANARY}@old.test", replaced_by=carla.email)
    note = make_note(carla, CANARY, body=CANARY, place=CANARY, tags=["tea"])
    make_photo(carla, note=note, with_files=True, alt=CANARY)
    make_photo(carla, with_files=True, alt=CANARY)
    bobs, other = make_note(bob, "Bob’s own"), make_person("other", approves_followers=True)
    for person, answered in ((carla, bobs), (bob, note)):
        like(person=person, note=answered)
        collect(person=person, note=answered)
        NoteReader.objects.create(note=answered, person=person, first_seen_day="2026-11-01", source="explore")
    sort_save(person=carla, note=bobs, add=[], remove=[], new=CANARY, remark=CANARY)
    Collection.objects.filter(owner=carla).update(description=CANARY, hidden_by=carla, hidden_reason=CANARY)
    CollectionFollow.objects.create(follower=bob, collection=Collection.objects.get(owner=carla))
    CollectionFollow.objects.create(follower=carla, collection=shelve(bob, "Of Bob"))
    ProfileDay.objects.create(person=carla, day="2026-11-01", visits=2)
    Note.objects.filter(pk=note.pk).update(published_at=timezone.now() - timedelta(days=2))
    sum_all()
    close_all()
    word = Word.objects.all()[0]
    for creator, reader in ((carla, bob), (bob, carla)):
        Entered.objects.create(creator=creator, reader=reader, table="stage")
        Pick.objects.create(creator=creator, picker=reader, place=0, word=word)
    SeenWord.objects.create(creator=carla, word=word)
    StruckWord.objects.create(creator=carla, word=word)
    FoundBy.objects.create(creator=carla, note=note, words=CANARY)
    record_searches(searches=[Searched(carla.pk, CANARY, timezone.now())])
    keep(person=carla, is_kept=True)
    record_searches(searches=[Searched(carla.pk, CANARY, timezone.now())])
    HistoryEntry.objects.create(note=bobs, person=carla, opened_at=timezone.now())
    Less.objects.create(note=bobs, person=carla)
    ReadingHistory.objects.create(person=carla, cleared_at=timezone.now())
    Series.objects.create(author=carla, name=CANARY, hidden_by=carla)
    Arrival.objects.create(note=bobs, person=carla, words=CANARY, day="2026-11-01")
    make_comment(bob, note, "To a note that goes")
    like_comment(person=carla, comment=make_comment(bob, bobs, "Of Bob"))
    for author, person in ((carla, bob), (bob, carla)):
        Mention.objects.create(note=bobs, author=author, person=person, handle=person.handle)
    Follow.objects.create(follower=carla, followed=bob)
    Follow.objects.create(follower=bob, followed=carla)
    FollowRequest.objects.create(follower=carla, followed=other)
    block(blocker=carla, blocked=make_person())
    block(blocker=make_person(), blocked=carla)
    mute(muter=carla, muted=bob)
    mute(muter=bob, muted=carla)
    mute_note(person=carla, note=bobs)
    mark_read(person=carla, newest=1)
    save_digest(person=carla, is_on=True, hour=18, language="en")
    now = timezone.now()
    Digest.objects.create(person=carla, day=now, state="sent", due_at=now, claimed_at=now, up_to=1, number=1)
    dismiss(person=carla, dismissed=bob)
    dismiss(person=bob, dismissed=carla)
    report(reporter=carla, target={"note": bobs}, reason="other", details=CANARY, key=bobs.key)
    report(reporter=bob, target={"person": carla}, reason="other", details="Rude", key=note.key)
    case = open_case(target=carla)
    Case.objects.filter(pk=case.pk).update(opened_by=carla)
    said = {"facts": CANARY, "undone_reason": CANARY, "decided_by": carla, "undone_by": carla}
    decision = Decision.objects.create(case=case, subject=carla, step="none", version=1, **said)
    Appeal.objects.create(
        decision=decision, text=CANARY, answer=CANARY, decided_by=carla, decided_at=now, granted=True
    )
    of_name = Case.objects.create(kind="tag", number=1, closed_at=now)
    hidden = Decision.objects.create(case=of_name, step="hide", version=1)
    Appeal.objects.create(
        decision=hidden, author=carla, text=CANARY, answer=CANARY, decided_at=now, granted=False
    )
    Seal.objects.create(case=case, lifted_by=carla, lifted_at=now)
    PastHandle.objects.create(person=carla, handle=CANARY, since=carla.date_joined)
    record(mona, [carla], f"Suspended: @{CANARY} and {CANARY}@campus.test wrote spam")
    record(carla, [bobs], "Hidden: spam")
    return carla


def leave(person: User) -> None:
    client = signed_in(person)
    press(client, DATA)
    run_jobs()
    press(client, LEAVING)
    run_jobs()
    let_two_weeks_pass(person)


def removed(person: User) -> None:
    remove_leavers()
    run_jobs()


def test_nothing_is_left(carla: User, bob: User, mona: User, media: Path, mailoutbox: list[Any]) -> None:
    leave(carla)
    before = set(words_in_tables([CANARY]))
    assert len(before) > 12, "the search finds each where it is"
    here = {line.partition(":")[0] for line in rows_of(carla.pk)}
    spared = {
        "redbook.ParkedForm.owner",
        "notes.Upload.owner",
        "profiles.User_user_permissions.user",
        "usersessions.UserSession.user",
    }
    without_owner = {"notes.Comment.author", "profiles.User.suspended_by", "moderation.Report.closed_by"}
    without_owner |= {"notes.Note.hidden_by", "notes.Comment.hidden_by", "profiles.Label.hidden_by"}
    without_owner |= {"moderation.KnownPicture.added_by"}
    assert {name for name, _model, _field in relations()} - here - spared - without_owner == {
        "profiles.FollowRequest.followed"
    }
    assert len(list(media.rglob("*.*"))) > 20

    removed(carla)
    assert list(rows_of(carla.pk)) == []
    assert list(words_in_tables([CANARY])) == []
    assert list(unowned_files()) == []
    stored = {path.relative_to(media).parts[0] for path in media.rglob("*") if path.is_file()}
    assert stored == {"evidence"}, "the copy of her reported picture, while its case is open"
    Case.objects.update(closed_at=timezone.now() - timedelta(days=31))
    Appeal.objects.update(decided_at=timezone.now() - timedelta(days=31))
    clear_evidence()
    run_jobs()
    assert [path for path in media.rglob("*") if path.is_file()] == []
    call_command("recount")
    call_command("traces", str(carla.pk), carla.email, carla.handle)
    assert mailoutbox[-1].to == [carla.email]
    assert mailoutbox[-1].subject == "Your Red Book account is deleted · 你的 Red Book 账号已删除"
    bobs = Note.objects.get()
    assert (bobs.like_count, bobs.collect_count, bobs.comment_count) == (0, 0, 1)
    assert Comment.objects.get().like_count == 0
    assert sum(NoteDay.objects.values_list("new_readers", flat=True)) == 1, "what was counted stays"
    assert NoteReader.objects.get().person is None
    assert Label.objects.get().wording == "Night library"


def test_what_stays_is_without_owner(carla: User, bob: User, mona: User) -> None:
    leave(carla)
    removed(carla)
    told, done = LogEntry.objects.order_by("pk")
    assert told.user == mona
    assert told.change_message == "Suspended: … and … wrote spam"
    assert done.user == former_moderator()
    assert not former_moderator().is_active
    assert set(Report.objects.values_list("reporter", "details")) == {(None, ""), (bob.pk, "Rude")}
    assert Decision.objects.get(step="none").case.target is None
    again = make_person(CANARY)
    assert again.email == f"{CANARY}@campus.test", "address and handle are free"


def test_the_search_is_not_blind(alice: User, media: Path) -> None:
    (media / "photos/ab/cdef").mkdir(parents=True)
    (media / "archives").mkdir()
    (media / "archives/old.zip").write_bytes(b"PK")
    make_note(alice, "By @alice")
    assert list(unowned_files()) == ["photos/ab/cdef", "archives/old.zip"]
    assert set(rows_of(alice.pk)) == {"account.EmailAddress.user: 1", "notes.Note.author: 1"}
    assert set(words_in_tables(["alice"])) >= {"profiles_user.handle: 1", "notes_note.title: 1"}
    assert "notes_note.title: 1" not in set(words_in_tables(["alice"], FREE_WORDS))
    with pytest.raises(SystemExit):
        call_command("traces", str(alice.pk), "alice")


def test_answers_keep_their_place(alice: User, bob: User, charlie: User) -> None:
    """A placeholder stays, as for a deleted comment; a comment without replies is deleted completely."""
    note = make_note(charlie)
    answered, _alone, own, gone = (
        make_comment(alice, note, text) for text in ("One", "Two", "Three", "Four")
    )
    for first in (answered, gone):
        make_comment(bob, note, f"To {first.pk}", parent=first)
        make_comment(alice, note, "Mine", parent=first)
    make_comment(alice, note, "To myself", parent=own)
    delete_comment(comment=gone)
    like_comment(person=charlie, comment=answered)
    report(reporter=bob, target={"comment": answered, "note": note}, reason="other", details="", key=note.key)
    leave(alice)
    removed(alice)
    assert set(Comment.objects.values_list("pk", "author", "body")) == {
        (answered.pk, None, ""),
        (gone.pk, None, ""),
        *Comment.objects.filter(author=bob).values_list("pk", "author", "body"),
    }
    assert Comment.objects.filter(author=bob).count() == 2
    note.refresh_from_db()
    assert note.comment_count == 2
    for reader in (None, bob, charlie):
        page = words(signed_in(reader).get(note.get_absolute_url()))
        assert page.count("This comment was deleted.") == 2
        assert f"To {answered.pk}" in page
    assert (Report.objects.get().target, Report.objects.get().reported_text) == (None, "")
    assert not CommentLike.objects.exists()
    call_command("recount")


@pytest.mark.parametrize(
    "at", ["_remove_notes", "_remove_comments", "_remove_follows", "_told", "_remove_last"]
)
def test_cut_off_anywhere_it_goes_on(
    carla: User, bob: User, at: str, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    for number in range(3):
        make_note(carla, f"More {number}")
        make_comment(carla, Note.objects.get(author=bob), f"More {number}")
    monkeypatch.setattr(removal, "NOTES_AT_ONCE", 1)
    monkeypatch.setattr(removal, "ROWS_AT_ONCE", 2)
    leave(carla)
    sent = len(mailoutbox)
    step, calls = getattr(removal, at), []

    def cut_off(rows: Any) -> Any:
        calls.append(rows)
        if len(calls) < 3 and at in {"_remove_notes", "_remove_comments"}:
            return step(rows)
        raise ConnectionError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(removal, at, cut_off)
        remove_leavers()
        with pytest.raises(ConnectionError):
            removal.remove_person(carla.pk)
    assert User.objects.filter(pk=carla.pk).exists()
    call_command("recount")
    removed(carla)
    removed(carla)
    assert list(rows_of(carla.pk)) == []
    assert list(words_in_tables([CANARY])) == []
    call_command("recount")
    assert len(mailoutbox) - sent == (2 if at == "_remove_last" else 1)


def test_a_mail_server_that_is_away_holds_it_up_for_three_days_at_most(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise ConnectionRefusedError

    leave(alice)
    monkeypatch.setattr(removal, "post", away)
    removed(alice)
    assert User.objects.filter(pk=alice.pk).exists()
    User.objects.filter(pk=alice.pk).update(going_at=timezone.now() - timedelta(days=3, minutes=1))
    removed(alice)
    assert not User.objects.filter(pk=alice.pk).exists()


def test_two_weeks_are_two_weeks(alice: User) -> None:
    press(signed_in(alice), LEAVING)
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now() - timedelta(days=13, hours=23))
    removed(alice)
    assert User.objects.filter(pk=alice.pk, going_at=None).exists()


def test_a_handle_that_is_a_word_leaves_the_record_of_others_whole(bob: User, mona: User) -> None:
    record(mona, [bob], "Hidden: spam, as @hidden said")
    changed = LogEntry.objects.create(
        user=mona, action_flag=2, object_repr="hidden", change_message='[{"changed": {"fields": ["Hidden"]}}]'
    )
    _forget_in_log(make_person("Hidden"))
    assert LogEntry.objects.exclude(pk=changed.pk).get().change_message == "Hidden: spam, as … said"
    changed.refresh_from_db()
    assert changed.get_change_message() == "Changed Hidden."
