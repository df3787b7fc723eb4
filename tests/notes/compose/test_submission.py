"""A compose form read into a value, without a database."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from notes.compose.submission import Intention, Submission

FILES = MultiValueDict({"photos": [SimpleUploadedFile(name, name.encode()) for name in ("a", "b")]})


def read(query: str, note_id: int | None = None) -> Submission:
    return Submission.read(QueryDict(query), FILES, note_id=note_id)


@pytest.mark.parametrize(
    ("query", "intention"),
    [
        ("", Intention.PUBLISH),
        ("action=publish", Intention.PUBLISH),
        ("action=else", Intention.PUBLISH),
        ("action=draft", Intention.SAVE_DRAFT),
        ("action=keep", Intention.AUTOSAVE),
        ("action=publish&remove=3", Intention.PUBLISH),
        ("remove=3", Intention.ARRANGE),
        ("action=publish&move=3:up", Intention.ARRANGE),
        ("add=tea", Intention.ARRANGE),
        ("show=1", Intention.ARRANGE),
        ("action=publish&show=1&crop=3", Intention.CROP),
    ],
)
def test_intention(query: str, intention: Intention) -> None:
    assert read(query).intention is intention


@pytest.mark.parametrize(
    ("cover", "of_new_note", "of_edited_note"),
    [
        ("", (None, None), (None, None)),
        ("0", (7, None), (0, None)),
        ("1", (5, None), (1, None)),
        ("2", (None, 0), (2, None)),
        ("5", (None, 3), (5, None)),
        ("new:1", (None, 1), (None, 1)),
        ("-1", (None, None), (None, None)),
        ("new:", (None, None), (None, None)),
        ("9" * 19, (None, None), (None, None)),
    ],
)
def test_cover(cover: str, of_new_note: tuple, of_edited_note: tuple) -> None:
    new, edited = (read(f"photo=7&photo=5&photo=7&cover={cover}", note_id) for note_id in (None, 1))
    assert (new.cover, new.new_cover) == of_new_note
    assert (edited.cover, edited.new_cover) == of_edited_note


def test_photos_and_descriptions() -> None:
    sent = read("photo=7&photo=x&photo=5&remove=5&remove=&alt=First&alt-7=Tea&alt-x=No&crop=7&move=5:down")
    assert (sent.photos, sent.removed, sent.alts) == ((7, 5), {5}, {7: "Tea"})
    assert [(new.file.name, new.alt) for new in sent.new_photos] == [("a", "First"), ("b", "")]
    assert (sent.crop, sent.move) == (7, (5, 1))
    assert len({new.digest for new in sent.new_photos}) == 2
    assert sent.new_photos[0].file.read() == b"a", "as if nobody had looked at it"


@pytest.mark.parametrize(
    ("query", "note_id", "key"),
    [
        ("", None, None),
        ("draft=&key=", None, None),
        ("draft=12&key=no", 12, None),
        ("draft=-1&key=0b9c55a6-5a3c-4a4e-9f0e-2f3a3f1c9c11", None, "0b9c55a6-5a3c-4a4e-9f0e-2f3a3f1c9c11"),
    ],
)
def test_note(query: str, note_id: int | None, key: str | None) -> None:
    new, edited = read(query), read(query, note_id=3)
    assert (new.is_new, new.note_id, new.key) == (True, note_id, key and UUID(key))
    assert (edited.is_new, edited.note_id) == (False, 3)


def test_seen() -> None:
    assert (read("seen=").seen, read("").seen) == ("", None)
