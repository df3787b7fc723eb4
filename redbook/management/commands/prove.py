import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from moderation.prove.run import prove

SHOWN = 200


class Command(BaseCommand):
    help = (
        "Computes again what lowers notes and people in lists, from rows and the formula of Explore, and compares it"
        " with what the site stores and shows; exits with 1 when a place differs without a row that explains it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--some", action="store_true", help="a part of it, as the daily job: another each day"
        )

    def handle(self, *args: object, some: bool, **options: object) -> None:
        seed = timezone.now().toordinal()
        made, tally = prove(
            is_whole=not some, seed=seed, told=lambda part: self.stderr.write(f"Comparing {part} …")
        )
        for each in tally.found[:SHOWN]:
            self.stdout.write(str(each))
        if len(tally.found) > SHOWN:
            self.stdout.write(f"… and {len(tally.found) - SHOWN} more")
        self.stdout.write(
            f"Compared {made.places} places in {made.lists} lists and {made.rows} rows in {made.seconds:.1f} s."
            f" Differences: {made.differences}"
        )
        if made.differences:
            sys.exit(1)
