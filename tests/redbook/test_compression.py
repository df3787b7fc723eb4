"""Which responses are compressed, and how."""

import gzip
import sys
from typing import Any

import brotli
import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from notes.models import Note
from profiles.models import User
from redbook.compression import CompressionMiddleware
from tests.builders import make_note, make_photo, signed_in

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OPENED = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
TEXT = "<!DOCTYPE html><title>Tea</title>" + "<p>a cup of tea, 一杯茶</p>" * 40


def passed(response: Any, **headers: str) -> Any:
    """The response as it leaves, asked for with these headers."""
    request = RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),  # Chromium, Firefox
        ("gzip, deflate, br", "br"),  # Safari
        ("gzip, deflate", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
        ("zstd;q=0, gzip", "gzip"),
    ],
)
@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "application/json", "image/svg+xml", "text/csv"]
)
def test_text_is_compressed_as_the_browser_takes_it(accepts: str, coding: str, kind: str) -> None:
    answer = passed(HttpResponse(TEXT, content_type=kind, headers={"ETag": '"a"'}), accept_encoding=accepts)
    assert answer["Content-Encoding"] == coding
    assert OPENED[coding](answer.content).decode() == TEXT
    assert int(answer["Content-Length"]) == len(answer.content) < len(TEXT.encode()) / 4
    assert "accept-encoding" in answer["Vary"].lower()
    assert answer["ETag"] == 'W/"a"', "two bodies, so a weak one"


@pytest.mark.parametrize("accepts", ["", "identity", "*", "gzip;q=0", "deflate", "x" * 3000])
def test_who_takes_nothing_we_know_gets_it_as_it_is(accepts: str) -> None:
    answer = passed(HttpResponse(TEXT), accept_encoding=accepts)
    assert (answer.content.decode(), "Content-Encoding" in answer) == (TEXT, False)


def test_what_is_compressed_already_or_has_nothing_to_say_stays() -> None:
    for kind in ("image/avif", "image/jpeg", "application/zip", "application/octet-stream"):
        assert "Content-Encoding" not in passed(
            HttpResponse(TEXT, content_type=kind), accept_encoding="gzip"
        ), kind
    for status in (204, 304):
        answer = passed(HttpResponse(status=status, headers={"ETag": '"a"'}), accept_encoding="gzip")
        assert ("Content-Encoding" in answer, answer["ETag"]) == (False, '"a"')
    assert "Content-Encoding" not in passed(JsonResponse({"ok": True}), accept_encoding="gzip"), "short"


def test_a_stream_stays_one() -> None:
    parts = iter([b"first," * 20, b"second"])
    answer = passed(StreamingHttpResponse(parts, content_type="text/csv"), accept_encoding="gzip")
    assert answer.streaming
    first = next(part for part in answer if part)
    assert next(parts) == b"second", "not read before it is asked for"
    assert "Content-Length" not in answer
    assert first.startswith(b"\x1f\x8b")


def test_the_length_is_blurred() -> None:
    noise = {len(passed(HttpResponse(TEXT), accept_encoding="zstd")["X-Noise"]) for _ in range(40)}
    assert len(noise) > 10
    assert max(noise) - min(noise) > 40


@pytest.mark.parametrize(
    ("asked_by", "is_compressed"),
    [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True), ("", True)],
)
def test_what_another_site_asks_for_with_a_session_has_its_own_length(
    alice: User, asked_by: str, is_compressed: bool
) -> None:
    headers = {"accept-encoding": "gzip"} | ({"sec-fetch-site": asked_by} if asked_by else {})
    answer = signed_in(alice).get("/about/", headers=headers)
    assert ("Content-Encoding" in answer) == is_compressed
    assert "Content-Encoding" in Client().get("/about/", headers=headers), "a stranger has no secrets"


def test_pages_lists_and_photos(note_with_photo: Note) -> None:
    client = Client(headers={"accept-encoding": "gzip, deflate, br, zstd"})
    for path in ("/", note_with_photo.get_absolute_url(), "/sitemap.xml", "/robots.txt", "/nothing/"):
        answer = client.get(path)
        assert answer["Content-Encoding"] == "zstd", path
        head = client.head(path)
        assert (head.status_code, head["Content-Encoding"]) == (answer.status_code, "zstd"), path
    photo = note_with_photo.photos.get()
    for name in ("320.avif", "320.jpg"):
        answer = client.get(f"{photo.base}{name}", headers={"range": "bytes=0-9"})
        assert "Content-Encoding" not in answer
        assert "X-Noise" not in answer
        answer.getvalue()


@pytest.fixture
def note_with_photo(alice: User) -> Note:
    note = make_note(alice)
    make_photo(alice, note=note, with_files=True)
    return note
