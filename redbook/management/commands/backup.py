from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.storage.backup import CannotCopy, back_up


class Command(BaseCommand):
    help = "Copies the database and the photos into a folder, while the site runs; again, only what is new."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder for this alone, on another disk")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            copied, number = back_up(folder.resolve())
        except CannotCopy as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The database, and {number} files, {copied} of them new, are in {folder}")
