"""The time zone that a person chooses, and the times that pages then show."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core import zones
from core.zones import city, offset, site_day, site_zone, zone_choices, zone_label, zone_named
from notes.models import Like
from notifications.models import Notification
from people.actions.people import save_time_zone
from profiles.models import User
from redbook.middleware import follow_time_zone
from tests.builders import make_comment, make_note, signed_in

ADDRESS = "/settings/time-zone/"
# In Shanghai 01:30 on the 27th, in Los Angeles 09:30 on the 26th, in Kiritimati 07:30 on the 27th.
NOW = datetime(2026, 11, 26, 17, 30, tzinfo=UTC)


def test_a_zone_is_named_by_its_city_and_offset() -> None:
    named = {
        name: zone_label(zone_named(name), NOW)
        for name in ("", "America/St_Johns", "Asia/Kolkata", "Etc/Gone")
    }
    assert named == {
        "": "Shanghai time (UTC+8)",
        "America/St_Johns": "St Johns time (UTC−3:30)",
        "Asia/Kolkata": "Kolkata time (UTC+5:30)",
        "Etc/Gone": "Shanghai time (UTC+8)",
    }
    assert city(zone_named("America/Indiana/Knox")) == "Knox, Indiana"
    assert city(zone_named("Asia/Calcutta")) == "Kolkata"
    with translation.override("zh-hans"):
        assert zone_label(zone_named("Europe/Paris"), NOW) == "巴黎时间（UTC+1）"
        assert zone_label(zone_named("America/Coyhaique"), NOW) == "科伊艾克时间（UTC−3）"


@pytest.mark.parametrize(
    ("name", "summer", "winter"),
    [
        ("America/New_York", "UTC−4", "UTC−5"),
        ("Europe/London", "UTC+1", "UTC+0"),
        ("Australia/Lord_Howe", "UTC+10:30", "UTC+11"),
        ("Africa/Casablanca", "UTC+1", "UTC+1"),
        ("Asia/Kathmandu", "UTC+5:45", "UTC+5:45"),
    ],
)
def test_its_offset_is_that_of_the_time(name: str, summer: str, winter: str) -> None:
    zone = zone_named(name)
    assert offset(zone, datetime(2026, 7, 1, tzinfo=UTC)) == summer
    assert offset(zone, datetime(2026, 12, 1, tzinfo=UTC)) == winter


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_has_all_zones_once_under_different_names(language: str) -> None:
    with translation.override(language):
        choices = zone_choices()
    names = [name for _region, found in choices for name, _said in found]
    assert {"Asia/Shanghai", "America/New_York", "Europe/Kyiv", "Antarctica/Troll"} <= set(names)
    assert len(names) == len(set(names)) > 400
    for region, found in choices:
        said = [words for _name, words in found]
        assert len(said) == len(set(said)), region


@pytest.mark.django_db
def test_it_is_chosen_in_the_settings(alice: User) -> None:
    browser = signed_in(alice)
    assert "Shanghai (UTC+8)" in browser.get("/settings/profile/").text
    for _turn in range(2):
        assert browser.post(ADDRESS, {"time_zone": "America/New_York"}).status_code == 303
    alice.refresh_from_db()
    assert (alice.time_zone, alice.zone) == ("America/New_York", ZoneInfo("America/New_York"))
    page = browser.get(ADDRESS).text
    assert '<option value="America/New_York" selected>' in page
    assert "New York time (UTC" in page
    assert "New York (UTC" in browser.get("/settings/profile/").text
    browser.post(ADDRESS, {"time_zone": ""})
    alice.refresh_from_db()
    assert (alice.time_zone, alice.zone) == ("", site_zone())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["Mars/Olympus", "../../etc/passwd", "posix/Asia/Tokyo", "UTC+8", "localtime", "Factory", "x" * 5000],
)
def test_a_zone_that_there_is_not_is_refused(alice: User, name: str) -> None:
    answer = signed_in(alice).post(ADDRESS, {"time_zone": name})
    assert (answer.status_code, "Choose a time zone from the list." in answer.text) == (422, True)
    alice.refresh_from_db()
    assert alice.time_zone == ""


@pytest.mark.django_db
def test_a_former_name_is_stored_as_the_current_one(alice: User) -> None:
    browser = signed_in(alice)
    assert 'value="Asia/Kolkata" data-former="Asia/Calcutta"' in browser.get(ADDRESS).text
    assert browser.post(ADDRESS, {"time_zone": "Asia/Calcutta"}).status_code == 303
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Kolkata"


@pytest.mark.django_db
def test_a_form_of_another_window_is_asked_about_once(alice: User) -> None:
    browser = signed_in(alice)
    form = browser.get(ADDRESS).context["form"]
    save_time_zone(person=alice, time_zone="Asia/Tokyo")
    sent = {"time_zone": "Europe/Paris", "seen": form.revision}
    assert browser.post(ADDRESS, sent).status_code == 409
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"


@pytest.mark.django_db
def test_a_zone_that_vanished_is_the_sites(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    save_time_zone(person=alice, time_zone="Europe/Paris")
    monkeypatch.setattr(zones, "_known", lambda: {"Asia/Shanghai"})
    zones._zone.cache_clear()
    browser = signed_in(alice)
    assert browser.get("/").status_code == 200
    page = browser.get(ADDRESS)
    zones._zone.cache_clear()
    assert (page.status_code, "Shanghai time (UTC+8)" in page.text) == (200, True)


def test_visitors_are_turned_away() -> None:
    assert Client().get(ADDRESS).headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_times_of_kept_fragments_are_each_viewers_own(
    alice: User, bob: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One note and its comments, by turns in three zones: what is kept of one viewer's page is not on another's."""
    note = make_note(alice, published_at=NOW - timedelta(days=5))
    make_comment(bob, note)
    note.comments.update(created_at=NOW - timedelta(days=9))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    save_time_zone(person=alice, time_zone="America/Los_Angeles")
    save_time_zone(person=mona, time_zone="Pacific/Kiritimati")
    days = {alice: ("21 Nov", "17 Nov"), bob: ("22 Nov", "18 Nov"), mona: ("22 Nov", "18 Nov")}
    for person in (alice, bob, mona, bob, alice):
        page = signed_in(person).get(note.get_absolute_url()).text
        for day in days[person]:
            assert f">{day}</time>" in page, (person, day)
        assert "+0800" not in page


