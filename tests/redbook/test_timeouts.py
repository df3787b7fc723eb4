"""Statements that take or wait too long are cancelled: the page says so, nothing is half written, and other requests
are served.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from django.test import Client

from core.db import address
from notes.models import Like, Note
from tests.builders import make_note, make_person, signed_in
from tests.servers import WebServer
from tests.storms.client import Post, send
from tests.storms.test_storms import crowd, session


@contextmanager
def held(table: str) -> Iterator[None]:
    """Another connection holds the table."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_settings_give_the_server_the_timeouts() -> None:
    url = "postgresql:///redbook?host=/run/x&options=-c%20work_mem%3D8MB"
    options = address.from_url(url, pool_size=8, statement_seconds=15, lock_seconds=5)["OPTIONS"]
    assert options["options"] == "-c work_mem=8MB -c statement_timeout=15s -c lock_timeout=5s"
    assert "options" not in address.from_url("postgresql:///redbook", pool_size=0)["OPTIONS"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_query_that_takes_too_long_is_told(language: str) -> None:
    def slow(*_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'")
            cursor.execute("SELECT pg_sleep(5)")

    browser = Client(raise_request_exception=False)
    with patch("notes.feeds.lists.explored", slow):
        response = browser.get("/", headers={"Accept-Language": language})
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert ("This took too long" in response.text) is (language == "en")
    assert "closed for a moment" not in response.text


@pytest.mark.django_db(transaction=True)
def test_a_form_that_waits_for_a_lock_is_given_up_whole() -> None:
    note, person = make_note(make_person()), make_person()
    browser = signed_in(person, raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    try:
        with held("notes_comment"):
            response = browser.post(f"/notes/{note.pk}/comments/", {"body": "Kept where it was typed"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert (response.status_code, "This took too long" in response.text) == (503, True)
    note.refresh_from_db()
    assert (note.comments.count(), note.comment_count) == (0, 0)
    assert browser.post(f"/notes/{note.pk}/comments/", {"body": "Again"}).status_code == 303


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_locked_table_keeps_nobody_for_long(web_server: WebServer) -> None:
    """24 likes at once wait for the lock in 16 threads: a request behind them is answered after at most two waits."""
    note, people = make_note(make_person()), crowd(24)
    posts = [Post(session(person), f"/notes/{note.pk}/like/") for person in people]
    # The crowd of `storm` sends eight at a time, and would send the last request after all the others.
    with held("notes_like"), ThreadPoolExecutor(len(posts)) as aside:
        began = time.monotonic()
        likes = [aside.submit(send, web_server.port, [post]) for post in posts]
        time.sleep(1)
        assert send(web_server.port, [Post("", "/healthz", None)]) == {200: 1}
        waited = time.monotonic() - began
        assert [like.result() for like in likes] == [{503: 1}] * len(posts)
    print(f"/healthz behind 24 likes and a locked table: {waited:.1f} s")
    assert waited < 11
    assert not Like.objects.exists()
    assert Note.objects.get(pk=note.pk).like_count == 0
    assert send(web_server.port, posts[:1]) == {303: 1}
