import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.models import Rule
from moderation.models.picture import SOURCE_MAX
from moderation.pictures.importing import import_list


class Command(BaseCommand):
    help = (
        "Adds a list of known pictures, a fingerprint of 16 hexadecimal digits a line (docs/moderation.md). Exits with"
        " 1 when lines are wrong; the others are added."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the list; - reads standard input")
        parser.add_argument("--rule", required=True, help="slug of the rule that these pictures break")
        parser.add_argument("--source", required=True, help="where the list is from")

    def handle(self, *args: object, file: str, rule: str, source: str, **options: Any) -> None:
        known = Rule.objects.in_force().filter(slug=rule).first()
        if known is None:
            slugs = ", ".join(Rule.objects.in_force().values_list("slug", flat=True))
            raise CommandError(f"No rule in force has the slug {rule}. There are: {slugs}.")
        if len(source) > SOURCE_MAX:
            raise CommandError(f"The source may have {SOURCE_MAX} characters, not {len(source)}.")
        if file == "-":
            done = import_list(lines=sys.stdin, rule=known, source=source)
        else:
            try:
                with Path(file).open(encoding="utf-8", errors="replace") as lines:
                    done = import_list(lines=lines, rule=known, source=source)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}.") from None
        for line in done.refused:
            self.stderr.write(line)
        self.stdout.write(f"Added: {done.added}, known already: {done.known}, wrong: {done.wrong}")
        if done.wrong:
            sys.exit(1)
