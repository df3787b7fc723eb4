import sys
from argparse import ArgumentParser
from itertools import chain

from django.core.management.base import BaseCommand

from leaving.traces import FREE_WORDS, kept_copies, rows_of, unowned_files, words_in_tables


class Command(BaseCommand):
    help = (
        "Looks through every table and through storage for what is left of a deleted account; exits with 1 when"
        " there is something. What others wrote about the person in their own words is theirs, and not looked at."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", type=int, help="the number of the account, as admin shows it")
        parser.add_argument("name", nargs="*", help="its e-mail address and its handle")

    def handle(self, *args: object, person: int, name: list[str], **options: object) -> None:
        words = words_in_tables(name, FREE_WORDS) if name else iter(())
        kept, overdue = kept_copies(name) if name else ([], [])
        found = list(chain(rows_of(person), words, overdue, unowned_files()))
        self.stdout.write("\n".join([*kept, *found, f"Traces: {len(found)}"]))
        if found:
            sys.exit(1)
