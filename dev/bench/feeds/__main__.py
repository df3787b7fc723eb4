"""Measures the feeds of a community of so many notes, into feeds.json beside its database; of several, their table.

python -m dev.bench.feeds 10000
python -m dev.bench.feeds 10000 100000 1000000
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redbook.settings")
django.setup()

from django.conf import settings  # noqa: E402  models need the settings
from django.test import Client  # noqa: E402

from dev.bench.feeds import measure, report, subjects  # noqa: E402


def main(sizes: list[int]) -> int:
    if len(sizes) > 1:
        return report.write(sizes)
    subjects.fill(sizes[0])
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(subjects.reader())
    found = {feed.name: measure.costs(feed, client) for feed in subjects.feeds()}
    (settings.DATA_DIR / report.FILE).write_text(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
