"""The page of search: every kind alone and together, filters by link, and any address at all."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.limits import Limit
from notes.models import Note, Source
from notes.readers import write_buffer
from notes.readers.events import Showing
from profiles.models import User
from search.asked import QUERY_MAX
from search.forms import KINDS
from search.models import RecentSearch
from tests.builders import make_campus, make_label, make_note, make_person, make_photo, signed_in
from tests.markup import form_in, listed, words

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
CURRENT = re.compile(r'href="([^"]*)"[^>]*aria-current="true"[^>]*>(?:<bdi>)?([^<]*)')


def search(browser: Client, q: str = "library", **parameters: str) -> HttpResponse:
    answer: HttpResponse = browser.get("/search/", {"q": q, **parameters})
    assert answer.status_code == 200
    return answer


def links(answer: HttpResponse) -> dict[str, str]:
    """Address by the text of each link."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', answer.text, re.DOTALL)
    return {
        " ".join(re.sub("<[^>]*>", " ", text).split()): href.replace("&amp;", "&") for href, text in found
    }


@pytest.fixture
def shown(alice: User, bob: User) -> Note:
    """One of each kind with the same word."""
    make_label(alice, "Library cat")
    campus = make_campus("Library College")
    make_person("library_lin", name="Lin of the Library")
    return make_note(alice, "A quiet library table", body="图书馆三楼", tags=["library"], campus=campus)


def test_nothing_typed_shows_what_to_try(client: Client, shown: Note) -> None:
    for address in ("/search/", "/search/?q=", "/search/?q=+&kind=people&sort=latest"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "What you can search for" in words(answer)
        assert listed(answer) == [], "nothing does not match everything"
        assert '<input type="hidden" name="kind"' in answer.text or "kind" not in address


def test_all_kinds_together_and_each_alone(client: Client, shown: Note) -> None:
    together = search(client)
    assert listed(together) == [shown.pk]
    for text in ("Lin of the Library", "Library cat", "Library College", 'href="/tags/library/"'):
        assert text in together.text
    tabs = links(together)
    for kind, name in zip(KINDS, ("Notes", "People", "Tags", "Labels", "Campuses"), strict=True):
        assert tabs[name] == f"?{urlencode({'q': 'library', 'kind': kind})}"
        alone = client.get(f"/search/{tabs[name]}")
        assert (f"?q=library&amp;kind={kind}", name) in CURRENT.findall(alone.text)
        assert ("Lin of the Library" in alone.text) is (kind == "people")
        assert ('href="/tags/library/"' in alone.text) is (kind == "tags")
        assert (listed(alone) == [shown.pk]) is (kind == "notes")
    assert "/labels/library-cat/" in search(client, kind="labels").text
    assert "/campuses/library-college/" in search(client, kind="campuses").text


def test_robots_do_not_index_what_was_found(client: Client, shown: Note) -> None:
    assert '<meta name="robots" content="noindex">' in search(client).text


@pytest.mark.parametrize(
    "q",
    [
        *(
            "%",
            "_",
            "\\",
            "'",
            '"',
            ":*",
            "-tea",
            "&|!",
            "tea & !x",
            "library:*",
            "<script>alert(1)</script>",
            "😀",
        ),
        *(
            "\x00",
            "li\x00brary",
            "\ud800",
            "e" + "\u0301" * 60,
            "\u202elibrary",
            "ﬀ",
            "#",
            "@",
            "#library",
            "@alice",
        ),
        *(
            "（）",
            "　",
            "\u200b",
            "library\r\nSet-Cookie: x",
            "x" * 700,
            "馆" * 300,
            "{{ 7 }}",
            "..",
            "/",
            "?&=#",
        ),
    ],
)
def test_whatever_is_typed_is_searched_for(client: Client, shown: Note, q: str) -> None:
    typed = quote(q.encode("utf-8", "surrogatepass"))
    for kind in ("", *KINDS):
        answer = client.get(f"/search/?q={typed}&kind={kind}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "\x00" not in answer.text
    assert client.get(f"/search/suggestions/?typed={typed}").status_code in {200, 204}


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": "spaceships"},
        {"sort": "'; DROP TABLE notes_note"},
        {"campus": "nowhere"},
        {"campus": "\x00"},
        {"campus": "x" * 500},
        {"time": "century"},
        {"language": "xx"},
        {"followed": "1"},
        {"photos": "yes"},
        {"after": "i1_2"},
        {"after": "0.1.2"},
        {"after": "\x00"},
        {"after": f"0.{2**70}.1.1.1"},
        {"nothing": "e" + "\u0301" * 60},
    ],
)
def test_what_an_address_cannot_mean_is_ignored(
    client: Client, shown: Note, parameters: dict[str, str]
) -> None:
    for kind in ("", "notes", "people", "tags", "labels", "campuses"):
        answer = search(client, **{"kind": kind} | parameters)
        if "after" not in parameters and kind in {"", "notes"}:
            assert listed(answer) == [shown.pk]
            assert "Filters in use" not in answer.text


