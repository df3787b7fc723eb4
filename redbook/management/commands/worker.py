import asyncio
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import exceptions
from procrastinate.contrib.django import app, django_connector

STOPPING = (signal.SIGTERM, signal.SIGINT)
END_SECONDS = 10.0  # that a worker whose database went away has to end by itself


class Command(BaseCommand):
    help = (
        "Runs background jobs until SIGTERM or SIGINT, then exits with 0. Exits with 1 when it ends by itself, as when"
        " PostgreSQL goes away: have it started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queues", nargs="+", help="only jobs of these queues: photos, house, mail, digests"
        )

    def handle(self, *args: object, queues: list[str] | None, **options: object) -> None:
        connector = app.connector
        assert isinstance(connector, django_connector.DjangoConnector)
        with app.replace_connector(connector.get_worker_connector()):
            if not asyncio.run(work(queues)):
                sys.exit(1)


async def work(queues: list[str] | None) -> bool:
    """Run jobs; True after a signal to stop, which lets the running job finish, False after any other end."""
    chosen: Any = {"queues": queues} if queues else {}
    try:
        async with app.open_async():
            worker = asyncio.ensure_future(app.run_worker_async(install_signal_handlers=False, **chosen))
            end_on_signal(worker)
            end_when_lost(asyncio.get_running_loop())
            await worker
    except asyncio.CancelledError:
        return True
    except exceptions.ConnectorException as error:
        print(f"The worker ends: {error.__cause__ or error}", file=sys.stderr)
        return False
    print("The worker ends: it lost the database, or a part of it failed.", file=sys.stderr)
    return False


def end_when_lost(loop: asyncio.AbstractEventLoop) -> None:
    """End the process some seconds after a part of the worker has failed.

    Closing connections to an unavailable database may take for ever, and a worker that only waits is not restarted.
    """

    def end() -> None:
        print("The worker ends: it lost the database, or a part of it failed.", file=sys.stderr, flush=True)
        os._exit(1)

    def hear(record: logging.LogRecord) -> bool:
        if getattr(record, "action", "") == "side_task_failed":
            loop.call_soon_threadsafe(loop.call_later, END_SECONDS, end)
        return True

    logging.getLogger("procrastinate.worker.worker").addFilter(hear)


def end_on_signal(worker: asyncio.Future[None]) -> None:
    """Cancel it on the first signal; a second one would cut off the running job."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in STOPPING:
            loop.add_signal_handler(number, lambda: None)
        worker.cancel()

    for number in STOPPING:
        loop.add_signal_handler(number, stop)
