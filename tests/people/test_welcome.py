"""The three steps after signing up: skipped, taken, revisited, sent twice, and with a page to continue to."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from people.actions.blocks import block
from profiles.models import Campus, Positioning, User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in, upload
from tests.markup import form_in, main_html, words

LABEL, PROFILE, PEOPLE, DONE = (
    "/settings/label/?welcome=1",
    "/welcome/profile/",
    "/welcome/people/",
    "/?welcome=done",
)


@pytest.fixture
def new(db: None) -> User:
    return make_person("new_here", verified=False)


def link(page: Any, name: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*>\s*{name}\s*</a>', page.text)
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize("onward", ["", "/about/"])
def test_each_step_can_be_skipped_and_come_back_to(new: User, onward: str) -> None:
    client, asked = signed_in(new), f"next={onward.replace('/', '%2F')}" if onward else ""
    first = client.get(f"{LABEL}&{asked}" if asked else LABEL)
    second = client.get(link(first, "Skip for now"))
    third = client.get(link(second, "Skip for now"))
    assert [page.request["PATH_INFO"] for page in (first, second, third)] == [
        "/settings/label/",
        PROFILE,
        PEOPLE,
    ]
    assert link(third, "Finish") == (onward or DONE)
    for page in (first, second):
        assert link(page, "Finish later") == (onward or DONE)
    for page, current in ((first, "Label"), (second, "Profile"), (third, "People")):
        addresses = [link(page, name) for name in ("Label", "Profile", "People")]
        assert [client.get(address).status_code for address in addresses] == [200] * 3
        assert re.search(rf'aria-current="step"[^>]*>\s*{current}', page.text)
    assert not Positioning.objects.exists()


def test_taken_one_after_the_other_and_each_twice(new: User) -> None:
    client = signed_in(new)
    campus = make_campus("Linhai University")
    make_note(make_person(), campus=campus)
    said = form_in(client.get(LABEL), "").filled(label="Night library", topics="library")
    introduced = form_in(client.get(PROFILE), "").filled(name="Lin Xia", campus="linhai university")
    for _ in range(2):
        assert client.post(LABEL, said)["Location"] == PROFILE
        answer = client.post(PROFILE, introduced | {"avatar": upload("me.jpg")})
        assert (answer.status_code, answer["Location"]) == (303, PEOPLE)
    new.refresh_from_db()
    assert (new.name, new.campus, new.handle) == ("Lin Xia", campus, "new_here")
    assert new.avatar_waiting
    assert Positioning.objects.get().wording == "Night library"
    assert Campus.objects.count() == 1


def test_the_steps_say_what_was_done_above_the_form_and_in_no_toast(new: User) -> None:
    client = signed_in(new)
    said = form_in(client.get(LABEL), "").filled(label="Night library", topics="library")
    page = client.post(LABEL, said, follow=True)
    assert "Label saved" in main_html(page).partition("<form")[0]
    assert 'class="toast"' not in page.text


def test_what_the_second_step_does_not_ask_for_stays(new: User) -> None:
    User.objects.filter(pk=new.pk).update(bio="Tea.", stage="college", language="en", is_indexed=False)
    client = signed_in(new)
    client.post(PROFILE, form_in(client.get(PROFILE), "").filled(name="Lin"))
    new.refresh_from_db()
    assert (new.name, new.bio, new.stage, new.language, new.is_indexed) == (
        "Lin",
        "Tea.",
        "college",
        "en",
        False,
    )


def test_bad_input_comes_back_with_its_words(new: User) -> None:
    client = signed_in(new)
    page = client.post(
        PROFILE, {"name": "", "campus": "Linhai", "city": "Linhai", "avatar": upload("me.jpg")}
    )
    assert page.status_code == 422
    assert 'value="Linhai"' in page.text
    assert "Choose the photo again" in page.text
    page = client.post(PROFILE, {"name": "Lin", "avatar": upload("me.txt", b"no picture")})
    assert page.status_code == 422
    assert 'value="Lin"' in page.text
    new.refresh_from_db()
    assert (new.name, new.campus, new.avatar_waiting) == ("new_here", None, "")


def test_real_labels_are_the_examples_of_the_first(new: User, alice: User, bob: User) -> None:
    make_label(alice, "Night library", topics=["library"])
    make_note(alice, tags=["library"])
    make_label(bob, "Says nothing")
    client = signed_in(new)
    page = client.get(f"{LABEL}&next=/about/")
    assert "What others call themselves" in page.text
    assert "Says nothing" not in page.text
    example = unescape(re.search(r'href="([^"]*choose=[^"]*)"', page.text)[1])
    chosen = client.get(example)
    assert 'value="Night library"' in chosen.text
    assert "next=%2Fabout%2F" in link(chosen, "Skip for now")
    assert "What others call themselves" not in client.get("/settings/label/").text
    assert not new.positionings.exists()


def test_three_people_by_campus_and_topics(new: User, alice: User) -> None:
    client = signed_in(new)
    assert "Nobody to suggest yet" in words(client.get(PEOPLE))
    campus = make_campus()
    for number in range(5):
        person = make_person(f"near_{number}", campus=campus)
        make_note(person, campus=campus)
    make_note(alice, tags=["tea"])
    User.objects.filter(pk=new.pk).update(campus=campus)
    make_label(new, "Tea person", topics=["tea"])
    block(blocker=User.objects.get(handle="near_4"), blocked=new)
    User.objects.filter(handle="near_3").update(approves_followers=True)
    found = re.findall(r'formaction="/@(\w+)/follow/"', client.get(PEOPLE).text)
    assert len(found) == 3
    assert not {"near_3", "near_4"} & set(found)
    assert client.post(f"/@{found[0]}/follow/", {"next": PEOPLE})["Location"].startswith(f"{PEOPLE}#person-")
    assert found[0] not in re.findall(r'formaction="/@(\w+)/follow/"', client.get(PEOPLE).text)


def test_the_end_says_what_is_next_and_what_waits(new: User, alice: User) -> None:
    for _ in range(30):
        make_note(alice)
    page = signed_in(new).get(DONE)
    assert "Next: confirm your address, then post your first note." in words(page)
    assert "Until then, publishing and commenting wait." in words(page)
    assert "welcome=done" not in page.text.partition('class="more"')[2].partition("</li>")[0]
    confirmed = words(signed_in(alice).get(DONE))
    assert "Next: post your first note." in confirmed
    assert "Until then" not in confirmed
    for viewer, path in ((alice, "/"), (new, "/"), (None, DONE)):
        assert "Next:" not in words(signed_in(viewer).get(path))


def test_only_for_those_who_are_signed_in(client: Client, db: None) -> None:
    for path in (PROFILE, PEOPLE):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    assert signed_in(make_person()).post(PEOPLE).status_code == 405


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_no_step_leads_to_another_site(new: User, onward: str) -> None:
    client = signed_in(new)
    for path in (LABEL, PROFILE, PEOPLE):
        page = client.get(f"{path}{'&' if '?' in path else '?'}next={onward}")
        assert not re.search('href="[^"]*(evil|alert)', page.text)
