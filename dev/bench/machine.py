import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from django.db import connection


def processor() -> str:
    """Return the name of the machine's processor, where the system tells it."""
    facts = Path("/proc/cpuinfo")
    for line in facts.read_text().splitlines() if facts.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def machine() -> str:
    """Return the date and machine of the measurement, in words."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgresql = cursor.fetchone()[0]
    software = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "psycopg"))
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {processor()}, {psutil.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GiB; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, {software}, PostgreSQL {postgresql}"
    )
