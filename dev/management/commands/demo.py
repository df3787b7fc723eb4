from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dev.demo import load
from dev.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Fills an empty database with a demo community, and prints the accounts to sign in with."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=on first: everyone knows the passwords of the demo's people.")
        if load.is_empty():
            self.fill()
        elif verbosity:
            self.stdout.write("There are people here already: nothing was added.")
        for purpose, address in load.signins().items():
            self.stdout.write(f"  sign in as a {purpose:<10} {address:<24} password {PASSWORD}")

    def fill(self) -> None:
        self.stdout.write("Filling the empty database with a demo community; this takes a minute.")
        self.stdout.flush()
        try:
            load.fill()
        except ModuleNotFoundError as error:
            raise CommandError(f"{error}: the demo's photographs come with uv sync --group demo.") from None
