"""People, labels and campuses in admin."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.actions.moderators import moderators
from profiles.models import Campus, Label, User
from tests.builders import (
    PASSWORD,
    make_campus,
    make_comment,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
)

pytestmark = pytest.mark.django_db

PEOPLE, LABELS, CAMPUSES = "/admin/profiles/user/", "/admin/profiles/label/", "/admin/profiles/campus/"
REASON = "Spam, for the third time."


@pytest.fixture
def moderator(mona: User) -> Client:
    return signed_in(mona)


@pytest.fixture
def root(db: None) -> User:
    return make_person("root_1", is_staff=True, is_superuser=True)


def act(browser: Client, path: str, verb: str, *rows: Any) -> Any:
    chosen = {"action": verb, "index": "0", "_selected_action": [str(row.pk) for row in rows]}
    return browser.post(path, chosen, follow=True)


def suspend(browser: Client, person: User) -> Any:
    return browser.post(f"{PEOPLE}{person.pk}/suspend/", {"reason": REASON})


def listed(browser: Client, path: str) -> set[str]:
    return {str(row) for row in browser.get(path).context["cl"].result_list}


def test_suspending_takes_everything_and_restoring_brings_it_back(
    moderator: Client, mona: User, alice: User, bob: User
) -> None:
    note = make_note(alice, "By Alice")
    note.cover = make_photo(alice, note=note, with_files=True)
    note.save()
    bobs = make_note(bob, "By Bob")
    make_comment(alice, bobs, "Said by Alice")
    alices, others = signed_in(alice), [signed_in(bob), signed_in(None)]
    old = f"{note.cover.base}320.jpg"

    def seen(browser: Client) -> list[bool]:
        return [
            browser.get(alice.get_absolute_url()).status_code == 200,
            browser.get(note.get_absolute_url()).status_code == 200,
            "By Alice" in browser.get(reverse("explore")).content.decode(),
            "Said by Alice" in browser.get(bobs.get_absolute_url()).content.decode(),
        ]

    assert all(all(seen(browser)) for browser in others)
    assert moderator.get(f"{PEOPLE}{alice.pk}/suspend/").status_code == 200
    assert suspend(moderator, alice)["Location"] == f"{PEOPLE}{alice.pk}/change/"
    suspend(moderator, alice)
    assert not any(any(seen(browser)) for browser in others)
    assert signed_in(None).get(old).status_code == 404
    assert alices.get(reverse("settings_profile")).status_code == 302  # their session ended
    signing_in = alices.post(
        reverse("account_login"), {"login": alice.email, "password": PASSWORD}, follow=True
    )
    assert not signing_in.context["user"].is_authenticated
    page = moderator.get(f"{PEOPLE}{alice.pk}/change/").content.decode()
    assert REASON in page
    assert "@mona" in page
    assert listed(moderator, f"{PEOPLE}?suspended=yes") == {"@alice"}

    act(moderator, PEOPLE, "restore", alice)
    act(moderator, PEOPLE, "restore", alice)
    assert all(all(seen(browser)) for browser in others)
    assert signed_in(None).get(old).status_code == 404
    messages = LogEntry.objects.order_by("pk").values_list("user", "change_message")
    assert list(messages) == [(mona.pk, f"Suspended: {REASON}"), (mona.pk, "Restored")]


def test_several_are_suspended_for_one_reason(moderator: Client, alice: User, bob: User) -> None:
    answer = act(moderator, PEOPLE, "suspend", alice, bob)
    assert answer.redirect_chain == [(f"{PEOPLE}{alice.pk},{bob.pk}/suspend/", 303)]
    assert moderator.post(answer.redirect_chain[0][0], {"reason": ""}).status_code == 422
    assert moderator.post(answer.redirect_chain[0][0], {"reason": REASON})["Location"] == PEOPLE
    assert set(User.objects.exclude(suspended_at=None)) == {alice, bob}


def test_moderators_and_oneself_are_out_of_reach(moderator: Client, mona: User, root: User) -> None:
    other = make_person("other_mod", is_staff=True)
    for person in (mona, other, root):
        assert suspend(moderator, person).status_code == 404
        assert "nothing to do" in act(moderator, PEOPLE, "suspend", person).content.decode()
    assert suspend(signed_in(root), root).status_code == 404
    assert suspend(signed_in(root), other).status_code == 303
    act(moderator, PEOPLE, "restore", other)
    assert set(User.objects.exclude(suspended_at=None)) == {other}


@pytest.mark.parametrize("who", [None, "charlie"])
def test_others_cannot_suspend(request: pytest.FixtureRequest, who: str | None, alice: User) -> None:
    browser = signed_in(request.getfixturevalue(who) if who else None)
    assert suspend(browser, alice).status_code == (404 if who else 302)
    act(browser, PEOPLE, "suspend", alice)
    alice.refresh_from_db()
    assert alice.suspended_at is None


def test_a_moderator_changes_nothing_of_a_person(moderator: Client, alice: User, mona: User) -> None:
    words = {
        "is_staff": "on",
        "is_superuser": "on",
        "password": "x",
        "email": "x@campus.test",
        "handle": "xxx",
    }
    for person, answer in ((alice, 403), (mona, 404)):
        assert moderator.post(f"{PEOPLE}{person.pk}/change/", words).status_code == answer
        assert moderator.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"}).status_code == answer
        assert moderator.get(f"{PEOPLE}{person.pk}/password/", follow=True).status_code == 404
    assert moderator.post(f"{PEOPLE}add/", words).status_code == 403
    page = moderator.get(f"{PEOPLE}{alice.pk}/change/").content.decode()
    assert alice.email in page
    assert alice.password not in page
    assert "groups" not in page
    assert moderator.get("/admin/auth/group/").status_code == 403
    alice.refresh_from_db()
    assert (alice.is_staff, alice.email) == (False, "alice@campus.test")


def test_no_list_spells_a_password(moderator: Client, root: User) -> None:
    for browser in (moderator, signed_in(root)):
        assert browser.get(f"{PEOPLE}?password__startswith=md5").status_code == 400
        assert browser.get("/admin/notes/note/?author__password__startswith=md5").status_code == 400


def test_a_superuser_says_who_is_a_moderator(root: User, alice: User) -> None:
    browser, address = signed_in(root), f"{PEOPLE}{alice.pk}/change/"
    words = {"is_staff": "on", "is_superuser": "on", "email": "x@campus.test", "password": "x", "name": "X"}
    assert browser.post(address, words).status_code == 302
    alice = User.objects.get(pk=alice.pk)
    assert (alice.is_staff, alice.is_superuser, alice.email) == (True, False, "alice@campus.test")
    assert (alice.name, alice.check_password(PASSWORD)) == ("Alice An", True)
    assert list(alice.groups.all()) == [moderators()]
    assert LogEntry.objects.get().user == root
    browser.post(address, {"groups": [moderators().pk]})
    assert not User.objects.get(pk=alice.pk).is_staff


def test_people_are_found(moderator: Client, alice: User, bob: User) -> None:
    make_label(alice, "Matcha person")
    make_person("unverified_1", verified=False, stage="college", campus=make_campus())
    assert listed(moderator, f"{PEOPLE}?q=ALICE@campus") == {"@alice"}
    assert listed(moderator, f"{PEOPLE}?q=bai") == {"@bob"}
    assert listed(moderator, f"{PEOPLE}?stage__exact=college") == {"@unverified_1"}
    assert listed(moderator, f"{PEOPLE}?is_staff__exact=1") == set(), (
        "moderators are not listed for themselves"
    )
    page = moderator.get(f"{PEOPLE}?q=alice").content.decode()
    assert "Matcha person" in page
    assert "icon-yes" in page
    assert "icon-no" in moderator.get(f"{PEOPLE}?q=unverified").content.decode()


def test_a_label_is_hidden_and_restored(moderator: Client, mona: User, alice: User, bob: User) -> None:
    label = make_label(alice, "Cheap phones daily").label
    make_label(bob, "Night runner")
    assert listed(moderator, f"{LABELS}?q=phones") == {"Cheap phones daily"}
    page, profile = label.get_absolute_url(), alice.get_absolute_url()
    assert signed_in(bob).get(page).status_code == 200
    address = f"{LABELS}{label.pk}/hide/"
    assert moderator.get(address).status_code == 200
    assert moderator.post(address, {"reason": ""}).status_code == 422
    assert moderator.post(address, {"reason": REASON}).status_code == 303
    moderator.post(address, {"reason": "Again."})
    label.refresh_from_db()
    assert (label.hidden_by, label.hidden_reason) == (mona, REASON)
    assert signed_in(bob).get(page).status_code == 404
    assert "Cheap phones daily" not in signed_in(bob).get(profile).content.decode()
    for path in ("add/", f"{label.pk}/delete/"):
        assert moderator.get(LABELS + path).status_code == 403
    assert moderator.post(f"{LABELS}{label.pk}/change/", {"wording": "x"}).status_code == 403
    act(moderator, LABELS, "restore", label)
    assert signed_in(bob).get(page).status_code == 200
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        f"Hidden: {REASON}",
        "Restored",
    ]


def test_a_label_counts_those_who_hold_it_now(moderator: Client, alice: User, bob: User) -> None:
    for person in (alice, bob):
        make_label(person, "Night runner")
    make_label(bob, "Early bird")
    rows = moderator.get(LABELS).context["cl"].result_list
    assert {row.wording: row.holder_count for row in rows} == {"Night runner": 1, "Early bird": 1}
    assert moderator.get(f"{LABELS}?o=3").status_code == 200


def test_campuses_are_added_and_spelt_right(moderator: Client) -> None:
    assert (
        moderator.post(f"{CAMPUSES}add/", {"name": "  Linhai  University ", "city": "Linhai"}).status_code
        == 302
    )
    campus = Campus.objects.get()
    assert (campus.name, campus.normal, campus.slug) == (
        "Linhai University",
        "linhai university",
        "linhai-university",
    )
    for name in ("LINHAI university", "", "\u200b", "x" * 61):
        answer = moderator.post(f"{CAMPUSES}add/", {"name": name})
        assert answer.status_code == 422
        assert answer.context["errors"]
    change = f"{CAMPUSES}{campus.pk}/change/"
    assert (
        moderator.post(change, {"name": "Linhai Normal University", "city": "", "slug": "x"}).status_code
        == 302
    )
    campus = Campus.objects.get()
    assert (campus.normal, campus.city, campus.slug) == ("linhai normal university", "", "linhai-university")
    make_campus("Other")
    assert moderator.post(change, {"name": "OTHER"}).status_code == 422
    assert moderator.post(f"{CAMPUSES}{campus.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Campus.objects.count() == 2


def test_a_list_costs_the_same_whatever_its_length(moderator: Client, mona: User) -> None:
    paths = [PEOPLE, f"{PEOPLE}?q=person&suspended=no", LABELS, CAMPUSES]
    counts: dict[str, list[int]] = {path: [] for path in paths}
    for number in (1, 3, 51):  # a page shows fifty
        while Label.objects.count() < number:
            person = make_person()
            person.campus = make_campus(f"Campus of {person.handle}")
            person.save()
            make_label(person, f"Label of {person.handle}", topics=[person.handle])
        for path in paths:
            moderator.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert len(moderator.get(path).context["cl"].result_list) >= min(number, 50), path
            counts[path].append(len(queries))
    for first, *others in counts.values():
        assert others == [first] * 2, counts
        assert first <= 13, counts
