import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dev.bench.measure import is_read
from people.actions.labels import hide_label, withdraw_label
from people.actions.people import suspend_person
from profiles.models import Campus, Label, Positioning, User
from tests.builders import PASSWORD, make_campus, make_label, make_note, make_person, signed_in
from tests.markup import form_in, listed

PATH = "/labels/night-library/"


def people(response: Any) -> list[str]:
    return [person.handle for person in response.context["people"].rows]


def test_who_declares_it_and_their_public_notes(
    client: Client, alice: User, bob: User, charlie: User
) -> None:
    for person, wording in ((alice, "Night Library"), (bob, "night library"), (charlie, "Something else")):
        make_label(person, wording)
        make_note(person, f"By {person.handle}", tags=["campus"])
    make_note(alice, "For followers alone", tags=["campus"], visibility="followers")
    response = client.get(PATH)
    assert people(response) == ["bob", "alice"]
    page = response.content.decode()
    assert "By alice" in page
    assert "By bob" in page
    assert "By charlie" not in page
    assert "For followers alone" not in signed_in(bob).get(PATH).content.decode()


def test_people_with_a_newer_label_are_not_among_them(
    client: Client, alice: User, bob: User, charlie: User, mona: User
) -> None:
    for person in (alice, bob, charlie):
        make_label(person, "Night library", declared_at=timezone.now() - timedelta(days=8))
        make_note(person, f"By {person.handle}", tags=["campus"])
    withdraw_label(person=alice)
    make_label(bob, "Day library")
    suspend_person(person=charlie, by=mona, reason="Spam")
    response = client.get(PATH)
    assert people(response) == []
    assert "By " not in response.content.decode().split("<main")[1]


def test_their_notes_are_those_on_its_topics(client: Client, alice: User, bob: User) -> None:
    """Each person's by their own topics, over pages of the same size."""
    make_label(alice, "Night library", topics=["library"])
    make_label(bob, "Night library", topics=["tea"])
    for number in range(30):
        make_note(alice, f"Fits {number}", tags=["library", "tea"])
        make_note(alice, f"Does not {number}", tags=["tea"])
        make_note(bob, f"Neither {number}", tags=["library"])
    first = client.get(PATH)
    assert len(listed(first)) == 24
    assert "Does not" not in first.text
    assert "Neither" not in first.text
    more = unescape(re.search(r'href="(\?after=[^"]*)"\s+rel="next', first.text)[1])
    assert len(listed(client.get(f"{PATH}{more}"))) == 6


def test_people_stand_there_with_the_campus_that_they_show(client: Client, alice: User, bob: User) -> None:
    for person, name in ((alice, "Linhai University"), (bob, "Hill College")):
        person.campus = make_campus(name)
        person.save()
        make_label(person, "Night library")
    User.objects.filter(pk=bob.pk).update(shows_campus=False)
    for address in (PATH, f"{PATH}?people="):
        page = client.get(address).text
        assert ("Linhai University" in page, "Hill College" in page) == (True, False), address
    Campus.objects.filter(name="Linhai University").update(is_hidden=True)
    assert "Linhai University" not in client.get(PATH).text


def choose(client: Client) -> str:
    found = re.search(r'href="([^"]*)"\s*>Choose this label', client.get(PATH).text)
    return unescape(found[1]) if found else ""


def test_a_label_is_chosen_and_saved_by_nothing_but_the_form(alice: User, bob: User) -> None:
    make_label(alice, "Night library", topics=["library", "tea"])
    browser = signed_in(bob)
    form = browser.get(choose(browser))
    for part in ('value="Night library"', 'value="library, tea"', "It becomes your label once you save it."):
        assert part in form.text, part
    assert not bob.positionings.exists()
    saved = browser.post(choose(browser), form_in(form, "").filled())
    assert saved.status_code == 303
    assert bob.positionings.get().wording == "Night library"
    assert choose(browser) == ""
    assert "This is your label" in browser.get(PATH).text


def test_ones_own_topics_stay_with_another_label(alice: User, bob: User) -> None:
    make_label(alice, "Night library", topics=["library"])
    make_label(bob, "Tea person", topics=["tea", "cups"])
    form = signed_in(bob).get("/settings/label/?choose=night-library").text
    assert 'value="Night library"' in form
    assert 'value="tea, cups"' in form


def test_a_label_that_is_hidden_or_nowhere_fills_in_nothing(alice: User, bob: User, mona: User) -> None:
    hide_label(label=make_label(alice, "Night library").label, by=mona, reason="Insults")
    for slug in ("night-library", "nowhere", "x" * 300, "%22%3E"):
        form = signed_in(bob).get(f"/settings/label/?choose={slug}")
        assert form.status_code == 200
        assert "Night library" not in form.text


