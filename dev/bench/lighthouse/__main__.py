import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redbook.settings")
django.setup()

from dev.bench.lighthouse import measure, report  # noqa: E402  models need the settings


def main() -> int:
    if missing := measure.missing():
        print(missing)
        return 1
    pages = measure.pages()
    print(report.table(pages))
    report.write(pages)
    missed = [line for page in pages for line in report.missed(page)]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
