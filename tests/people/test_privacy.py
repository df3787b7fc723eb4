"""Opting out of search engines, and hiding one's campus."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from people.views import indexing
from profiles.models import User
from tests.builders import make_campus, make_draft, make_label, make_note, make_person, make_photo, signed_in
from tests.markup import form_in, words
from tests.people.test_avatar import give_picture
from tests.people.test_settings import save

PATH = "/settings/privacy/"
NOINDEX = '<meta name="robots" content="noindex">'


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept_out(handle: str = "alice", **fields: Any) -> User:
    return make_person(handle, is_indexed=False, **fields)


def privacy(person: User) -> tuple[bool, bool, bool]:
    person.refresh_from_db()
    return person.is_indexed, person.shows_campus, person.approves_followers


def pages_of_sitemap(client: Client) -> list[str]:
    return [
        part.split("</loc>")[0].partition("testserver")[2]
        for part in client.get("/sitemap.xml").text.split("<loc>")[1:]
    ]


def listed(client: Client) -> str:
    """Return all addresses of all pages of the sitemap."""
    return "".join(client.get(page).text for page in pages_of_sitemap(client))


@pytest.mark.django_db
def test_most_accounts_start_open(alice: User) -> None:
    save(alice, stage="college")
    assert privacy(alice) == (True, True, False)


@pytest.mark.django_db
def test_high_school_starts_closed_and_stays_as_chosen(alice: User) -> None:
    save(alice, stage="high_school")
    assert privacy(alice) == (False, False, True)
    signed_in(alice).post(PATH, {"shows_campus": "on"})
    save(alice, stage="high_school", bio="Still here.")
    assert privacy(alice) == (True, True, False), "what was chosen is not undone by saving again"
    save(alice, stage="")
    assert privacy(alice) == (True, True, False)


@pytest.mark.django_db
def test_who_has_public_notes_is_asked_before_followers_are_approved(alice: User) -> None:
    """The page names how many turn: one press says yes, and to leave the box open is to say no."""
    note, draft = make_note(alice), make_draft(alice)
    response = save(alice, stage="high_school")
    assert response["Location"] == f"{PATH}?school=1"
    assert privacy(alice) == (False, False, False)
    client = signed_in(alice)
    page = client.get(response["Location"])
    assert "Your 1 public note would be for followers only then" in words(page)
    asked = form_in(page, "")
    assert asked.fields["approves_followers"] == ["on"]
    note.refresh_from_db()
    assert (note.visibility, privacy(alice)) == ("public", (False, False, False)), "to look changes nothing"
    left_open = {name: value for name, value in asked.fields.items() if name != "approves_followers"}
    assert client.post(f"{PATH}?school=1", left_open)["Location"] == PATH
    assert privacy(alice) == (False, False, False)
    assert client.post(f"{PATH}?school=1", asked.fields)["Location"] == PATH
    assert privacy(alice) == (False, False, True)
    for each in (note, draft):
        each.refresh_from_db()
        assert each.visibility == "followers"


@pytest.mark.django_db
def test_who_has_none_is_told(alice: User, bob: User) -> None:
    draft = make_draft(alice)
    response = save(alice, stage="high_school")
    page = signed_in(alice).get(response["Location"])
    assert "People who want to follow you wait for your approval." in words(page)
    assert "would be for followers only" not in words(page)
    draft.refresh_from_db()
    assert draft.visibility == "followers"
    assert "You said high school" not in words(signed_in(bob).get(f"{PATH}?school=1"))


@pytest.mark.django_db
def test_the_switches(alice: User) -> None:
    client = signed_in(alice)
    page = client.get(PATH).text
    assert page.count('type="checkbox"') == 6
    for _ in range(2):
        response = client.post(PATH, {"keep_out": "on"})
        assert (response.status_code, response["Location"]) == (303, PATH)
        assert privacy(alice) == (False, False, False)
    client.post(PATH, {"shows_campus": "on"})
    assert privacy(alice) == (True, True, False)
    assert not alice.shares_stage, "A stage is not counted before its person consents."
    client.post(PATH, {"shows_campus": "on", "shares_stage": "on"})
    assert privacy(alice) == (True, True, False)
    assert alice.shares_stage
    assert f'href="{PATH}"' in client.get("/settings/profile/").text


@pytest.mark.django_db
def test_the_switches_are_ones_own(client: Client) -> None:
    assert client.get(PATH)["Location"] == f"/accounts/login/?next={PATH}"
    assert client.post(PATH, {"keep_out": "on"}).status_code == 302
    assert client.put(PATH).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("is_indexed", [True, False])
def test_pages_and_files_of_who_keeps_out_say_so(client: Client, is_indexed: bool) -> None:
    person = make_person("alice", is_indexed=is_indexed)
    note = make_note(person)
    photo = make_photo(person, note=note, with_files=True)
    token = give_picture(person).avatar_token
    for path in ("/@alice/", "/@alice/followers/", "/@alice/following/", note.get_absolute_url()):
        assert (NOINDEX in client.get(path).text) is not is_indexed, path
    for path in (f"{photo.base}320.jpg", f"/avatars/{token}-square96.jpg"):
        response = client.get(path)
        response.getvalue()
        assert response.get("X-Robots-Tag") == (None if is_indexed else "noindex"), path


@pytest.mark.django_db
@pytest.mark.parametrize("shows_campus", [True, False])
def test_a_campus_that_is_not_shown(client: Client, shows_campus: bool) -> None:
    person = make_person("alice", campus=make_campus("Linhai University"), shows_campus=shows_campus)
    own = signed_in(person)
    assert ("Linhai University" in client.get("/@alice/").text) is shows_campus
    assert ('name="campus" value="Linhai University"' in own.get("/notes/new/").text) is shows_campus
    assert 'value="Linhai University"' in own.get("/settings/profile/").text, (
        "the person's own settings know it"
    )


@pytest.mark.django_db
def test_robots_name_the_sitemap_and_nobody(client: Client) -> None:
    kept_out()
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "Sitemap: http://testserver/sitemap.xml" in response.text
    assert "@" not in response.text, "a list of those who keep out would be a list of the young"


@pytest.mark.django_db
def test_the_sitemap_holds_what_may_be_listed(client: Client) -> None:
    open_person, closed = make_person("bob"), kept_out()
    for person, word in ((open_person, "open"), (closed, "closed")):
        make_label(person, f"{word} label", topics=[f"{word} topic"])
        make_note(person, tags=[f"{word} tag"], campus=make_campus(f"{word} campus"))
    unseen = [
        make_note(open_person, visibility="private", tags=["secret"]),
        make_note(open_person, visibility="followers"),
        make_draft(open_person),
    ]
    found = listed(client)
    assert "/@bob/<" in found
    for path in ("/labels/open-label/", "/campuses/open-campus/", "/tags/open-tag/"):
        assert f"<loc>http://testserver{path}</loc>" in found
    assert found.count("/notes/") == 1
    assert "<lastmod>" in found
    for word in ("@alice", "closed", "secret", *(note.get_absolute_url() for note in unseen)):
        assert word not in found


@pytest.mark.django_db
def test_the_suspended_leave_the_sitemap(client: Client, alice: User, mona: User) -> None:
    from people.actions.people import suspend_person

    note = make_note(alice)
    suspend_person(person=alice, by=mona, reason="Spam")
    assert "alice" not in listed(client)
    assert note.get_absolute_url() not in listed(client)


@pytest.mark.django_db
def test_the_sitemap_comes_in_pages(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "PAGE_IDS", 2)
    notes = [make_note(alice) for _ in range(5)]
    # Ids go on from test to test: of the pages before, hundreds may be empty.
    pages = [page for page in pages_of_sitemap(client) if "/notes-" in page][-4:]
    found = "".join(client.get(page).text for page in pages)
    assert [found.count(note.get_absolute_url()) for note in notes] == [1] * 5
    last = notes[-1].pk // 2
    assert client.get(f"/sitemaps/notes-{last}.xml").text.count("<loc>") <= 2
    assert client.get(f"/sitemaps/notes-{last + 9}.xml").status_code == 404, (
        "or made-up pages push real ones out"
    )
    assert client.get("/sitemaps/nothing-0.xml").status_code == 404
    assert client.get(f"/sitemaps/notes-{10**30}.xml").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("cached")
def test_the_sitemap_asks_once_a_page(client: Client, alice: User, django_assert_num_queries: Any) -> None:
    page = f"/sitemaps/notes-{make_note(alice).pk // indexing.PAGE_IDS}.xml"
    with django_assert_num_queries(2):
        first = client.get(page)
    with django_assert_num_queries(1):
        assert client.get(page).content == first.content
    assert first["Cache-Control"] == "public, max-age=600"


@pytest.mark.django_db
@pytest.mark.usefixtures("cached")
def test_the_sitemap_leaves_out_within_ten_minutes_who_keeps_out(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [("people", alice.pk), ("notes", make_note(alice).pk)]
    people, notes = (f"/sitemaps/{name}-{pk // indexing.PAGE_IDS}.xml" for name, pk in at)
    clock = 1_200_000.0
    monkeypatch.setattr(indexing, "monotonic", lambda: clock)
    assert "/@alice/<" in client.get(people).text
    signed_in(alice).post(PATH, {"keep_out": "on"})
    clock += 599.0
    assert "/@alice/<" in client.get(people).text
    clock += 1.0
    for page in (people, notes):
        assert "<loc>" not in client.get(page).text
    assert "within twenty minutes" in signed_in(alice).get(PATH).text


@pytest.mark.django_db
@pytest.mark.usefixtures("cached")
def test_the_sitemap_has_the_addresses_of_the_host_it_is_asked_by(alice: User) -> None:
    for host in ("one.test", "two.test:8001"):
        found = (
            Client(headers={"Host": host}).get(f"/sitemaps/people-{alice.pk // indexing.PAGE_IDS}.xml").text
        )
        assert f"<loc>http://{host}/@alice/</loc>" in found
        assert "invalid" not in found
