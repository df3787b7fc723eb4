import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dev.bench.settings")
django.setup()

from dev.bench import measure, pages, report  # noqa: E402  models need the settings


def main() -> int:
    pages.fill()
    subjects, viewer = pages.subjects(), pages.signed_in()
    rows = report.rows(
        measure.cpu(subjects, viewer), {subject: measure.sql(subject, viewer) for subject in subjects}
    )
    print(report.table(rows))
    report.write(rows)
    missed = [row for row in rows if row.is_missed]
    for row in missed:
        print(f"{row.subject.name}: {row.ratio:.2f} times the bare page, more than {row.subject.limit:g}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
