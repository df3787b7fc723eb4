"""A former handle stays reserved for its last person; mentions and addresses keep leading to the person they meant."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from leaving.actions.removal import remove_leavers
from leaving.contents.person import account
from notes.mentions.actions import record_mentions
from notes.models import Note
from people.actions.blocks import block
from people.actions.handles import change_handle, retire_handles
from people.actions.people import suspend_person
from people.profile_forms import ProfileForm
from profiles.models import Follow, PastHandle, User
from profiles.models.handle import ALWAYS, is_held_back
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.leaving.asking import let_two_weeks_pass
from tests.notes.test_races import statuses
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
PROFILE = "/settings/profile/"


def rename(person: User, handle: str) -> int:
    """What the profile page answers to the handle; 303 once it is saved."""
    answer = signed_in(person).post(PROFILE, {"name": person.name, "handle": handle})
    person.refresh_from_db()
    return int(answer.status_code)


def sign_up(handle: str) -> int:
    words = {
        "email": f"new_{handle}@campus.test",
        "handle": handle,
        "password1": "a brisk walk out",
        "birth_year": "2004",
    }
    return int(Client().post("/accounts/signup/", words).status_code)


def let_days_pass(days: int, *texts: Any) -> None:
    """Put all that happened so far, and when these notes and comments were written, as many days back."""
    gone = timedelta(days=days)
    for past in PastHandle.objects.all():
        since = past.since if past.since == ALWAYS else past.since - gone
        PastHandle.objects.filter(pk=past.pk).update(since=since, until=past.until - gone)
    for person in User.objects.all():
        since = person.handle_since and person.handle_since - gone
        User.objects.filter(pk=person.pk).update(date_joined=person.date_joined - gone, handle_since=since)
    for text in texts:
        moved = {
            field: getattr(text, field) - gone
            for field in ("created_at", "published_at", "edited_at")
            if getattr(text, field, None)
        }
        type(text).objects.filter(pk=text.pk).update(**moved)


def remove(person: User) -> None:
    User.objects.filter(pk=person.pk).update(leaving_at=timezone.now())
    let_two_weeks_pass(person)
    remove_leavers()
    run_jobs()
    assert not User.objects.filter(pk=person.pk).exists()


def mentioned(note: Note, viewer: User | None = None) -> set[str]:
    """Where the note's page leads from what it and its comments mention."""
    html = signed_in(viewer).get(note.get_absolute_url()).content.decode()
    return {link.split('"')[1] for link in html.split("<a ") if 'class="at"' in link.split(">")[0]}


def save_again(note: Note) -> None:
    """Store the note's mentions, as saving an edit of it does."""
    note.refresh_from_db()
    record_mentions(note=note)


@pytest.fixture
def renamed(alice: User) -> User:
    assert rename(alice, "alice_new") == 303
    return alice


@pytest.mark.parametrize("spelled", ["alice", "ALICE"])
def test_a_freed_handle_rests_ninety_days(renamed: User, bob: User, spelled: str) -> None:
    assert rename(bob, spelled) == 422
    assert sign_up(spelled) == 422
    let_days_pass(89)
    assert rename(bob, spelled) == 422
    let_days_pass(2)
    assert sign_up(spelled) == 302


def test_its_last_person_takes_it_back(renamed: User, bob: User) -> None:
    assert rename(renamed, "Alice") == 303
    assert rename(bob, "alice_new") == 422, "the other rests now"
    assert rename(bob, "alice") == 422
    assert list(renamed.past_handles.order_by("pk").values_list("handle", flat=True)) == [
        "alice",
        "alice_new",
    ]


def test_three_renames_in_thirty_days(alice: User) -> None:
    page = signed_in(alice).get(PROFILE).content.decode()
    assert "change it 3 more times within 30 days" in page
    for handle in ("alice_1", "alice_2", "Alice_2", "ALICE_2", "alice_3"):
        assert rename(alice, handle) == 303
    page = signed_in(alice).get(PROFILE).content.decode()
    assert "You can change your handle again on" in page, "said before it is met"
    assert rename(alice, "alice_4") == 422
    assert rename(alice, "ALICE_3") == 303, "another spelling is no rename"
    assert rename(alice, "alice") == 422, "nor may one go back a fourth time"
    let_days_pass(31)
    assert rename(alice, "alice_4") == 303


