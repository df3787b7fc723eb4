import io
import os
import re
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from taggit.models import Tag

from core.limits import Limit
from core.storage import StorageAway
from insights.models import (
    Batch,
    ChapterSum,
    Entered,
    FollowDay,
    FoundBy,
    Mark,
    NoteFollowDay,
    NoteHour,
    NoteSum,
    PersonSum,
    Pick,
    ProfileDay,
    SeenWord,
    StruckWord,
    Summed,
    TopicSum,
    WeekDone,
    Word,
)
from leaving.actions.archives import ask_archive, make_archive, sweep_archives
from leaving.contents import APART, PARTS
from leaving.models import Archive
from leaving.traces import relations
from leaving.writing import write_archive
from moderation.actions import report
from notes.collections.actions import create_collection, follow_collection, sort_save
from notes.comments.actions import like_comment
from notes.models import Arrival, HistoryEntry, Less, Mention, NoteDay, NoteReader, Photo, Series
from notes.moderation import hide_note
from notes.reactions.actions import collect, like
from notifications.digest.models import Digest
from notifications.models import Kind, MutedNote, Notification
from people.actions.blocks import block, mute
from people.actions.muting import dismiss
from people.actions.people import suspend_person
from profiles.models import Follow, FollowRequest, User
from search.recent.actions import Searched, record_searches
from tests.builders import (
    PASSWORD,
    edit_note,
    make_campus,
    make_comment,
    make_draft,
    make_label,
    make_note,
    make_person,
    make_photo,
    picture,
    signed_in,
    status,
)
from tests.leaving.asking import DATA, address, archive_of, press, sign_in, told
from tests.moderation.decisions import decision_about
from tests.notes.collections.shelving import shelve
from tests.people.test_avatar import give_picture
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
RED = (210, 30, 60)
PEOPLE = ("following", "followers", "requests", "asked-by", "blocked", "muted", "passed-over")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def full(alice: User, bob: User, charlie: User, mona: User) -> User:
    """Alice with something in every part."""
    alice.campus, alice.stage = make_campus(), "college"
    alice.save()
    give_picture(alice)
    make_label(alice, "Night library", topics=["plog", "tea"])
    make_photo(alice)
    note = make_note(alice, "A window seat", body="At noon. #tea", tags=["tea"], campus=alice.campus)
    photo = make_photo(alice, note=note, with_files=True, alt="A lamp")
    default_storage.save(photo.path("master.jpg"), ContentFile(picture((1200, 1600), colour=RED)))
    edit_note(note, place="Room 3")
    hidden = make_note(alice, "Hidden one")
    hide_note(note=hidden, by=mona, reason="It names a room.")
    decision_about(hidden, facts="It names a room.")
    make_draft(alice, "Half a thought")
    bobs, secret = make_note(bob, "Bob’s own"), make_note(charlie, "Charlie’s secret", visibility="private")
    for other in (bobs, secret):
        like(person=alice, note=other)
        collect(person=alice, note=other)
        make_comment(alice, other, f"Said under {other.pk}")
        like_comment(person=alice, comment=make_comment(bob, other))
        NoteReader.objects.create(note=other, person=alice, first_seen_day="2026-11-01", source="explore")
    desks = create_collection(owner=alice, name="Desks", description="Quiet first")
    sort_save(person=alice, note=bobs, add=[desks.pk], remove=[], remark="For exam week")
    for shelf in (shelve(bob, "Of Bob", bobs), shelve(charlie, "Charlie’s secret", secret)):
        assert follow_collection(person=alice, collection=shelf)
    day = {"day": "2026-11-01"}
    NoteDay.objects.create(note=note, source="explore", shown=40, opened=3, **day)
    NoteHour.objects.create(note=note, hour=9, opened=3, **day)
    NoteFollowDay.objects.create(note=note, won=1, lost=1, **day)
    ProfileDay.objects.create(person=alice, visits=2, **day)
    report(reporter=alice, target={"note": bobs}, reason="other", details="Look at it", key=bobs.key)
    dana, closed = make_person("dana"), make_person("closed", approves_followers=True)
    Follow.objects.create(follower=alice, followed=bob)
    for author, person in ((alice, bob), (bob, alice)):
        Mention.objects.create(note=bobs, author=author, person=person, handle=person.handle)
    FollowRequest.objects.create(follower=alice, followed=closed)
    FollowRequest.objects.create(follower=charlie, followed=alice)
    block(blocker=alice, blocked=dana)
    mute(muter=alice, muted=charlie)
    MutedNote.objects.create(person=alice, note=bobs)
    now = timezone.now()
    Digest.objects.create(person=alice, state="sent", due_at=now, claimed_at=now, up_to=1, number=3, **day)
    dismiss(person=alice, dismissed=bob)
    campus, tag = alice.campus, Tag.objects.get(name="tea")
    word = Word.objects.get(en="calm")
    Batch.objects.create(
        creator=alice, table="campus", needed=10, campus=campus, first=11, second=33, tenths=3
    )
    Entered.objects.create(creator=bob, reader=alice, table="stage")
    Entered.objects.create(creator=alice, reader=bob, table="stage")
    Pick.objects.create(creator=bob, picker=alice, place=0, word=word)
    Pick.objects.create(creator=alice, picker=bob, place=0, word=Word.objects.get(en="funny"))
    SeenWord.objects.create(creator=alice, tag=tag)
    StruckWord.objects.create(creator=alice, word=Word.objects.get(en="tidy"))
    FoundBy.objects.create(creator=alice, words="tea room")
    record_searches(searches=[Searched(alice.pk, "window seat", now)])
    HistoryEntry.objects.create(note=bobs, person=alice, opened_at=timezone.now())
    Less.objects.create(note=bobs, person=alice)
    Series.objects.create(author=alice, name="First year")
    Arrival.objects.create(note=bobs, person=alice, words="own desk", day="2026-11-20")
    sign_in(alice, headers={"User-Agent": "Her own laptop"})
    return alice


