"""Formatting of counts, times and names."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from core.templatetags.redbook import AT_ONCE, compact, cover_height, day, initial, srcset, widest
from notes.models import Photo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1k", "1000"),
        (2318, "2.3k", "2318"),
        (1150, "1.2k", "1150"),
        (2250, "2.3k", "2250"),
        (9999, "10k", "9999"),
        (12_840, "12.8k", "1.3万"),
        (999_949, "999.9k", "100万"),
        (999_950, "1M", "100万"),
        (1_260_000, "1.3M", "126万"),
        (99_999_499, "100M", "9999.9万"),
        (99_999_500, "100M", "1亿"),
    ],
)
def test_a_count_takes_the_space_of_a_card(number: int, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert compact(number) == english
    with translation.override("zh-hans"):
        assert compact(number) == chinese


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 22, 14, 59, 30, tzinfo=SHANGHAI), "Just now"),
        (datetime(2026, 11, 22, 14, 13, tzinfo=SHANGHAI), "47 min ago"),
        (datetime(2026, 11, 22, 0, 30, tzinfo=SHANGHAI), "14 h ago"),
        (datetime(2026, 11, 21, 23, 0, tzinfo=SHANGHAI), "Yesterday"),
        (datetime(2026, 11, 14, 12, 0, tzinfo=SHANGHAI), "14 Nov"),
        (datetime(2025, 11, 14, 12, 0, tzinfo=SHANGHAI), "14 Nov 2025"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI), "24 Nov"),
    ],
)
def test_a_time_is_said_as_near_as_it_is(
    moment: datetime, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with translation.override("en"), timezone.override(SHANGHAI):
        assert day(moment) == said


def test_small_hours_after_midnight_are_hours_not_yesterday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 1, 0, tzinfo=SHANGHAI))
    with translation.override("en"), timezone.override(SHANGHAI):
        assert day(datetime(2026, 11, 21, 22, 0, tzinfo=SHANGHAI)) == "3 h ago"
        assert day(None) == ""


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("linxia", "L"),
        ("林夏", "林"),
        ("👩\u200d👩\u200d👧 home", "👩\u200d👩\u200d👧"),
        ("é", "É"),
        ("", ""),
    ],
)
def test_the_initial_is_one_character_as_a_person_sees_it(name: str, seen: str) -> None:
    assert initial(name) == seen


def test_covers_are_as_high_as_their_snap_says() -> None:
    assert [cover_height(snap) for snap in (18, 24, 32)] == [360, 480, 640]


def test_a_photo_is_never_said_to_be_wider_than_it_is() -> None:
    photo = Photo(token="x", width=500, height=400, roles=["640", "320", "cover480"])
    assert srcset(photo, "avif") == "/media/x-320.avif 320w, /media/x-640.avif 500w"
    assert widest(photo) == "/media/x-640.jpg"
    long = Photo(token="x", width=1080, height=16_000, roles=["320", "640", "1080"])
    assert srcset(long, "jpg").endswith("/media/x-1080.jpg 900w")
    assert widest(Photo(token="x", width=500, height=400, roles=[])) == ""


def test_an_icon_points_into_the_page_or_the_file() -> None:
    drawn = Template('{% icon "flag" %}').render(Context())
    assert drawn.startswith('<svg class="ico" aria-hidden="true"><use href="/static/icons')
    assert drawn.endswith('#flag"/></svg>')
    assert '<use href="#ico-heart"/>' in Template('{% icon "heart" %}').render(Context())
    held = Template("{% icons_at_once %}").render(Context())
    assert {*re.findall(r'id="ico-([^"]+)"', held)} == AT_ONCE
    assert 'class="ribbon"' in Template("{% icon name %}").render(Context({"name": "ribbon"}))
    with pytest.raises(TemplateSyntaxError):
        Template('{% icon "heart" "red" %}')