def test_a_stranger_chooses_through_sign_up(client: Client, alice: User) -> None:
    make_label(alice, "夜猫子 图书馆", topics=["library"])
    page = client.get("/labels/夜猫子-图书馆/").text
    door = unescape(re.search(r'href="([^"]*)"\s*>Choose this label', page)[1])
    form = form_in(client.get(door), "/accounts/signup/")
    sent = form.filled(email="lin@campus.test", handle="lin_xia", password1=PASSWORD, birth_year="2004")
    step = client.post("/accounts/signup/", sent)["Location"]
    first = client.get(step)
    assert 'value="夜猫子 图书馆"' in first.text
    assert 'aria-current="step"' in first.text
    assert client.post(step, form_in(first, "").filled())["Location"] == "/welcome/profile/"


def test_a_hidden_or_unknown_label_has_no_page(alice: User, mona: User) -> None:
    hide_label(label=make_label(alice, "Night library").label, by=mona, reason="Insults")
    for viewer in (None, alice, mona):
        assert signed_in(viewer).get(PATH).status_code == 404
    assert Client().get("/labels/nothing/").status_code == 404


def test_chinese_addresses(client: Client, alice: User) -> None:
    label = make_label(alice, "夜猫子 图书馆").label
    assert client.get(label.get_absolute_url()).status_code == 200


def test_more_people_have_a_page_of_their_own(client: Client, db: None) -> None:
    handles = []
    for _ in range(15):
        person = make_person()
        make_label(person, "Night library")
        handles.append(person.handle)
    first = client.get(PATH)
    after = first.context["people"].after
    assert f'href="?people={after}"' in first.content.decode()
    rest = client.get(PATH, {"people": after})
    assert people(first) + [person.handle for person in rest.context["page"].rows] == handles[::-1]


def test_the_newest_note_on_a_topic_comes_first_and_nobody_is_lost(client: Client, db: None) -> None:
    """Over pages: people with such notes by the newest, then those without, who declared last first."""
    now, with_notes, without = timezone.now(), [], []
    for number in range(30):
        person = make_person()
        make_label(person, "Night library", topics=["library", f"topic {number}"])
        if number % 3:
            tag = "library" if number % 2 else f"topic {number}"
            days = (7 * number) % 30
            make_note(person, tags=[tag], published_at=now - timedelta(days=days))
            make_note(person, tags=["elsewhere"], published_at=now)
            with_notes.append((days, person.handle))
        else:
            make_note(person, tags=["library"], visibility="followers")
            without.append(person.handle)
    found, after = [], ""
    while True:
        answer = client.get(PATH, {"people": after})
        page = answer.context["page"]
        found += [person.handle for person in page.rows]
        if not (after := page.after):
            break
    assert found == [handle for _days, handle in sorted(with_notes)] + without[::-1]
    assert client.get(PATH, {"people": "i5_5"}).status_code == 200, "a cursor of an older page"


def test_far_down_costs_no_more_where_thousands_have_no_note(client: Client, db: None) -> None:
    """They share the time that the list is ordered by: the index begins behind the cursor all the same."""
    label = Label.objects.worded("Night library")
    crowd = User.objects.bulk_create(
        User(email=f"{number}@crowd.test", handle=f"crowd_{number}", name="Crowd", password="!")
        for number in range(3000)
    )
    said = Positioning.objects.bulk_create(
        Positioning(person=person, label=label, wording="Night library") for person in crowd
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE profiles_positioning, profiles_user")

    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(PATH, {"people": f"t0_{said[50].pk}"}).context["page"].rows) == 12
    for query in queries.captured_queries:
        if is_read(query["sql"]):
            assert most_rows(query["sql"]) < 500, query["sql"]


def most_rows(sql: str) -> int:
    """Return how many rows the busiest step of the query's plan looks at."""

    def looked_at(step: dict[str, Any]) -> int:
        own = (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
        return max([int(own), *(looked_at(part) for part in step.get("Plans", []))])

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
        (plan,) = json.loads(found) if isinstance(found, str) else found
    return looked_at(plan["Plan"])


def test_campus_pages(client: Client, alice: User, bob: User) -> None:
    campus = make_campus("Linhai University", "Linhai")
    make_note(alice, "By the lake", campus=campus)
    make_note(alice, "Elsewhere", campus=make_campus("Another one"))
    make_note(alice, "Not for all", campus=campus, visibility="followers")
    page = signed_in(bob).get("/campuses/linhai-university/").content.decode()
    assert "By the lake" in page
    assert "Linhai</p>" in page
    assert "Elsewhere" not in page
    assert "Not for all" not in page
    assert client.get(make_campus("A new one").get_absolute_url()).status_code == 404
    make_person(campus=make_campus("Named by a profile"))
    assert "No notes from here yet" in client.get("/campuses/named-by-a-profile/").text
    assert client.get("/campuses/nowhere/").status_code == 404


@pytest.mark.parametrize("path", [PATH, "/campuses/linhai-university/"])
def test_posting_is_405(client: Client, alice: User, path: str) -> None:
    make_label(alice, "Night library")
    make_campus()
    assert client.post(path).status_code == 405
