"""Measures search in a community of so many notes, into search.json beside its database; of several, their tables.

python -m dev.bench.search 10000
python -m dev.bench.search 10000 100000 1000000
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redbook.settings")
django.setup()

from django.conf import settings  # noqa: E402  models need the settings

from dev.bench.search import measure, report, subjects  # noqa: E402


def main(sizes: list[int]) -> int:
    if len(sizes) > 1:
        return report.write(sizes)
    subjects.fill(sizes[0])
    questions = subjects.questions()
    costs = measure.costs(questions, subjects.reader())
    found = {
        "questions": {each.name: (each.matches, *cost) for each, cost in zip(questions, costs, strict=True)},
        "sizes": measure.sizes(),
        "saving": measure.saving(subjects.writer()),
    }
    (settings.DATA_DIR / report.FILE).write_text(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