def documented() -> dict[str, list[str]]:
    """The fields of each part, as docs/archive.md names them."""
    page = (settings.BASE_DIR / "docs/archive.md").read_text()
    rows = re.findall(r"^\| `(\S+)\.json` \|[^|]*\| (.+) \|$", page, re.MULTILINE)
    return {part: re.findall(r"`(\w+)`", re.sub(r" \(.*?\)", "", names)) for part, names in rows}


def fields(rows: Any) -> list[str]:
    return list(rows if isinstance(rows, dict) else max(rows, key=len))


def test_it_holds_everything_and_nothing_of_others(full: User, mailoutbox: list[Any]) -> None:
    archive = archive_of(full)
    assert archive.testzip() is None
    assert {name for name in archive.namelist() if name.startswith("data/")} == {
        f"data/{part.name}.json" for part in PARTS
    }
    account = told(archive, "account")
    assert (account["email"], account["handle"], account["campus"]) == (
        "alice@campus.test",
        "alice",
        "Linhai University",
    )
    assert account["stage"] == "college"
    assert told(archive, "labels")[0]["topics"] == ["plog", "tea"]
    notes = {note["title"]: note for note in told(archive, "notes")}
    assert {title: note["status"] for title, note in notes.items()} == {
        "A window seat": "published",
        "Hidden one": "published",
        "Half a thought": "draft",
    }
    (photo,) = notes["A window seat"]["photos"]
    assert (photo["description"], notes["A window seat"]["tags"]) == ("A lamp", ["tea"])
    with Image.open(io.BytesIO(archive.read(photo["file"]))) as image:
        assert image.size == (1200, 1600)
        assert all(abs(a - b) < 8 for a, b in zip(image.getpixel((600, 800)), RED, strict=True))
    with Image.open(io.BytesIO(archive.read(account["picture"]))) as image:
        assert image.size == (192, 192)
    (decision,) = told(archive, "moderation")
    assert (decision["about"], decision["reason"]) == ("note", "It names a room.")
    titles = {
        part: [row.get("title") for row in told(archive, part)]
        for part in ("likes", "saves", "comments", "read")
    }
    assert set(map(tuple, titles.values())) == {("Bob’s own", None)}
    assert {part.name: fields(told(archive, part.name)) for part in PARTS} == documented()
    assert told(archive, "read")[0]["first_seen_on"] == "2026-11-01"
    assert {part: [row["person"] for row in told(archive, part)] for part in PEOPLE} == {
        "following": ["bob"],
        "followers": ["bob"],
        "requests": ["closed"],
        "asked-by": ["charlie"],
        "blocked": ["dana"],
        "muted": ["charlie"],
        "passed-over": ["bob"],
    }
    assert told(archive, "reports")[0]["details"] == "Look at it"
    assert told(archive, "note-days")[0]["shown"] == 40
    assert told(archive, "audience") == [{"table": "campus", "campus": "Linhai University", "tenths": 3}]
    assert told(archive, "counted-in") == [{"person": "bob", "table": "stage"}]
    assert [(row["person"], row["word"]) for row in told(archive, "words-picked")] == [("bob", "calm")]
    assert told(archive, "words-seen") == [{"word": "tea"}]
    assert told(archive, "words-struck") == [{"word": "tidy"}]
    assert [row["words"] for row in told(archive, "searches")] == ["window seat"]
    assert told(archive, "found-by") == [{"note": None, "words": "tea room"}]
    assert [row["name"] for row in told(archive, "series")] == ["First year"]
    assert [row["title"] for row in told(archive, "less")] == ["Bob’s own"]
    assert [row["title"] for row in told(archive, "reading-history")] == ["Bob’s own"]
    assert [row["words"] for row in told(archive, "arrivals")] == ["own desk"]
    assert "funny" not in str([told(archive, part.name) for part in PARTS])
    assert told(archive, "follower-days")[0]["won"] == 1
    assert told(archive, "sessions")[0]["browser"] == "Her own laptop"
    (kept,) = told(archive, "collections")
    assert (kept["name"], kept["description"], kept["is_first"]) == ("Desks", "Quiet first", False)
    assert kept["collection"] in told(archive, "saves")[0]["collections"]
    assert [row["collection"] for row in told(archive, "saves")[0]["places"]] == [kept["collection"]]
    assert told(archive, "saves")[0]["remark"] == "For exam week"
    assert [(row["name"], row["person"]) for row in told(archive, "followed-collections")] == [
        ("Of Bob", "bob"),
        (None, None),
    ]
    every_word = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert "Charlie’s secret" not in every_word
    assert "bob@campus.test" not in every_word
    assert full.password not in every_word
    page = archive.read("index.html").decode()
    assert "A window seat" in page
    assert photo["file"] in page
    assert "data/notes.json" in archive.read("README.txt").decode()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["alice@campus.test"], "Your Red Book archive is ready")
    assert "http://testserver/settings/data/" in mail.body


