"""Campuses and tags reveal nothing private: they have a page only if something public uses them, or moderators added
them.
"""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.compose.tagging import tags_named
from notes.explore import channels
from notes.models import Note
from notes.models.public_names import offered_campuses
from notes.models.tags import TagState
from people.actions.campuses import merge_campus
from profiles.models import Campus, User
from tests.builders import make_campus, make_draft, make_label, make_note, make_person, signed_in, status

NOWHERE = "Nobody Named University"


def private_ways(author: User, campus: Campus) -> None:
    """Name the campus and the tag `secret` in everything that is not for everybody."""
    fields = {"campus": campus, "tags": ["secret"]}
    make_note(author, visibility="private", **fields)
    make_note(author, visibility="followers", **fields)
    make_note(author, hidden_at=timezone.now(), **fields)
    draft = make_draft(author, campus=campus)
    draft.tags.set(tags_named(["secret"]))
    for away in ("suspended_at", "leaving_at"):
        gone = make_person(campus=campus, **{away: timezone.now()})
        make_note(gone, **fields)
        make_label(gone, f"Gone {away}", topics=["secret"])
    make_note(make_person(approves_followers=True), **fields)
    make_person(campus=campus, shows_campus=False)


def pages(campus: Campus) -> list[str]:
    return [
        campus.get_absolute_url(),
        "/tags/secret/",
        "/?channel=secret",
        f"{campus.get_absolute_url()}?after=x",
    ]


def everywhere(viewer: User | None) -> str:
    """The pages that offer campuses and tags."""
    browser = signed_in(viewer)
    offers = ["/", "/sitemaps/campuses-0.xml", "/sitemaps/tags-0.xml"]
    offers += ["/notes/new/", "/settings/profile/"] if viewer else []
    return "".join(browser.get(path).text for path in offers)


@pytest.mark.parametrize("who", ["alice", "charlie", "mona", None])
def test_what_only_private_things_name_is_as_if_it_were_not(
    alice: User, charlie: User, mona: User, who: str | None
) -> None:
    campus = make_campus(NOWHERE)
    private_ways(alice, campus)
    viewer = {"alice": alice, "charlie": charlie, "mona": mona, None: None}[who]
    browser = signed_in(viewer)
    unused = browser.get("/campuses/never-named/")
    for page in pages(campus):
        response = browser.get(page)
        assert response.status_code == 404
    assert browser.get(campus.get_absolute_url()).text.replace(campus.slug, "never-named") == unused.text
    told = everywhere(viewer)
    assert (NOWHERE in told, "secret" in told) == (False, False)


@pytest.mark.parametrize("way", ["note", "profile", "moderator"])
def test_what_everybody_may_see_names_a_campus(alice: User, charlie: User, mona: User, way: str) -> None:
    if way == "moderator":
        signed_in(mona).post("/admin/profiles/campus/add/", {"name": NOWHERE, "city": ""})
    campus = make_campus(NOWHERE)
    if way == "note":
        make_note(alice, campus=campus)
    if way == "profile":
        User.objects.filter(pk=alice.pk).update(campus=campus)
    assert signed_in(charlie).get(campus.get_absolute_url()).status_code == 200
    assert NOWHERE in everywhere(charlie)


@pytest.mark.parametrize("way", ["note", "label"])
def test_what_everybody_may_see_names_a_tag(alice: User, way: str) -> None:
    if way == "note":
        note = make_note(alice, tags=["secret"])
        assert "secret" in [topic.name for topic in channels.busiest()]
        assert status(Client(), "/tags/secret/") == 200
        Note.objects.filter(pk=note.pk).update(visibility="private")
        assert status(Client(), "/tags/secret/") == 404, "from then on no public note has it"
    else:
        make_label(alice, "Keeps one", topics=["secret"])
        assert status(Client(), "/tags/secret/") == 200


def test_no_link_of_a_private_note_leads_nowhere(alice: User) -> None:
    note = make_note(
        alice,
        body="About #secret",
        tags=["secret", "more"],
        visibility="private",
        campus=make_campus(NOWHERE),
    )
    page = signed_in(alice).get(note.get_absolute_url()).text
    assert NOWHERE in page
    for address in ("/tags/secret/", "/tags/more/", note.campus.get_absolute_url()):
        assert address not in page