@pytest.mark.django_db
def test_the_inbox_has_the_days_of_its_owner(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    note = make_note(alice)
    Like.objects.create(note=note, person=bob)
    Notification.objects.update(created_at=NOW - timedelta(hours=12))  # 13:30 on the 26th in Shanghai
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    browser = signed_in(alice)
    page = browser.get("/notifications/")
    assert [str(span) for span, _items in page.context["page"].spans] == ["week"]
    save_time_zone(person=alice, time_zone="Asia/Dubai")  # 09:30 on the 26th, now 21:30
    page = browser.get("/notifications/")
    assert [str(span) for span, _items in page.context["page"].spans] == ["today"]


@pytest.mark.django_db
def test_what_counts_days_goes_by_the_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with timezone.override(ZoneInfo("America/Los_Angeles")), connection.cursor() as cursor:
        cursor.execute("SELECT site_day(%s)", [NOW])
        assert cursor.fetchone() == (site_day(NOW),) == (site_day(),)
        assert site_day(NOW) == datetime(2026, 11, 27).date() != timezone.localdate(NOW)


@pytest.mark.django_db
def test_it_costs_no_query(alice: User) -> None:
    note = make_note(alice)
    counts = []
    for zone in ("", "Europe/Paris"):
        save_time_zone(person=alice, time_zone=zone)
        browser = signed_in(alice)
        for path in ("/", note.get_absolute_url(), "/notifications/"):
            browser.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                browser.get(path)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


@pytest.mark.django_db
def test_a_page_that_asks_for_no_person_looks_none_up(alice: User) -> None:
    browser = signed_in(alice)
    for path in ("/robots.txt", "/healthz"):
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        assert not [query for query in asked if "profiles_user" in query["sql"]], path


@pytest.mark.django_db
def test_the_zone_ends_with_its_request(alice: User) -> None:
    """Also where the page fails: the next request of the thread is another person's."""
    save_time_zone(person=alice, time_zone="Europe/Paris")
    found: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        found.append(timezone.get_current_timezone_name())
        assert request.user == alice
        found.append(timezone.get_current_timezone_name())
        raise ZeroDivisionError

    request = HttpRequest()
    request._cached_user = alice  # type: ignore[attr-defined]
    alice.refresh_from_db()
    with pytest.raises(ZeroDivisionError):
        follow_time_zone(page)(request)
    found.append(timezone.get_current_timezone_name())
    assert found == ["Asia/Shanghai", "Europe/Paris", "Asia/Shanghai"]
