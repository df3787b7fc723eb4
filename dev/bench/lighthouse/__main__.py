import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redbook.settings")
django.setup()

from dev.bench.lighthouse import measure, report  # noqa: E402  models need the settings
from dev.bench.measure import Failed  # noqa: E402


def main() -> int:
    if missing := measure.missing():
        print(missing)
        return 1
    try:
        pages = measure.pages()
    except Failed as error:
        print(error)
        return 1
    print(report.table(pages))
    report.write(pages)
    missed = [line for page in pages for line in report.missed(page)]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