def test_it_speaks_their_language(alice: User, mailoutbox: list[Any]) -> None:
    User.objects.update(language="zh-hans")
    make_note(alice, "靠窗的座位")
    client = signed_in(alice, headers={"Accept-Language": "zh-hans"})
    press(client, DATA)
    run_jobs()
    stored = default_storage.open(Archive.objects.get().path)
    with stored, TemporaryFile() as file:
        file.write(stored.read())
        archive = ZipFile(file)
        assert 'lang="zh-hans"' in archive.read("index.html").decode()
        assert "你的笔记" in archive.read("README.txt").decode()
    assert "存档" in mailoutbox[0].subject


def test_every_relation_to_a_person_is_told_or_left_out_for_a_reason() -> None:
    covered = [name for part in PARTS for name in part.covers]
    found = {name for name, _model, _field in relations()}
    assert found - {*covered, *APART} == set(), "tell it in leaving/contents/, or say in APART why not"
    assert {*covered, *APART} - found == set(), "there is no such relation"
    assert len(covered) == len(set(covered)), "told twice"
    assert not set(covered) & set(APART)


# Recorded fields that no archive includes, with the reason.
UNTOLD = {
    "id": "a number of ours",
    "person": "whose archive it is",
    "is_counted": "whether their account is old enough, which is the same in all rows",
    "departed": "of accounts that are deleted",
    "network": "a keyed hash that leads nowhere",
}
TOLD_AS = {
    ("NoteReader", "first_seen_day"): "first_seen_on",
    ("NoteReader", "engaged_day"): "engaged_on",
    ("NoteReader", "reached"): "furthest_photo",
    ("NoteDay", "new_engaged"): "newly_engaged",
    ("NoteReader", "source"): "came_from",
    ("NoteDay", "source"): "came_from",
}
RECORDED = {
    "read": NoteReader,
    "note-days": NoteDay,
    "note-hours": NoteHour,
    "note-followers": NoteFollowDay,
    "follower-days": FollowDay,
    "profile-days": ProfileDay,
}


def test_every_field_that_is_recorded_is_told() -> None:
    told_fields = documented()
    for part, model in RECORDED.items():
        names = {field.name for field in model._meta.concrete_fields} - set(UNTOLD)
        assert {TOLD_AS.get((model.__name__, name), name) for name in names} <= {*told_fields[part]}, part
    insights = set(apps.get_app_config("insights").get_models())
    sums = {Summed, PersonSum, TopicSum, ChapterSum, NoteSum}  # sums of recorded rows
    readers = {
        Batch,
        Entered,
        WeekDone,
        Pick,
        SeenWord,
        StruckWord,
        FoundBy,
        Word,
    }  # told by other names, without their sizes
    assert insights - set(RECORDED.values()) - sums - readers == {Mark}, (
        "which identifies no person without the site's key"
    )


def test_it_is_for_its_person_alone_and_for_a_day(alice: User, bob: User, media: Path) -> None:
    archive_of(alice)
    client = signed_in(alice)
    place = address(client)
    response = client.get(place)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="redbook-alice-')
    response.getvalue()
    assert status(signed_in(bob), place) == 404
    assert Notification.objects.visible_to(alice).get(kind=Kind.ARCHIVE)
    assert Client().get(place)["Location"].startswith("/accounts/login/")
    Archive.objects.update(ready_at=timezone.now() - timedelta(days=1))
    assert status(client, place) == 404
    assert address(client) == ""
    assert len(list(media.glob("archives/*"))) == 1
    sweep_archives()
    assert not Notification.objects.filter(kind=Kind.ARCHIVE).exists()
    assert not Archive.objects.exists()
    assert list(media.glob("archives/*")) == []


