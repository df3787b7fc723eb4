"""Time and buffers of the queries that a page of a feed makes, by PostgreSQL itself."""

import json
import re
from html import unescape
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dev.bench.feeds.subjects import Feed
from dev.bench.measure import is_read

DEEP = 20
RUNS = 9


class Cost(NamedTuple):
    """The cost of one page: its name, milliseconds in PostgreSQL, buffers of 8 kB."""

    page: int
    milliseconds: float
    buffers: int


def costs(feed: Feed, client: Client) -> list[Cost]:
    """Measure the first page, and the 20th or the last full one before it."""
    page, path, last = 1, feed.path, ""
    while (more := _more(client, path)) and page < DEEP:
        last, path, page = path, more, page + 1
    deep = (page, path) if more else (page - 1, last or path)
    return [_cost(client, *each) for each in ((1, feed.path), deep)]


def _more(client: Client, path: str) -> str:
    """Return the address of the page after this one; "" after the last."""
    found = re.search(r'href="(\?[^"]*)"\s+rel="next nofollow"', client.get(path).text)
    return path.partition("?")[0] + unescape(found[1]) if found else ""


def _cost(client: Client, page: int, path: str) -> Cost:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    plans = [explained(query["sql"]) for query in queries if is_read(query["sql"])]
    return Cost(page, sum(time for time, _buffers in plans), sum(buffers for _time, buffers in plans))


def explained(query: str) -> tuple[float, int]:
    """Return the time of the fastest of several runs, warm, and the buffers of the last."""
    times, plan = [], {}
    with connection.cursor() as cursor:
        for _ in range(RUNS):
            cursor.execute(
                f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query.replace('%', '%%')}", []
            )
            (found,) = cursor.fetchone()
            (plan,) = json.loads(found) if isinstance(found, str) else found
            times.append(plan["Execution Time"])
    return min(times), plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
