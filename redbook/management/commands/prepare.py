from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings the database, the translations and the static files up to date with the code."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("check", databases=["default"], verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("compilemessages")
        call_command("collectstatic", interactive=False, verbosity=0)
