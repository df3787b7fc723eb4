"""A crowd: processes of their own, each sending its share of requests over HTTP as fast as it can.

Imports nothing of Django or the project, so that a process starts quickly and shares nothing with the test. The
processes are started once and stay.
"""

import http.client
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import repeat
from typing import NamedTuple
from urllib.parse import urlencode

PROCESSES = 8
CSRF = "storm" * 6 + "xx"  # 32 letters, in cookie and form alike


class Post(NamedTuple):
    """A request; where `form` is None, a GET."""

    session: str
    path: str
    form: tuple[tuple[str, str], ...] | None = ()
    forwarded_for: str = ""


def storm(port: int, posts: list[Post]) -> Counter[int]:
    """Sends all of them from PROCESSES processes at once; how many answers had which status."""
    shares = [posts[start::PROCESSES] for start in range(PROCESSES)]
    return sum(_crowd().map(send, repeat(port), shares), Counter())


@cache
def _crowd() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))


def send(port: int, posts: list[Post]) -> Counter[int]:
    """Send them one after another; how many answers had which status."""
    statuses: Counter[int] = Counter()
    for session, path, form, forwarded_for in posts:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        } | ({"X-Forwarded-For": forwarded_for} if forwarded_for else {})
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, urlencode([*form, ("csrfmiddlewaretoken", CSRF)]), headers)
        statuses[connection.getresponse().status] += 1
        connection.close()
    return statuses
