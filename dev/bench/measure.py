"""CPU of the production server a request; time and buffers of the queries of a page."""

import contextlib
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from statistics import median

import psutil
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dev.bench.cold import HEADER
from dev.bench.pages import Subject
from dev.run import PROJECT, answers, web_command

HOST = "127.0.0.1"
ROUNDS, REQUESTS, WARM_UP = 7, 50, 20


class Failed(Exception):
    """A page did not answer with 200."""


@contextlib.contextmanager
def server() -> Iterator[tuple[int, psutil.Process]]:
    """Yield the web server of `make run` on a port of its own: the port, and the parent of its workers."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(web_command(HOST, port), cwd=PROJECT)
    try:
        while not answers(HOST, port):
            if process.poll() is not None:
                raise Failed("The web server does not start.")
            time.sleep(0.2)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def cpu(subjects: list[Subject], viewer: Client) -> dict[Subject, tuple[float, int]]:
    """Return milliseconds of CPU a request, the median of the rounds, and how many bytes the page is sent in.

    Every round asks for every page, so that what else the machine does falls on all of them alike.
    """
    spent: dict[Subject, list[float]] = {subject: [] for subject in subjects}
    size: dict[Subject, int] = {}
    with server() as (port, parent):
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        for subject in subjects:
            size[subject] = _ask(connection, subject, viewer, WARM_UP)
        for _ in range(ROUNDS):
            for subject in subjects:
                before = _cpu_seconds(parent)
                _ask(connection, subject, viewer, REQUESTS)
                spent[subject].append((_cpu_seconds(parent) - before) * 1000 / REQUESTS)
        connection.close()
    return {subject: (median(spent[subject]), size[subject]) for subject in subjects}


def _ask(connection: http.client.HTTPConnection, subject: Subject, viewer: Client, times: int) -> int:
    name = settings.SESSION_COOKIE_NAME
    headers = {"Cookie": f"{name}={viewer.cookies[name].value}"} if subject.signed_in else {}
    headers |= {"Accept-Encoding": subject.accepts} | ({"Purpose": "prefetch"} if subject.ahead else {})
    headers |= {HEADER: "1"} if subject.cold else {}
    for _ in range(times):
        connection.request("GET", subject.path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise Failed(f"{subject.path} answers {response.status}.")
    return len(body)


def _cpu_seconds(parent: psutil.Process) -> float:
    times = (child.cpu_times() for child in parent.children(recursive=True))
    return sum(spent.user + spent.system for spent in times)


def sql(subject: Subject, viewer: Client) -> tuple[int, int, float, int]:
    """Return the size of the page in bytes, how many queries it makes, their milliseconds in PostgreSQL, and the 8 kB
    buffers they touch.
    """
    client = viewer if subject.signed_in else Client(headers={"Host": HOST})
    client.get(subject.path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(subject.path)
    if response.status_code != 200:
        raise Failed(f"{subject.path} answers {response.status_code}.")
    plans = [plan for query in queries if (plan := _plan(query["sql"]))]
    buffers = sum(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] for plan in plans)
    return len(response.content), len(plans), sum(plan["Execution Time"] for plan in plans), buffers


def is_read(query: str) -> bool:
    return query.lstrip().startswith(("SELECT", "(", "WITH"))


def _plan(query: str) -> dict | None:
    if not is_read(query):
        return None
    with connection.cursor() as cursor:
        for _ in range(2):  # the second with what the first has read
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query.replace("%", "%%"), [])
            (found,) = cursor.fetchone()
    return (json.loads(found) if isinstance(found, str) else found)[0]