def test_what_does_not_count_is_not_repeated_in_links(client: Client, shown: Note) -> None:
    answer = search(client, "library " + "&" * 2000)
    assert "only its first 200 characters count" in words(answer)
    repeated = [address for address in links(answer).values() if address.startswith("?q=library")]
    assert len(repeated) > 8
    assert max(map(len, repeated)) < 4 * QUERY_MAX
    further = client.get(f"/search/{repeated[0]}")
    assert "only its first 200 characters count" in words(further)


def test_a_long_search_says_how_much_of_it_counts(client: Client, shown: Note) -> None:
    says = "only its first 200 characters count"
    long = "library " + "x" * QUERY_MAX
    assert says in words(search(client, long))
    assert form_in(search(client, long), "/search/").fields["q"] == [long], "nothing typed is lost"
    assert says not in words(search(client, "x" * QUERY_MAX))


def test_the_box_is_on_every_page_and_keeps_what_was_asked(client: Client, shown: Note) -> None:
    for address in ("/", "/about/", shown.get_absolute_url(), "/@alice/"):
        assert client.get(address).text.count('role="search"') == 1, address
        assert form_in(client.get(address), "/search/").fields == {"q": [""]}
    box = form_in(search(client, 'quiet "library"', kind="notes", photos="1", sort="latest"), "/search/")
    assert box.fields == {"q": ['quiet "library"'], "kind": ["notes"], "photos": ["1"], "sort": ["latest"]}


def test_filters_are_links_that_add_up_and_go_one_by_one(client: Client, shown: Note, alice: User) -> None:
    photo = make_photo(alice)
    other = make_note(alice, "Another library", cover=photo)
    old = make_note(alice, "An old library", published_at=timezone.now() - timedelta(days=40))
    Note.objects.filter(pk=shown.pk).update(language="en")
    assert set(listed(search(client))) == {shown.pk, other.pk, old.pk}
    within = client.get(f"/search/{links(search(client))['Past month']}")
    assert set(listed(within)) == {shown.pk, other.pk}
    also = client.get(f"/search/{links(within)['With photos']}")
    assert listed(also) == [other.pk]
    assert links(also)["Remove filter: With photos"] == links(search(client))["Past month"]
    assert links(also)["Clear filters"] == "?q=library"
    here = client.get(f"/search/{links(search(client))['Library College']}")
    assert listed(here) == [shown.pk]
    assert "Remove filter: Library College" in links(here)
    assert listed(search(client, language="en", time="week")) == [shown.pk]
    assert "No notes with these filters" in words(search(client, language="ar"))


def test_followed_is_for_who_is_signed_in(client: Client, shown: Note, bob: User, charlie: User) -> None:
    strangers = make_note(charlie, "The other library")
    assert listed(search(signed_in(bob), followed="1")) == [shown.pk]
    assert set(listed(search(client, followed="1"))) == {shown.pk, strangers.pk}
    assert "People you follow" not in search(client).text


def test_orders_are_links(client: Client, shown: Note) -> None:
    latest = client.get(f"/search/{links(search(client, photos='1'))['Latest']}")
    assert ("?q=library&amp;sort=latest&amp;photos=1", "Latest") in CURRENT.findall(latest.text)


def test_nothing_found_says_what_to_try(client: Client, shown: Note) -> None:
    for kind in ("", *KINDS):
        assert "Nothing found Try fewer or shorter words" in words(search(client, "zzyzx", kind=kind))
        assert 'href="/tags/library/"' in search(client, "zzyzx", kind=kind).text, "a topic that is busy"


def test_names_without_notes_say_that_no_note_matches(client: Client, shown: Note) -> None:
    make_person("hazel", name="Hazel Hu")
    answer = search(client, "Hazel")
    assert "No notes match" in words(answer)
    assert "Nothing found" not in words(answer)


def test_notes_go_on_by_themselves_and_by_link(client: Client, alice: User) -> None:
    notes = {make_note(alice, f"Library {number}").pk for number in range(50)}
    first = search(client)
    more = re.search(r'data-hx-get="([^"]*)"', first.text)
    assert more
    address = more[1].replace("&amp;", "&")
    second, fragment = client.get(f"/search/{address}"), client.get(f"/search/{address}", headers=HTMX)
    assert listed(second) == listed(fragment)
    assert "<html" in second.text
    assert "<html" not in fragment.text
    assert "Earlier notes" in second.text
    assert len({*listed(first), *listed(second)} & notes) == 48
    assert "HX-Request" in second["Vary"]