def test_one_is_made_at_a_time(alice: User) -> None:
    client = signed_in(alice)
    press(client, DATA)
    assert client.post(DATA).status_code == 303, "the password was given a moment ago"
    assert Archive.objects.count() == 1
    assert "Your archive is being prepared" in client.get(DATA).text
    assert run_jobs() == 2
    first = address(client)
    client.post(DATA)
    assert address(client) == first, "the last one stays while another is made"
    run_jobs()
    assert address(client) not in {first, ""}
    sweep_archives()
    assert Archive.objects.count() == 1


def test_no_more_than_three_a_day(alice: User, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = {**settings.LIMITS, "archives": Limit(2, timedelta(days=1))}
    client = signed_in(alice)
    press(client, DATA)
    run_jobs()
    refused = client.post(DATA)
    assert refused.status_code == 429
    assert "Try again" in refused.text
    assert not Archive.objects.being_made().exists()


def test_the_password_is_asked_for(alice: User) -> None:
    client = signed_in(alice)
    asked = client.post(DATA)
    assert asked.status_code == 302
    assert client.post(asked["Location"], {"password": "wrong", "next": DATA}).status_code == 422
    assert not Archive.objects.exists()
    assert client.get(f"{DATA}{'0' * 32}.zip").status_code == 404


def test_one_that_cannot_be_made_is_given_up_and_may_be_asked_for_again(
    alice: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise StorageAway("full")

    client = signed_in(alice)
    press(client, DATA)
    sweep_archives()
    assert Archive.objects.being_made().exists(), "its job still waits"
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", away)
        with pytest.raises(StorageAway):
            run_jobs()
    assert ProcrastinateJob.objects.filter(task_name="make_archive").exists()
    monkeypatch.setattr("leaving.actions.archives.unfinished", lambda job, argument: set())
    sweep_archives()
    assert "could not be made" in client.get(DATA).text
    assert ask_archive(person=alice, site="", language="en")


def test_what_a_killed_worker_left_is_deleted(alice: User, media: Path) -> None:
    """Run twice, one file becomes the archive's; a file without a row is deleted once no run can still need it."""
    ask_archive(person=alice, site="", language="en")
    archive = Archive.objects.get()
    make_archive(archive.pk, "", "en")
    make_archive(archive.pk, "", "en")
    archive.refresh_from_db()
    left, fresh = (media / "archives" / f"{name}.zip" for name in ("left", "fresh"))
    for path in (left, fresh):
        path.write_bytes(b"PK")
    two_hours_ago = (timezone.now() - timedelta(hours=2)).timestamp()
    for path in (left, media / archive.path):
        os.utime(path, (two_hours_ago, two_hours_ago))
    sweep_archives()
    assert {path.name for path in media.glob("archives/*")} == {f"{archive.name}.zip", "fresh.zip"}


@pytest.fixture
def measured() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_little_is_in_memory_at_a_time(alice: User, measured: None) -> None:
    """Sixty photos of 2 MB, 120 MB in all, that share one file in storage."""
    note = make_note(alice)
    first = make_photo(alice, note=note, position=0)
    default_storage.save(first.path("master.jpg"), ContentFile(os.urandom(2_000_000)))
    Photo.objects.bulk_create(
        Photo(owner=alice, state="ready", width=9, height=9, folder=first.folder) for _ in range(59)
    )
    with TemporaryFile() as file:
        tracemalloc.reset_peak()
        write_archive(alice, "", file)
        assert file.tell() > 120_000_000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000


def test_the_suspended_may_take_their_data_too(alice: User, mona: User) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    client, _answer = sign_in(alice)
    assert client.get("/following/").status_code == 302, "nothing else opens"
    assert client.post(DATA).status_code == 303
    run_jobs()
    assert status(client, address(client)) == 200
    assert told(archive_with(client), "moderation")[0]["reason"] == "Spam"
    assert signed_out(client) == ""


def archive_with(client: Client) -> Any:
    return ZipFile(io.BytesIO(b"".join(client.get(address(client)).streaming_content)))  # type: ignore[attr-defined]


def signed_out(client: Client) -> str:
    """What a browser is signed in as."""
    return str(client.session.get("_auth_user_id", ""))


def test_a_pass_ends_after_half_an_hour(alice: User, mona: User, monkeypatch: pytest.MonkeyPatch) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    client, _answer = sign_in(alice)
    assert client.get(DATA).status_code == 200
    later = timezone.now().timestamp() + 31 * 60
    monkeypatch.setattr("people.passes.time.time", lambda: later)
    assert client.get(DATA).status_code == 302
    assert PASSWORD not in str(dict(client.session))