def test_moderators_hide_a_campus_and_a_tag(alice: User, mona: User) -> None:
    campus = make_campus(NOWHERE)
    note = make_note(alice, campus=campus, tags=["secret"])
    tag = tags_named(["secret"])[0]
    browser = signed_in(mona)
    edit = f"/admin/profiles/campus/{campus.pk}/change/"
    for is_hidden in (True, False):
        on = {"is_hidden": "on"} if is_hidden else {}
        assert browser.post(edit, {"name": NOWHERE, "city": "", **on}).status_code == 302
        assert browser.post(f"/admin/taggit/tag/{tag.pk}/change/", on).status_code == 302
        for page in pages(campus):
            assert status(Client(), page) == (404 if is_hidden else 200)
        assert (NOWHERE in everywhere(alice)) is not is_hidden
        shown = Client().get(note.get_absolute_url()).text
        assert ("/tags/secret/" in shown, campus.get_absolute_url() in shown) == (not is_hidden,) * 2
    assert LogEntry.objects.filter(user=mona).count() == 4


def test_moderators_merge_campuses(alice: User, bob: User, mona: User) -> None:
    right, wrong = make_campus("Linhai University"), make_campus("Linhai Univ")
    note = make_note(alice, campus=wrong)
    private = make_note(alice, campus=wrong, visibility="private")
    User.objects.filter(pk=bob.pk).update(campus=wrong)
    asked = {"name": wrong.name, "city": "", "into": "linhai  university"}
    assert signed_in(mona).post(f"/admin/profiles/campus/{wrong.pk}/change/", asked).status_code == 302
    for row in (note, private, bob):
        row.refresh_from_db()
        assert row.campus == right
    response = Client().get(wrong.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, right.get_absolute_url())
    assert Campus.objects.named("LINHAI univ") == right
    assert "Linhai Univ<" not in everywhere(alice)
    assert LogEntry.objects.filter(object_id=right.pk).exists()
    Note.objects.all().update(visibility="private")
    User.objects.all().update(campus=None)
    assert status(Client(), wrong.get_absolute_url()) == 404, "nor does its old address tell"
    merge_campus(campus=right, into=wrong)
    right.refresh_from_db()
    assert right.merged_into is None, "never in a circle"


def test_moderators_merge_tags(alice: User, bob: User, mona: User) -> None:
    wrong, right = tags_named(["guangzhou food", "canton food"])
    both = make_note(alice, tags=["guangzhou food", "canton food"])
    one = make_note(alice, tags=["guangzhou food", "tea"])
    label = make_label(bob, "Eats", topics=["guangzhou food", "tea", "canton food"])
    asked = {"into": "#Canton food"}
    assert signed_in(mona).post(f"/admin/taggit/tag/{wrong.pk}/change/", asked).status_code == 302
    assert list(both.tags.names()) == ["canton food"]
    assert set(one.tags.names()) == {"canton food", "tea"}
    places = label.topic_places.order_by("position").values_list("tag__name", flat=True)
    assert list(places) == ["canton food", "tea"]
    response = Client().get(f"/tags/{wrong.slug}/")
    assert (response.status_code, response["Location"]) == (301, f"/tags/{right.slug}/")
    assert tags_named(["Guangzhou Food", "canton food"]) == [right]
    assert TagState.objects.get().merged_into == right
    assert LogEntry.objects.filter(object_id=right.pk).exists()


@pytest.mark.parametrize("model", ["profiles/campus", "taggit/tag"])
def test_only_moderators_do(alice: User, model: str) -> None:
    make_note(alice, campus=make_campus(), tags=["tea"])
    for browser in (signed_in(alice), Client()):
        assert browser.get(f"/admin/{model}/").status_code in {302, 404}


def test_asking_costs_the_same_whatever_is_private(alice: User, django_assert_num_queries: object) -> None:
    make_note(alice, campus=make_campus("Shown"))
    for number in range(3):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert offered_campuses() == ["Shown"]
        for more in range(24 * number):
            make_draft(alice, campus=make_campus(f"Hidden {number} {more}"))


def test_asking_costs_the_same_however_many_people_and_notes_there_are(alice: User) -> None:
    """Also for unused campuses, of which there may be thousands."""
    named, *_others = [make_campus(f"Campus {number}") for number in range(40)]

    def buffers() -> int:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE profiles_user, notes_note, profiles_campus")
        with CaptureQueriesContext(connection) as queries:
            assert offered_campuses() == [named.name]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {queries[0]['sql']}")
            (plan,) = cursor.fetchone()
        found = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        return found["Shared Hit Blocks"] + found["Shared Read Blocks"]

    def fill(number: int) -> None:
        first = User.objects.count()
        User.objects.bulk_create(
            User(handle=f"many_{pk}", name="Many", email=f"many_{pk}@campus.test", campus=named)
            for pk in range(first, first + number)
        )
        Note.objects.bulk_create(
            Note(author=alice, title="Many", campus=named, status="published", published_at=timezone.now())
            for _ in range(number)
        )

    fill(200)
    few = buffers()
    fill(3_000)
    assert buffers() < 2 * few
