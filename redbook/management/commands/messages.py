"""Collect translatable texts from Python and templates into the catalogue of messages."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
SOURCES = [
    ("**.py", "python"),
    ("**.html", f"{__name__}:extract_template"),
    ("**.txt", f"{__name__}:extract_template"),
]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def extract_template(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Extract messages from Django templates for Babel, by Django's own conversion to Python."""
    source = templatize(file.read().decode(), origin=getattr(file, "name", ""))
    flat = "\n".join(line.lstrip() for line in source.splitlines())
    return extract_python(io.BytesIO(flat.encode()), keywords, comment_tags, {"encoding": "utf-8"})


class Command(BaseCommand):
    help = (
        "Updates the Simplified Chinese catalogue with the texts of the code; then translate what is empty."
    )
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        with (settings.BASE_DIR / CATALOGUE).open("rb") as file:
            catalogue = read_po(file, locale="zh_Hans")
        catalogue.update(collect(settings.BASE_DIR), no_fuzzy_matching=True)
        with (settings.BASE_DIR / CATALOGUE).open("wb") as file:
            write_po(file, catalogue, width=110, ignore_obsolete=True, omit_header=False, sort_by_file=True)
        empty = [str(message.id) for message in catalogue if message.id and not any(_strings(message.string))]
        self.stdout.write(
            "\n".join([*empty, f"{len(catalogue)} messages, {len(empty)} without a translation"])
        )


def collect(root: Path) -> Catalog:
    """Return every message of the project's Python and templates, with its location."""
    template = Catalog(charset="utf-8")
    for folder in (
        "dev",
        "redbook",
        "leaving",
        "moderation",
        "insights",
        "search",
        "notifications",
        "people",
        "profiles",
        "notes",
        "imaging",
        "core",
        "templates",
    ):
        found = extract_from_dir(root / folder, SOURCES, keywords=KEYWORDS, comment_tags=["Translators:"])
        for path, line, message, comments, context in found:
            template.add(message, None, [(f"{folder}/{path}", line)], auto_comments=comments, context=context)
    return template


def _strings(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)
