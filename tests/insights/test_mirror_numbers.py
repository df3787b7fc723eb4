"""The numbers that the Mirror's pages are given to show."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from taggit.models import Tag

from insights import queries, tables
from insights.actions.summing import sum_all
from insights.formulas import rate
from insights.models import NoteHour
from insights.reports import Cell, Comparison, FindingKind, Mirror, Missing, Period
from notes.focus import in_ten
from notes.models import Comment, Note, NoteDay, NoteReader
from notes.models.readers import Measured
from notes.moderation import hide_note
from notes.tags import hide_tag, merge_tag
from people.actions.blocks import block
from people.actions.labels import hide_label
from profiles.models import Positioning, User
from tests.builders import make_comment, make_draft, make_label, make_note, make_person

pytestmark = pytest.mark.django_db
AGO = timedelta(days=2)


def published(author: User, *tags: str, number: int = 1, days: int = 3, **fields: Any) -> list[Note]:
    when = timezone.now() - timedelta(days=days)
    return [make_note(author, tags=tags, published_at=when, **fields) for _ in range(number)]


def read(note: Note, readers: int, engaged: int = 0, *, days: int = 2, **fields: Any) -> None:
    """So many readers whose accounts are gone, each another; of these, so many have answered."""
    day = timezone.localdate() - timedelta(days=days)
    NoteReader.objects.bulk_create(
        NoteReader(
            note=note,
            first_seen_day=day,
            engaged_day=day if place < engaged else None,
            departed=-place - 1000 * note.pk,
            is_counted=True,
            **{"source": "explore"} | fields,
        )
        for place in range(readers)
    )
    # Rows without a person are not counted as they come; only changing them counts.
    NoteReader.objects.filter(note=note, is_counted=False).update(is_counted=True)


def shown(person: User, period: Period = Period.DAYS) -> Mirror:
    sum_all()
    return queries.mirror(person, period)


def test_the_fixture_of_focus_and_cover(alice: User) -> None:
    make_label(alice, "Campus plog master", topics=["campus", "library", "exam"])
    published(alice, "campus", number=3)
    published(alice, "library", "food")
    published(alice, "travel")
    for period in Period:
        found = shown(alice, period)
        assert found.focus == 0.70
        assert in_ten(found.focus) == 7
        assert found.cover == (2, 3)
        assert found.without_note == (("exam", "exam"),)
        assert {topic.name: topic.posted for topic in found.topics} == {
            "campus": 0.6,
            "travel": 0.2,
            "library": 0.1,
            "food": 0.1,
            "exam": 0,
        }
        assert [topic.name for topic in found.topics][:2] == ["campus", "travel"]


def test_below_five_notes_nothing_is_said_of_what_is_posted(alice: User) -> None:
    make_label(alice, "Campus plog master", topics=["campus", "exam"])
    published(alice, "campus", number=4)
    found = shown(alice)
    assert (found.focus, found.cover, found.without_note) == (None, None, (("exam", "exam"),))
    assert [topic.posted for topic in found.topics] == [None, None]


def test_the_fixture_of_the_lift(alice: User) -> None:
    """Over all, 100 of 1,000 readers answer; of 200 readers of tea, 30 do."""
    for note in published(alice, "tea", number=4):
        read(note, 50, 8 if note.pk % 2 else 7)
    for note in published(alice, number=4):
        read(note, 200, 17 if note.pk % 2 else 18)
    found = shown(alice)
    assert found.overall == rate(100, 1000)
    (tea,) = found.topics
    assert tea.lift == pytest.approx(1.40)
    assert (tea.rate, tea.readers, tea.read_notes, tea.missing) == (rate(30, 200), 200, 4, None)


def test_why_a_lift_is_not_there(alice: User) -> None:
    two, seldom, little = (
        published(alice, name, number=number) for name, number in (("two", 2), ("seldom", 3), ("little", 3))
    )
    for note in (*two, *published(alice, number=3)):
        read(note, 40, 2)
    for note in seldom:
        read(note, 16, 1)
    for note in little:
        read(note, 20, 1)
    missing = {topic.name: topic.missing for topic in shown(alice).topics}
    assert missing == {"two": Missing.NOTES, "seldom": Missing.READERS, "little": Missing.ANSWERS}
    NoteReader.objects.all().delete()
    for note in seldom:
        read(note, 20)
    assert {topic.name: topic.missing for topic in shown(alice).topics}["seldom"] is Missing.NONE_ANSWERED


@pytest.fixture
def creator(alice: User) -> User:
    """Says campus and exam; posts campus, and food without saying so; is answered for tea, and little for exam."""
    make_label(
        alice,
        "Campus plog master",
        topics=["campus", "exam"],
        declared_at=timezone.now() - timedelta(days=60),
    )
    for name, number, engaged in (("campus", 10, 20), ("exam", 5, 2), ("food", 8, 20)):
        for note in published(alice, name, number=number):
            read(note, 100, engaged)
    for note in published(alice, "tea", number=4, days=27):
        read(note, 100, 60)
    return alice


def test_findings(creator: User) -> None:
    found = shown(creator)
    assert {topic.name: topic.finding for topic in found.topics} == {
        "campus": None,
        "food": FindingKind.NOT_SAID,
        "exam": FindingKind.LITTLE_ANSWER,
        "tea": FindingKind.ANSWERED_MORE,
    }
    assert found.come_for
    assert found.come_for.name == "tea"
    assert found.first_days is None


def test_topics_are_the_tags_as_moderators_left_them(creator: User) -> None:
    sum_all()
    hide_tag(tag=Tag.objects.get(name="food"), is_hidden=True)
    assert "food" not in {topic.name for topic in queries.mirror(creator, Period.DAYS).topics}, "at once"
    merge_tag(tag=Tag.objects.get(name="tea"), into=Tag.objects.get(name="exam"))
    found = {topic.name: topic for topic in shown(creator).topics}
    assert set(found) == {"campus", "exam"}
    assert (found["exam"].notes, found["exam"].is_declared) == (9, True)
    Tag.objects.filter(name="exam").update(name="exams")
    assert {topic.name for topic in queries.mirror(creator, Period.DAYS).topics} == {"campus", "exams"}


def test_a_label_that_a_moderator_hid_says_nothing(creator: User, mona: User) -> None:
    hide_label(label=Positioning.objects.get().label, by=mona, reason="Insults")
    found = shown(creator)
    assert (found.wording, found.chapters, found.focus, found.chapter_number) == ("", (), None, 0)
    assert not any(topic.is_declared for topic in found.topics)


def test_chapters_are_compared_from_five_notes_on_both_sides(alice: User) -> None:
    now = timezone.now()
    first, second, third = (
        Positioning.objects.create(
            person=alice,
            label=make_label(make_person(), f"Label {days}").label,
            wording=f"Label {days}",
            declared_at=now - timedelta(days=days),
            retired_at=now - timedelta(days=days - 100) if days > 100 else None,
        )
        for days in (300, 200, 100)
    )
    for chapter, number, days, engaged in ((first, 5, 250, 2), (second, 5, 150, 10), (third, 4, 50, 19)):
        for note in published(alice, number=number, days=days, positioning=chapter):
            read(note, 20, engaged, days=days - 1)
    found = shown(alice).chapters
    assert [(chapter.wording, chapter.notes, chapter.readers) for chapter in found] == [
        ("Label 100", 4, 80),
        ("Label 200", 5, 100),
        ("Label 300", 5, 100),
    ]
    assert [chapter.differs for chapter in found] == [None, True, None]
    assert found[1].rate == rate(50, 100)
    assert (found[0].retired, found[2].retired) == (None, found[1].declared)
    assert queries.label_page(alice).chapters == found
    assert shown(alice).chapter_number == 3


def test_weeks(alice: User) -> None:
    (note,) = published(alice, days=60)
    for days, readers, engaged in ((1, 12, 3), (7, 9, 9), (8, 11, 1), (29, 5, 0)):
        read(note, readers, engaged, days=days)
        NoteReader.objects.filter(note=note).update(departed=None)
    last = timezone.localdate() - timedelta(days=1)
    found = shown(alice).weeks
    assert [(week.first, week.readers, week.engaged) for week in found] == [
        (last - timedelta(days=27), 0, 0),
        (last - timedelta(days=20), 0, 0),
        (last - timedelta(days=13), 11, 1),
        (last - timedelta(days=6), 21, 12),
    ]
    assert [week.rate for week in found] == [None, None, rate(1, 11), rate(12, 21)]
    assert [len(queries.mirror(alice, period).weeks) for period in Period] == [4, 16, 5]


def test_the_best_and_the_underrated_with_how_they_were_found(alice: User) -> None:
    made = published(alice, number=7)
    for note, (readers, engaged) in zip(
        made, [(400, 8), (300, 6), (200, 4), (30, 20), (25, 3), (19, 19), (20, 12)], strict=True
    ):
        read(note, readers, engaged, source="tag" if note == made[3] else "explore")
    read(made[3], 9, source="search")
    found = shown(alice)
    assert [note.note for note in found.best] == [note.pk for note in made[:3]]
    assert [note.note for note in found.underrated] == [made[6].pk, made[3].pk]
    assert found.best[0].found == (Cell("explore", "Explore", 400),)
    assert [note.note for note in queries.note_list(alice, Period.DAYS).notes] == [
        note.pk for note in sorted(made, key=lambda note: (note.published_at, note.pk), reverse=True)
    ]


def test_groups_fixed_beforehand(alice: User) -> None:
    for note in published(alice, number=5, photos=1):
        read(note, 20, 2)
    for note in published(alice, number=5, body="x" * 201):
        read(note, 20, 10)
    for note in published(alice, number=2, photos=4, body="x" * 200):
        read(note, 20, 10)
    for note in published(alice, number=9):
        read(note, 0)
    found = {each.kind: each for each in shown(alice).comparisons}
    assert found == {
        "cover": Comparison("cover", rate(30, 140), rate(50, 100), True, (7, 5)),
        "length": Comparison("length", rate(30, 140), rate(50, 100), True, (7, 5)),
        "photos": Comparison("photos", None, None, None, (5, 2)),
    }


def test_a_note_s_page(alice: User) -> None:
    (note,) = published(alice, photos=3)
    for source, readers, engaged, reached in (("explore", 12, 4, 3), ("tag", 6, 0, 1), ("label", 3, 0, None)):
        read(note, readers, engaged, source=source, reached=reached)
        NoteReader.objects.filter(note=note).update(departed=None)
    day = timezone.localdate() - AGO
    NoteDay.objects.filter(note=note, source="explore").update(shown=300, opened=40, visits=7)
    for hour, opened in ((9, 4), (12, 22), (23, 7), (0, 10)):
        NoteHour.objects.create(note=note, day=day, hour=hour, opened=opened)
    sum_all()
    page = queries.note_page(alice, note.pk, Period.DAYS)
    figures = page.figures
    assert (figures.shown, figures.opened, figures.visits, figures.readers, figures.engaged) == (
        300,
        40,
        7,
        21,
        4,
    )
    assert figures.rate == rate(4, 21)
    assert figures.reached == (12 * 3 + 6) / 18
    assert page.sources == (Cell("explore", "Explore", 12), Cell("other", "Other", None))
    assert page.hours == (Cell("0", "00:00", 10), Cell("12", "12:00", 22), Cell("other", "Other", 11))
    assert [(cell.key, cell.number) for cell in page.reached] == [
        ("1", 6),
        ("2", 0),
        ("3", 12),
        ("unmeasured", 3),
    ]
    published_on = timezone.localdate(note.published_at)
    assert page.days == ((published_on, 0, 0), (day, 21, 4), (day + timedelta(days=1), 0, 0))
    with translation.override("zh-hans"):
        assert queries.note_page(alice, note.pk, Period.DAYS).sources[0].name == "发现"


def test_notes_of_others_and_drafts_are_404(alice: User, charlie: User, mona: User) -> None:
    (note,) = published(alice)
    (private,) = published(alice, visibility="private")
    (hidden,) = published(alice)
    hide_note(note=hidden, by=mona, reason="Spam")
    draft = make_draft(alice)
    sum_all()
    for pk in (note.pk, private.pk, hidden.pk):
        assert queries.note_page(alice, pk, Period.ALL).figures.note == pk
    for person, pk in ((charlie, note.pk), (mona, note.pk), (mona, hidden.pk), (alice, draft.pk), (alice, 0)):
        with pytest.raises(Http404):
            queries.note_page(person, pk, Period.ALL)
    listed = queries.note_list(alice, Period.ALL).notes
    assert [(each.note, each.is_public) for each in listed] == [
        (hidden.pk, False),
        (private.pk, False),
        (note.pk, True),
    ]


def test_the_list_goes_on_by_its_cursor(alice: User) -> None:
    made = [pk for days in range(1, 31) for pk in (note.pk for note in published(alice, days=days))]
    sum_all()
    first = queries.note_list(alice, Period.ALL)
    assert (len(first.notes), bool(first.after)) == (24, True)
    second = queries.note_list(alice, Period.ALL, first.after)
    assert [note.note for note in (*first.notes, *second.notes)] == made
    assert second.after == ""
    assert queries.note_list(alice, Period.ALL, "nonsense").notes == first.notes
    assert [row[0] for row in tables.of_notes(alice, Period.ALL).rows] == made


ASKING = [
    "Where is it?",
    "Where is it？",
    "几点开门",
    "有没有座位",
    "在哪里",
    "能拍照吗",
    "还开着呢！",
    'He said "why?"',
    "多少钱 ",
    "?",
]
SAYING = ["Well put.", "Why? Because.", "还在呢，真好", "好看", "没什么", "http://campus.test/?q=1"]


def test_what_readers_ask_for(alice: User, mona: User) -> None:
    (note,) = published(alice, "tea")
    (private,) = published(alice, "tea", visibility="followers")
    when = timezone.now() - AGO
    said = [make_comment(make_person(), note, body, created_at=when) for body in ASKING]
    for body in SAYING:
        make_comment(make_person(), note, body, created_at=when)
    make_comment(said[0].author, note, "And when?", created_at=when)
    assert shown(alice).questions[0].people == len(ASKING) == 10
    assert len(shown(alice).questions[0].comments) == 5
    assert shown(alice).questions[0].comments[0][1:] == (note.pk, "And when?")
    make_comment(make_person(), private, "Where?", created_at=when)
    make_comment(alice, note, "Who asks?", created_at=when)
    make_comment(make_person(), note, "Who asks?", created_at=timezone.now())
    make_comment(make_person(), note, "Who asks?", created_at=when, hidden_at=when)
    assert shown(alice).questions[0].people == 10


@pytest.mark.parametrize(
    "why", ["blocked by", "has blocked", "suspended", "leaving", "hidden", "deleted", "private"]
)
def test_who_is_not_there_asks_nothing(alice: User, mona: User, why: str) -> None:
    (note,) = published(alice, "tea")
    when = timezone.now() - AGO
    said = [make_comment(make_person(), note, "Where?", created_at=when) for _ in range(10)]
    asker = said[0].author
    assert asker
    assert shown(alice).questions
    if why == "blocked by":
        block(blocker=alice, blocked=asker)
    elif why == "has blocked":
        block(blocker=asker, blocked=alice)
    elif why in {"suspended", "leaving"}:
        User.objects.filter(pk=asker.pk).update(**{f"{why}_at": when})
    elif why == "private":
        Note.objects.filter(pk=note.pk).update(visibility="followers")
    else:
        Comment.objects.filter(pk=said[0].pk).update(**{f"{why}_at": when})
    assert shown(alice).questions == ()


def test_a_comment_that_is_gone_is_named_no_longer(alice: User) -> None:
    (note,) = published(alice, "tea")
    said = [make_comment(make_person(), note, "Where?", created_at=timezone.now() - AGO) for _ in range(10)]
    (found,) = shown(alice).questions
    assert [pk for pk, _note, _body in found.comments] == [comment.pk for comment in reversed(said)][:5]
    said[-1].deleted_at = timezone.now()
    said[-1].save()
    block(blocker=alice, blocked=said[-2].author)
    (found,) = queries.mirror(alice, Period.DAYS).questions
    assert [pk for pk, _note, _body in found.comments] == [comment.pk for comment in reversed(said)][2:7]
    Note.objects.filter(pk=note.pk).update(visibility="private")
    (found,) = queries.mirror(alice, Period.DAYS).questions
    assert found.comments == ()


def test_first_days_are_true_now(alice: User) -> None:
    assert queries.mirror(alice, Period.DAYS).first_days is not None
    found = queries.mirror(alice, Period.DAYS)
    assert found.first_days
    assert (found.first_days.has_label, found.first_days.notes, found.first_days.readers) == (False, 0, 0)
    assert (found.first_days.notes_needed, found.first_days.readers_needed) == (5, 50)
    assert (found.span.summed_at, found.topics, found.overall) == (None, (), None)
    make_label(alice, "Canteen diary")
    note = make_note(alice)
    make_note(alice, visibility="private")
    make_draft(alice)
    read(note, 60, days=0)
    found = queries.mirror(alice, Period.ALL)
    assert found.first_days
    assert (found.first_days.has_label, found.first_days.notes, found.first_days.readers) == (True, 1, 50)
    assert found.wording == "Canteen diary"
    sum_all()
    assert queries.mirror(alice, Period.ALL).first_days == found.first_days
    published(alice, number=4)
    read(published(alice)[0], 50)
    assert shown(alice).first_days is None


def test_since_when_each_kind_is_measured(alice: User) -> None:
    published(alice, days=300)
    day = timezone.localdate() - timedelta(days=40)
    Measured.objects.update_or_create(kind="shown", defaults={"since": day})
    sum_all()
    last = timezone.localdate() - timedelta(days=1)
    month, term, everything = (queries.mirror(alice, period).span for period in Period)
    assert (month.first, month.last, month.summed_at) == (
        last - timedelta(days=27),
        last,
        timezone.localdate(),
    )
    assert (month.since["shown"], term.since["shown"], everything.since["shown"]) == (month.first, day, day)
    assert everything.first == timezone.localdate() - timedelta(days=300)


@pytest.mark.parametrize("number", [1, 3, 24])
def test_the_overview_asks_the_same_whatever_there_is(alice: User, number: int) -> None:
    make_label(alice, "Canteen diary", topics=["tea"])
    for place in range(number):
        (note,) = published(alice, "tea", f"topic {place}", photos=place % 3)
        read(note, 60, 9)
        for _ in range(10 if place == 0 else 1):
            make_comment(make_person(), note, "Where?", created_at=timezone.now() - AGO)
    sum_all()
    with CaptureQueriesContext(connection) as asked:
        queries.mirror(alice, Period.DAYS)
    assert len(asked) <= 6, [query["sql"] for query in asked]


def test_tables_hold_what_pages_show(creator: User) -> None:
    mirror = shown(creator)
    found = {name: table() for name, table in tables.of_mirror(mirror).items()}
    page = queries.note_page(creator, mirror.best[0].note, Period.DAYS)
    found |= {name: table() for name, table in tables.of_note(page).items()}
    found |= {
        f"labels {name}": table() for name, table in tables.of_labels(queries.label_page(creator)).items()
    }
    for name, table in found.items():
        rows: Sequence[Any] = list(table.rows)
        assert all(len(row) == len(table.columns) for row in rows), name
    assert [row[0] for row in found["topics"].rows] == [topic.name for topic in mirror.topics]
