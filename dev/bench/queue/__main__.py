"""Measures the moderators' queue in a community of so many notes and 100,000 reports, into docs/performance.md.

python -m dev.bench.queue 1000000
"""

import os
import sys
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dev.bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  models need the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from dev.bench import measure, report  # noqa: E402
from dev.bench.machine import machine  # noqa: E402
from dev.bench.pages import BARE, Subject  # noqa: E402
from dev.bench.sections import in_place  # noqa: E402
from dev.synthetic.reports import load  # noqa: E402
from moderation.models import Case, Report  # noqa: E402
from notes.models import Note  # noqa: E402
from people.actions.moderators import appoint  # noqa: E402
from profiles.models import User  # noqa: E402

REPORTS = 100_000
LIMIT = 3


def fill(notes: int) -> None:
    """Load the community where there is none, and the reports where there are none."""
    call_command("prepare")
    if not Note.objects.exists():
        call_command("synthesize", notes=notes)
    if missing := REPORTS - Report.objects.count():
        for done in load(timezone.now(), Random(1), missing):  # noqa: S311
            print(f"{done:,} of {missing:,} reports", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def moderator() -> User:
    person = User.objects.filter(is_staff=True).first() or User.objects.order_by("-pk")[0]
    appoint(person=person)
    return person


def subjects() -> list[Subject]:
    case = Case.objects.open().in_order()[0]
    return [
        BARE,
        Subject("queue", "/admin/", LIMIT, signed_in=True),
        Subject("queue, of comments", "/admin/?kind=comment", LIMIT, signed_in=True),
        Subject("queue, of the least grave", "/admin/?severity=2", LIMIT, signed_in=True),
        Subject("a case", f"/admin/cases/{case.pk}/", LIMIT, signed_in=True),
    ]


def written(rows: list[report.Row]) -> str:
    notes, reports, cases = Note.objects.count(), Report.objects.count(), Case.objects.open().count()
    numbers = f"{notes:,} notes, {reports:,} reports, {cases:,} open cases"
    return (
        f"{report.QUEUE}\n\n`make bench-queue` writes this part, in a database of its own: {numbers}.\n\n"
        f"{report.table(rows)}\n\nMeasured {machine()}.\n"
    )


def main(notes: int) -> int:
    fill(notes)
    viewer = Client(headers={"Host": "127.0.0.1"})
    viewer.force_login(moderator())
    pages = subjects()
    rows = report.rows(measure.cpu(pages, viewer), {page: measure.sql(page, viewer) for page in pages})
    print(report.table(rows))
    report.WHERE.write_text(in_place(report.WHERE.read_text(), report.QUEUE, written(rows)))
    return 1 if any(row.is_missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
