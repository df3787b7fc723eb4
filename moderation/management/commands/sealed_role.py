from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from moderation.sealing.roles import ROLES, give_role, take_role
from profiles.models import User


class Command(BaseCommand):
    help = "Gives a moderator one of the two roles that may open sealed cases (docs/moderation.md); --dismiss takes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=ROLES)
        parser.add_argument("email")
        parser.add_argument("--dismiss", action="store_true")

    def handle(self, *args: object, role: str, email: str, dismiss: bool, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"No account has the address {email}.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if dismiss:
            take_role(person=person, role=ROLES[role])
        elif not person.is_staff:
            raise CommandError(f"{person} is no moderator: run manage.py moderator {email} first.")
        else:
            give_role(person=person, role=ROLES[role])
        self.stdout.write(f"{person} {'no longer has' if dismiss else 'has'} the role {ROLES[role]}.")
