"""Jobs are deferred by name, which no type checker follows: check every deferral against its job."""

import ast
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
from django.conf import settings
from procrastinate.exceptions import TaskNotFound

from core.jobs import app, defer

PACKAGES = [
    "core",
    "dev",
    "insights",
    "leaving",
    "moderation",
    "notes",
    "notifications",
    "people",
    "profiles",
    "redbook",
    "search",
]
POSITIONAL = {"defer": 1, "defer_once": 2}  # the job's name, and a lock
OTHER_WAYS = {"defer_async", "batch_defer", "batch_defer_async", "configure_task"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call in a file that says something of deferring, with the place where it stands."""
    for package in PACKAGES:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            text = path.read_text()
            if not path.match("core/jobs.py") and any(word in text for word in ("defer", *OTHER_WAYS)):
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.Call):
                        yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", node


def test_each_deferral_fits_its_job() -> None:
    found = 0
    for place, call in calls():
        if isinstance(call.func, ast.Name) and call.func.id in POSITIONAL:
            found += 1
            assert len(call.args) == POSITIONAL[call.func.id], place
            name = ast.literal_eval(call.args[0])
            assert name in app.tasks, f"{place}: no tasks.py declares {name}"
            keywords = [keyword.arg for keyword in call.keywords]
            assert None not in keywords, f"{place}: name each argument"
            signature(app.tasks[name].func).bind(**dict.fromkeys(filter(None, keywords)))
    assert found > 15


def test_jobs_are_deferred_in_no_other_way() -> None:
    """A QuerySet's `defer` takes names of fields, a job's keywords."""
    for place, call in calls():
        if isinstance(call.func, ast.Attribute):
            assert call.func.attr not in OTHER_WAYS, place
            assert call.func.attr != "defer" or not call.keywords, place


def test_a_job_that_is_not_declared_is_refused() -> None:
    with pytest.raises(TaskNotFound):
        defer("process_foto", photo_id=1)
