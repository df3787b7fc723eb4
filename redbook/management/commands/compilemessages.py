import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles the translations in locale/ with Babel; GNU gettext is not needed."

    def handle(self, *args: object, **options: object) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).rglob("*.po")):
                compiled = source.with_suffix(".mo")
                if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                    continue
                new = source.with_suffix(f".{os.getpid()}.mo")  # two processes may compile at once
                with source.open("rb") as po, new.open("wb") as mo:
                    write_mo(mo, read_po(po))
                new.replace(compiled)