def test_the_day_that_is_named_is_true(alice: User) -> None:
    for handle in ("alice_1", "alice_2", "alice_3"):
        rename(alice, handle)
    first = PastHandle.objects.order_by("until")[0]
    for age, answer in (
        (timedelta(days=30) - timedelta(minutes=5), 422),
        (timedelta(days=30, seconds=1), 303),
    ):
        PastHandle.objects.filter(pk=first.pk).update(since=ALWAYS, until=timezone.now() - age)
        assert rename(alice, "alice_4") == answer


def test_a_profile_that_keeps_its_handle_is_no_rename(alice: User) -> None:
    for _ in range(5):
        assert rename(alice, "alice") == 303
    assert not PastHandle.objects.exists()


@pytest.mark.parametrize("page", ["", "followers/", "following/", "?label=1"])
def test_an_old_address_leads_to_its_person_while_it_rests(renamed: User, page: str) -> None:
    for spelled in ("alice", "Alice"):
        answer = Client().get(f"/@{spelled}/{page}")
        assert (answer.status_code, answer["Location"]) == (302, f"/@alice_new/{page}")
    let_days_pass(91)
    assert Client().get(f"/@alice/{page}").status_code == 404


def test_a_form_of_the_old_page_is_about_its_person(renamed: User, bob: User, charlie: User) -> None:
    assert signed_in(charlie).post("/@alice/follow/").status_code == 303
    assert signed_in(charlie).get("/report/?person=alice").status_code == 200
    assert signed_in(bob).post("/@alice/block/").status_code == 303
    assert signed_in(bob).get("/@alice_new/").status_code == 404


def test_an_old_address_tells_nothing_to_those_who_may_not_see(renamed: User, bob: User, mona: User) -> None:
    block(blocker=renamed, blocked=bob)
    assert signed_in(bob).get("/@alice/").status_code == 404
    assert signed_in(bob).post("/@alice/follow/").status_code == 404
    suspend_person(person=renamed, by=mona, reason="Spam")
    assert Client().get("/@alice/").status_code == 404
    assert signed_in(mona).get("/report/?person=alice").status_code == 404


def test_a_mention_stays_with_the_person_it_meant(alice: User, bob: User, charlie: User) -> None:
    Follow.objects.create(follower=alice, followed=bob)
    note = make_note(bob, body="With @Alice and @nobody_yet.")
    comment = make_comment(bob, note, "Thank you, @alice!")
    rename(alice, "alice_new")
    assert mentioned(note) == {"/@alice_new/"}
    let_days_pass(91, note, comment)
    assert rename(charlie, "alice") == 303
    assert mentioned(note) == {"/@alice_new/"}
    save_again(note)
    assert mentioned(note) == {"/@alice_new/"}, "an edit does not hand it over"
    later = make_note(bob, body="With @alice.")
    make_comment(bob, later, "@alice_new is another.")
    assert mentioned(later) == {"/@alice/", "/@alice_new/"}
    block(blocker=alice, blocked=charlie)
    assert mentioned(note, charlie) == set()


def test_a_mention_of_a_resting_handle_means_its_last_person(renamed: User, bob: User) -> None:
    Follow.objects.create(follower=renamed, followed=bob)
    assert mentioned(make_note(bob, body="With @alice.")) == {"/@alice_new/"}
    rename(renamed, "alice")
    assert mentioned(make_note(bob, body="With @alice and @alice_new.")) == {"/@alice/"}


def test_a_mention_never_means_a_person_who_came_later(alice: User) -> None:
    old = make_note(alice, body="With @newcomer.")
    let_days_pass(1, old)
    make_person("newcomer")
    assert mentioned(old) == set()
    save_again(old)
    assert mentioned(old) == {"/@newcomer/"}, "the edit may have added it, and no other person was ever meant"


