"""Several things at once, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(*work: Any) -> list[Any]:
    """What each of these returns, started together. Needs `django_db(transaction=True)`."""
    start = Barrier(len(work))

    def run(act: Any) -> Any:
        try:
            start.wait(20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as threads:
        return [running.result() for running in [threads.submit(run, act) for act in work]]
