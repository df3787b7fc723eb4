import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from core.db.migration_risks import risks
from core.db.releases import missing, own_apps


class Command(BaseCommand):
    help = (
        "Names what is risky about the migrations that the database lacks: large tables locked, columns that the"
        " version before still needs. Exits with 1 when there is something."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="of all migrations, applied or not")

    def handle(self, *args: object, all: bool, **options: object) -> None:
        loader = MigrationLoader(None)
        ours = own_apps()
        lacking = set(missing()) if not all else None
        found = []
        for key in sorted(loader.disk_migrations):
            if key[0] in ours and (lacking is None or ".".join(key) in lacking):
                found += risks(loader.get_migration(*key), loader.project_state([key], at_end=False))
        self.stdout.write("\n".join([*found, f"Risky operations: {len(found)}"]))
        if found:
            sys.exit(1)