def test_a_mention_of_a_deleted_person_leads_nowhere(alice: User, bob: User, mona: User) -> None:
    rename(alice, "alice_new")
    note = make_note(bob, body="With @alice and @alice_new.")
    comment = make_comment(bob, note, "@alice @alice_new")
    remove(alice)
    assert mentioned(note) == set()
    assert sign_up("alice") == sign_up("alice_new") == 422
    assert Client().get("/@alice/").status_code == Client().get("/@alice_new/").status_code == 404
    let_days_pass(91, note, comment)
    assert sign_up("alice") == sign_up("alice_new") == 302
    assert mentioned(note) == set()
    save_again(note)
    assert mentioned(note) == set()


def test_nothing_names_the_deleted(alice: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    rename(alice, "unusual_handle_7")
    rename(alice, "unusual_handle_8")
    number, email = alice.pk, alice.email
    remove(alice)
    assert PastHandle.objects.count() == 3
    assert not PastHandle.objects.filter(person__isnull=False).exists()
    call_command("traces", str(number), email, "unusual_handle_7", "unusual_handle_8")


def test_the_database_names_nobody_by_their_handle(alice: User) -> None:
    with pytest.raises(IntegrityError, match="past_handle_hashed_of_nobody"):
        PastHandle.objects.create(person=None, handle="alice", since=ALWAYS)


def test_the_archive_has_ones_own_past_handles(renamed: User) -> None:
    assert [past["handle"] for past in account(renamed)["past_handles"]] == ["alice"]


def test_moderators_read_past_handles(renamed: User, mona: User) -> None:
    page = signed_in(mona).get(f"/admin/profiles/user/{renamed.pk}/change/").content.decode()
    assert "@alice (" in page


@pytest.mark.parametrize("spelled", ["alice", "Alice"])
def test_the_form_says_that_it_is_taken(renamed: User, bob: User, spelled: str) -> None:
    form = ProfileForm({"name": "Bob", "handle": spelled}, person=bob)
    assert form.has_error("handle", "rests")


class TestRaces:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_the_same_rename_sent_twice_counts_once(self, alice: User) -> None:
        data = {"name": "Alice", "handle": "alice_new"}
        assert set(statuses(*[(alice, PROFILE, data)] * 4)) == {303}
        assert PastHandle.objects.count() == 1

    def test_four_renames_at_once_are_three(self, alice: User) -> None:
        posts = [(alice, PROFILE, {"name": "Alice", "handle": f"alice_{number}"}) for number in range(5)]
        assert sorted(statuses(*posts)) == [303, 303, 303, 422, 422]
        assert PastHandle.objects.count() == 3

    def test_a_handle_given_up_and_wanted_at_once_rests(self, alice: User, bob: User, charlie: User) -> None:
        posts = [(alice, PROFILE, {"name": "Alice", "handle": "alice_new"})]
        posts += [(person, PROFILE, {"name": "B", "handle": "alice"}) for person in (bob, charlie)]
        assert statuses(*posts) == [303, 422, 422]

    def test_two_take_one_handle_after_its_rest(self, alice: User, bob: User, charlie: User) -> None:
        change_handle(person=alice, handle="alice_new")
        let_days_pass(91)
        posts = [(person, PROFILE, {"name": "B", "handle": "alice"}) for person in (bob, charlie)]
        assert sorted(statuses(*posts)) == [303, 422]


@pytest.mark.parametrize(
    ("confirmed", "published", "rests"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_only_what_was_confirmed_or_published_rests(
    alice: User, confirmed: bool, published: bool, rests: bool
) -> None:
    """Signing up, again and again, keeps no handle from others."""
    alice.unconfirmed_until = None if confirmed else timezone.now()
    alice.has_published = published
    retire_handles(person=alice)
    assert is_held_back("alice") is rests
