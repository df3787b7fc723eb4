"""No feed costs more with ten times the notes, by the buffers that PostgreSQL counts."""

import pytest
from django.db import connection
from django.utils import timezone

from dev.bench.feeds import measure
from dev.bench.feeds.report import AT_MOST
from dev.bench.feeds.subjects import Feed
from notes.compose.tagging import tags_named
from notes.explore.channel_actions import save_channel
from notes.explore.epochs import write_epoch
from notes.models import Channel
from profiles.models import Follow, Label, Positioning, PositioningTopic, User
from tests.builders import make_campus, make_person, signed_in

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

PEOPLE, WRITERS, HOLDERS, POSTED = 2_000, 300, 100, 500
FEEDS = {
    "explore": "/?sort=best",
    "latest": "/?sort=latest",
    "following": "/following/",
    "tag": "/tags/tea/",
    "channel": "/?channel=tea&sort=latest",
    "curated channel": "/?channel=food-%E7%BE%8E%E9%A3%9F&sort=latest",
    "campus": "/campuses/linhai-university/",
    "label": "/labels/tea-person/",
    "people of a label": "/labels/tea-person/?people=",
    "profile": "/@crowd_0/",
}

# Of who reads a language that one note in 21 is in.
CHOSEN = {
    f"{name} in a rare language": FEEDS[name] for name in ("explore", "latest", "tag", "curated channel")
}

# What looking two thousand people up takes, where PostgreSQL may read a table whole instead while it is small; and what
# looking among as many notes takes as a page does before it gives up filling itself.
LEAST = {"following": 2_500} | dict.fromkeys(CHOSEN, 2_600) | {"curated channel in a rare language": 7_600}

# Each tag has more notes than three pages of a rare language look among, at either size.
# Writers take turns, but for the first, who posts the first 500; minutes of a year are drawn without order.
NOTES = """
INSERT INTO notes_note (
    author_id, key, title, title_width, body, place, visibility, status, disclosure, partner, text_tone,
    hidden_reason, campus_id, created_at, published_at, language
)
SELECT
    CASE WHEN number <= %(posted)s THEN %(writer)s ELSE %(writer)s + 1 + number %% (%(writers)s - 1) END,
    gen_random_uuid(), 'One', 6, '', '', 'public', 'published', 'none', '', 'warm',
    '', CASE WHEN number %% 10 = 0 THEN %(campus)s END, now(), now() - number * 7919 %% 525600 * interval '1 minute',
    CASE WHEN number %% 21 = 0 THEN 'zh' ELSE 'en' END
FROM generate_series(%(first)s, %(last)s) AS number;

INSERT INTO notes_taggednote (content_object_id, tag_id)
SELECT id, %(tag)s FROM notes_note WHERE id %% 16 = 0 ORDER BY id
ON CONFLICT DO NOTHING;

INSERT INTO notes_taggednote (content_object_id, tag_id)
SELECT id, %(other)s FROM notes_note WHERE id %% 20 = 0 ORDER BY id
ON CONFLICT DO NOTHING;
"""


@pytest.fixture
def reader() -> User:
    """A person who follows two thousand people: three hundred of them write, a hundred declare the label."""
    reader = make_person("reader")
    crowd = User.objects.bulk_create(
        User(email=f"{number}@crowd.test", handle=f"crowd_{number}", name="Crowd", password="!")
        for number in range(PEOPLE)
    )
    Follow.objects.bulk_create(Follow(follower=reader, followed=person) for person in crowd)
    label = Label.objects.worded("Tea person")
    declared = Positioning.objects.bulk_create(
        Positioning(person=person, label=label, wording="Tea person") for person in crowd[1 : HOLDERS + 1]
    )
    tea, cake = tags_named(["tea", "cake"])
    save_channel(channel=Channel(en="Food", zh="美食"), tags=[tea, cake])
    PositioningTopic.objects.bulk_create(
        PositioningTopic(positioning=said, tag=tea, position=0) for said in declared
    )
    return reader


def add_notes(first: int, last: int) -> None:
    facts = {
        "writer": User.objects.get(handle="crowd_0").pk,
        "campus": make_campus("Linhai University").pk,
        "tag": tags_named(["tea"])[0].pk,
        "other": tags_named(["cake"])[0].pk,
    }
    numbers = {"first": first, "last": last, "writers": WRITERS, "posted": POSTED}
    with connection.cursor() as cursor:
        cursor.execute(NOTES, facts | numbers)
        cursor.execute("VACUUM ANALYZE")  # of labels too: else the plans hang on when autovacuum comes by


@pytest.mark.usefixtures("cached")
def test_ten_times_the_notes(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "DEEP", 3)
    monkeypatch.setattr(measure, "RUNS", 1)
    chooser = make_person("chooser", languages=["zh"])
    asked = [(name, path, signed_in(reader)) for name, path in FEEDS.items()]
    asked += [(name, path, signed_in(chooser)) for name, path in CHOSEN.items()]
    read: dict[str, list[list[int]]] = {name: [] for name, _path, _browser in asked}
    for first, last in ((1, 10_000), (10_001, 100_000)):
        add_notes(first, last)
        write_epoch(made_at=timezone.now())
        for name, path, browser in asked:
            read[name].append([cost.buffers for cost in measure.costs(Feed(name, path), browser)])
    for name, ((top, deep), (more_top, more_deep)) in read.items():
        assert min(top, deep) > 20, read  # a page of cards or people: the measure sees something
        least = LEAST.get(name, 0)
        assert more_top <= AT_MOST * max(top, least), read
        assert more_deep <= AT_MOST * max(deep, least), read
