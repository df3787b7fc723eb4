from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from people.actions.moderators import appoint, remove_moderator
from profiles.models import User


class Command(BaseCommand):
    help = "Makes the person with this e-mail address a moderator, who works at /admin/; --dismiss undoes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--dismiss", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist:
            raise CommandError(f"No account has the address {options['email']}.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        (remove_moderator if options["dismiss"] else appoint)(person=person)
        self.stdout.write(f"{person} is {'no longer a' if options['dismiss'] else 'a'} moderator.")
