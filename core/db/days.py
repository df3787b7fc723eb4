"""The site's time zone in the database, because triggers write dates too."""

from typing import LiteralString

from django.conf import settings
from django.db import connection

# site_day(at) is the date on which it is `at` in settings.TIME_ZONE, as timezone.localdate() says in Python.
SITE_DAY: LiteralString = """
CREATE OR REPLACE FUNCTION site_day(at timestamptz) RETURNS date LANGUAGE sql STABLE
RETURN (at AT TIME ZONE %s)::date
"""


def set_time_zone() -> None:
    """Set the database's time zone to that of the settings. Dates already written stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(SITE_DAY, [settings.TIME_ZONE])
