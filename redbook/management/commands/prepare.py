from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from core.db.days import set_time_zone
from notifications.rule import write_rule
from people.actions.moderators import moderators


class Command(BaseCommand):
    help = "Brings the database, the translations and the static files up to date with the code."
    requires_system_checks = []  # handle() checks the database too

    def handle(self, *args: object, **options: object) -> None:
        try:
            self.check(databases=["default"], display_num_errors=False)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        call_command("migrate", interactive=False, verbosity=0)
        set_time_zone()
        write_rule()
        moderators()  # may do what they can do since this version
        call_command("compilemessages")
        call_command("collectstatic", interactive=False, verbosity=0)
        (settings.STATIC_ROOT / "staticfiles.json").unlink(missing_ok=True)  # where earlier versions left it
        if settings.DEMO:
            call_command("demo", verbosity=0)
