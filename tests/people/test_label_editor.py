import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.dates import calendar_day
from people.actions.labels import hide_label, withdraw_label
from profiles.models import Positioning, User
from tests.builders import make_label, signed_in
from tests.markup import words

PATH = "/settings/label/"
LEAVE = "/settings/label/delete/"
WORDS = {
    "label": "Campus plog master",
    "statement": "Where to sit",
    "topics": "Campus, food",
    "audience": "college",
}


def save(person: User, **changed: str) -> Any:
    return signed_in(person).post(PATH, WORDS | changed)


def test_saving_leads_to_the_profile_that_shows_it(alice: User) -> None:
    client = signed_in(alice)
    response = client.post(PATH, WORDS)
    assert (response.status_code, response["Location"]) == (303, "/@alice/")
    page = client.get("/@alice/").content.decode()
    assert "Campus plog master" in page
    assert "Where to sit" in page
    said = Positioning.objects.get()
    assert (said.person, said.audience) == (alice, "college")
    assert [tag.name for tag in said.topics_in_order()] == ["campus", "food"]


def test_twice_is_once(alice: User) -> None:
    client = signed_in(alice)
    for _ in range(2):
        assert client.post(PATH, WORDS).status_code == 303
    assert Positioning.objects.count() == 1


def test_the_form_shows_what_is_declared(alice: User) -> None:
    make_label(alice, "Campus plog", topics=["food", "campus"], statement="Where to sit", audience="campus")
    page = signed_in(alice).get(PATH).content.decode()
    for part in ('value="Campus plog"', 'value="food, campus"', ">\nWhere to sit</textarea>", "No label yet"):
        assert part in page
    assert re.search(r'value="campus"[^>]*checked', page)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("label", "", "required"),
        ("label", "x", "at least two characters"),
        ("label", "字", "at least two characters"),
        ("label", "a" * 33, "1 character too long"),
        ("label", "一二三四五六七八九十一二三四五六七", "2 characters too long"),
        ("label", "!!!", "needs a letter or a digit"),
        ("label", "plog\x00master", "invisible control characters"),
        ("label", "\u200b\u200b", "This has no visible text"),
        ("label", "ﷺ" * 32, "plainer characters"),
        ("label", "ab" + "\u0301" * 64, "Too many marks"),
        ("statement", "a" * 141, "1 character too long"),
        ("topics", "", "at least one topic"),
        ("topics", "a,b,c,d,e,f", "At most 5"),
        ("topics", "!!", "needs a letter"),
        ("audience", "aliens", "Select a valid choice"),
    ],
)
def test_bad_input_is_422_and_kept(alice: User, field: str, value: str, message: str) -> None:
    response = save(alice, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "Where to sit" in page or field == "statement"
    assert not Positioning.objects.exists()


@pytest.mark.parametrize(
    "label",
    ["a" * 32, "校园生活记录者第一名在这里呀呀呀", "Café ☕", "👩‍🔬 lab", "é" * 32, "  two   words  "],
)
def test_what_fits_is_taken(alice: User, label: str) -> None:
    assert save(alice, label=label).status_code == 303


def test_long_statements_of_any_script_fit_the_column(alice: User) -> None:
    assert save(alice, statement="👩‍👩‍👧‍👦" * 140).status_code == 303


def test_too_soon_names_the_date_and_keeps_the_rest(alice: User) -> None:
    said = make_label(alice, "Canteen diary", topics=["food"], declared_at=timezone.now() - timedelta(days=2))
    response = save(alice, label="Library hermit")
    assert response.status_code == 422
    page = response.content.decode()
    assert calendar_day(said.declared_at + timedelta(days=7)) in page
    assert "Library hermit" in page
    assert alice.positionings.get().wording == "Canteen diary"


def test_the_holder_of_a_hidden_label_is_asked_to_choose_another(alice: User, bob: User, mona: User) -> None:
    said = make_label(alice, "Rude words")
    hide_label(label=said.label, by=mona, reason="Insults a person")
    for path in (PATH, "/@alice/"):
        page = signed_in(alice).get(path).content.decode()
        assert "A moderator has hidden the label" in page, path
    assert "Insults a person" in page
    assert "Rude words" not in signed_in(bob).get("/@alice/").content.decode()
    assert "Choose another" in save(alice, label="rude WORDS").content.decode()
    assert save(alice).status_code == 303


def test_leaving_a_label_asks_first_and_keeps_its_words(alice: User) -> None:
    said = make_label(
        alice, "Campus plog", topics=["tea", "food"], statement="Where to sit", audience="campus"
    )
    client = signed_in(alice)
    assert f'href="{LEAVE}"' in client.get(PATH).text
    asked = client.get(LEAVE)
    assert "Remove the label “Campus plog”?" in words(asked)
    assert said in alice.positionings.current(), "a look changes nothing"
    for _ in range(2):
        assert client.post(LEAVE)["Location"] == PATH
    assert not alice.positionings.current().exists()
    assert client.get(LEAVE)["Location"] == PATH, "nothing to leave"

    offered = client.get(PATH).text
    assert "Labels you used before" in offered
    assert f'href="?again={said.pk}"' in offered
    filled = client.get(f"{PATH}?again={said.pk}").text
    for part in ('value="Campus plog"', 'value="tea, food"', ">\nWhere to sit</textarea>", "Filled in above"):
        assert part in filled, part
    assert not alice.positionings.current().exists()


@pytest.mark.parametrize("again", ["", "x", "0", "9" * 30, "٣", "1\u00002"])
def test_only_a_former_label_of_ones_own_is_filled_in(alice: User, charlie: User, again: str) -> None:
    theirs = make_label(charlie, "Rice cook")
    withdraw_label(person=charlie)
    for asked in (again, str(theirs.pk)):
        response = signed_in(alice).get(PATH, {"again": asked})
        assert response.status_code == (400 if "\0" in asked else 200)
        assert "Rice cook" not in response.text


def declare_on(day: Any, person: User, wording: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: day)
        make_label(person, wording)


def test_a_former_label_is_offered_once_and_not_while_it_is_declared(alice: User, mona: User) -> None:
    now = timezone.now()
    for days, wording in ((90, "Rude words"), (60, "Rice cook"), (40, "Tea person"), (20, "Rice COOK")):
        declare_on(now - timedelta(days=days), alice, wording)
    hide_label(label=alice.positionings.get(wording="Rude words").label, by=mona, reason="Insults")
    offered = signed_in(alice).get(PATH).text.partition("Labels you used before")[2]
    assert ("Tea person" in offered, "Rice" in offered, "Rude" in offered) == (True, False, False)
    declare_on(now - timedelta(days=9), alice, "Tea person")
    offered = signed_in(alice).get(PATH).text.partition("Labels you used before")[2]
    assert (offered.count("Use again"), "Rice COOK" in offered) == (1, True)


def test_visitors_and_other_methods(client: Client, alice: User) -> None:
    for path in (PATH, "/settings/label/delete/"):
        assert client.post(path, WORDS).status_code == 302, "signed out: to sign in"
    assert client.get(PATH)["Location"] == "/accounts/login/?next=/settings/label/"
    assert signed_in(alice).put(PATH).status_code == 405
    assert signed_in(alice).put(LEAVE).status_code == 405
    assert not Positioning.objects.exists()
