from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.storage.backup import CannotCopy, restore


class Command(BaseCommand):
    help = "Fills an empty database and an empty storage with what manage.py backup copied. Then run prepare."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of the backup")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            number = restore(folder.resolve())
        except CannotCopy as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The database and {number} files are back. Now run: manage.py prepare")
