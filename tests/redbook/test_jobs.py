import ast
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
from django.conf import settings
from procrastinate.exceptions import TaskNotFound

from core.jobs import app, defer

PACKAGES = ["core", "dev", "insights", "leaving", "moderation", "notes", "people", "profiles", "redbook"]
POSITIONAL = {"defer": 1, "defer_once": 2}  # positional arguments: the job's name, and a lock


def deferrals() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of `defer` and `defer_once` of core.jobs, with the place where it stands."""
    for package in PACKAGES:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            if path.match("core/jobs.py"):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in POSITIONAL
                ):
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", node


def test_each_deferral_fits_its_job() -> None:
    found = list(deferrals())
    assert len(found) > 15
    for place, call in found:
        assert isinstance(call.func, ast.Name)
        assert len(call.args) == POSITIONAL[call.func.id], place
        name = ast.literal_eval(call.args[0])
        assert name in app.tasks, f"{place}: no tasks.py declares {name}"
        keywords = [keyword.arg for keyword in call.keywords]
        assert None not in keywords, f"{place}: name each argument"
        signature(app.tasks[name].func).bind(**dict.fromkeys(filter(None, keywords)))


def test_jobs_are_deferred_in_no_other_way() -> None:
    """A QuerySet's `defer` takes names of fields, a job's keywords."""
    for package in PACKAGES:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and path.name != "jobs.py"
                ):
                    assert node.func.attr not in ("defer_async", "batch_defer", "configure_task"), path
                    assert node.func.attr != "defer" or not node.keywords, f"{path}:{node.lineno}"


def test_a_job_that_nobody_declared_is_refused() -> None:
    with pytest.raises(TaskNotFound):
        defer("process_foto", photo_id=1)
