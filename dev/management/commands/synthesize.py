from argparse import ArgumentParser
from random import Random
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from dev.synthetic import notes, people, reports, world

NUMBERS = {
    "people": 2_000,
    "follows": 20_000,
    "notes": 10_000,
    "likes": 50_000,
    "collects": 15_000,
    "comments": 20_000,
    "readers": 60_000,
    "photos": 24,
    "reports": 0,
}
WORDS = {
    "photos": "how many pictures all photos show",
    "readers": "how many people open a note and do not answer",
}
TELL_EVERY = 100_000


class Command(BaseCommand):
    help = "Adds a made-up community of any size beside what is there, to measure and to try things on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for what, number in NUMBERS.items():
            words = WORDS.get(what, f"how many {what}")
            parser.add_argument(f"--{what}", type=int, default=number, help=f"{words}; {number:,} by default")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another community")

    def handle(self, *, seed: int, **options: Any) -> None:
        self.began = monotonic()
        random, now = Random(seed), timezone.now()  # noqa: S311
        size = {what: options[what] for what in NUMBERS}
        try:
            crowd = people.load(now, random, size["people"], size["follows"])
            self.tell(f"{size['people']:,} people")
            made = world.World(now, random, crowd, size["photos"])
            reactions = {what: size[what] for what in ("likes", "collects", "comments", "readers")}
            for done in notes.load(made, size["notes"], **reactions):
                if done % TELL_EVERY == 0 or done == size["notes"]:
                    self.tell(f"{done:,} notes")
            for done in reports.load(now, random, size["reports"]):
                self.tell(f"{done:,} reports")
        except ValueError as error:
            raise CommandError(str(error)) from None
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.tell("done")

    def tell(self, what: str) -> None:
        self.stdout.write(f"{monotonic() - self.began:7.1f} s  {what}")
        self.stdout.flush()