def test_rows_go_on_by_themselves_and_by_link(client: Client, db: None) -> None:
    for number in range(30):
        make_person(f"reader_{number}", name=f"Reader {number}")
    first = search(client, "reader", kind="people")
    more = re.search(r'data-hx-get="([^"]*)"', first.text)
    assert more
    address = more[1].replace("&amp;", "&")
    second, fragment = client.get(f"/search/{address}"), client.get(f"/search/{address}", headers=HTMX)
    people = [set(re.findall(r"/@(reader_\d+)/", answer.text)) for answer in (first, second, fragment)]
    assert people[1] == people[2]
    assert not people[0] & people[1]
    assert "<html" not in fragment.text
    assert "From the beginning" in second.text


def test_cards_are_counted_as_shown_by_search(client: Client, shown: Note, monkeypatch: Any) -> None:
    put: list[Any] = []
    monkeypatch.setattr(write_buffer, "put", put.append)
    search(client)
    search(client, kind="notes")
    shows = [event for event in put if isinstance(event, Showing)]
    assert [(event.notes, event.source) for event in shows] == [((shown.pk,), Source.SEARCH)] * 2


def test_a_search_is_read_and_never_posted(client: Client, shown: Note) -> None:
    assert client.head("/search/?q=library").status_code == 200
    assert client.post("/search/", {"q": "library"}).status_code == 405


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_queries_do_not_grow(client: Client, shown: Note, alice: User, bob: User, kind: str) -> None:
    numbers = []
    for more in (0, 2, 21):
        for number in range(more):
            person = make_person(f"library_{more}_{number}")
            make_label(person, f"Library {more} {number}")
            make_note(
                person,
                "The library",
                tags=[f"library{more}x{number}"],
                campus=make_campus(f"Library {more} {number}"),
            )
        row = []
        for browser in (client, signed_in(bob)):
            search(browser, kind=kind)
            with CaptureQueriesContext(connection) as queries:
                search(browser, kind=kind)
            row.append(len(queries))
        numbers.append(row)
    assert numbers[1] == numbers[2], numbers


def suggested(browser: Client, typed: str) -> dict[str, str]:
    """Address by the text of each suggestion, in order."""
    answer = browser.get("/search/suggestions/", {"typed": typed})
    assert answer.status_code in {200, 204}
    return links(answer) if answer.status_code == 200 else {}


def test_names_of_every_kind_are_suggested(client: Client, shown: Note) -> None:
    found = suggested(client, "libr")
    assert found["Tag: library"] == "/tags/library/"
    assert found["L Lin of the Library @library_lin"] == "/@library_lin/"
    assert found["Label: Library cat"] == "/labels/library-cat/"
    assert found["Campus: Library College"] == "/campuses/library-college/"
    assert list(suggested(client, "#libr")) == ["Tag: library"]
    assert suggested(client, "") == suggested(client, "zzyzx") == {}


def test_suggestions_are_limited(shown: Note, bob: User, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = settings.LIMITS | {"search_suggestions": Limit(1, timedelta(hours=1), first_day=1)}
    browser = signed_in(bob)
    assert suggested(browser, "libr")
    answer = browser.get("/search/suggestions/?typed=libr")
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_suggestions_of_visitors_are_limited_by_network(shown: Note, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = settings.LIMITS | {"visitors_suggestions": Limit(2, timedelta(hours=1))}
    address, here = "/search/suggestions/?typed=libr", {"REMOTE_ADDR": "203.0.113.7"}
    assert [Client().get(address, **here).status_code for _ in range(3)] == [200, 200, 429]
    assert Client().get(address, REMOTE_ADDR="203.0.113.8").status_code == 200
    assert Client().get("/search/?q=libr", **here).status_code == 200, "searching is not"


def test_recent_searches_are_ones_own_and_go_when_one_wants(shown: Note, bob: User, charlie: User) -> None:
    for person, said in ((bob, "tea <b>"), (bob, "morning"), (charlie, "secret")):
        RecentSearch.objects.create(
            person=person, words=said, digest=said.encode()[:16].ljust(16), searched_at=timezone.now()
        )
    browser = signed_in(bob)
    assert list(suggested(browser, "")) == ["Recent search: morning", "Recent search: tea &lt;b&gt;"]
    page = browser.get("/search/")
    assert "secret" not in page.text
    assert "tea &lt;b&gt;" in page.text
    assert "What you search for will be here" not in words(page)
    assert browser.post("/search/recent/clear/").status_code == 303
    assert list(RecentSearch.objects.values_list("words", flat=True)) == ["secret"]
    for action in ("delete", "clear", "keep"):
        assert Client().post(f"/search/recent/{action}/").status_code == 302
        assert browser.get(f"/search/recent/{action}/").status_code == 405
    assert browser.post("/search/recent/keep/", {"kept": "never"}).status_code == 422
    browser.post("/search/recent/keep/", {"kept": "off"})
    assert "Your searches are not kept" in words(browser.get("/search/"))
    browser.post("/search/recent/keep/", {"kept": "on"})
    assert "What you search for will be here" in words(browser.get("/search/"))
