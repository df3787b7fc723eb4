"""The report of `make lighthouse`, also without Lighthouse installed."""

from pathlib import Path
from typing import Any

import pytest

from dev.bench.lighthouse import measure, report
from dev.bench.measure import Failed


def said(performance: float = 0.97, largest: float = 1800.0, description: float = 1) -> dict[str, Any]:
    times = {
        "largest-contentful-paint": largest,
        "first-contentful-paint": 900.0,
        "total-blocking-time": 30.0,
        "cumulative-layout-shift": 0.0,
    }
    sent = [{"transferSize": 9_000}, {"transferSize": 41_000}, {"transferSize": 0}]
    seo = [{"id": "meta-description", "weight": 1}, {"id": "structured-data", "weight": 0}]
    return {
        "environment": {"benchmarkIndex": 1500.0},
        "audits": {name: {"numericValue": value} for name, value in times.items()}
        | {"network-requests": {"details": {"items": sent}}, "meta-description": {"score": description}},
        "categories": {
            "performance": {"score": performance, "auditRefs": []},
            "accessibility": {"score": 1, "auditRefs": []},
            "best-practices": {"score": 1, "auditRefs": []},
            "seo": {"score": description, "auditRefs": seo},
        },
    }


def test_a_good_page_and_its_line() -> None:
    visit = measure.visit_of(said())
    page = measure.Page("Explore", visit, visit)
    assert report.missed(page) == []
    assert report.table([page]).splitlines()[-1] == (
        "| Explore | 97 | 1.80 | 0.90 | 30 | 0.000 | 100 | 100 | 100 | 2 | 50 | 2 | 50 |"
    )


def test_each_respect_in_which_a_page_is_not_as_it_should_be() -> None:
    visit = measure.visit_of(said(0.9, 2100.0, 0))
    assert report.missed(measure.Page("Explore", visit, visit)) == [
        "Explore: performance 90, less than 95",
        "Explore: its largest picture after 2100 ms, more than 2000",
        "Explore: meta-description",
    ]


@pytest.mark.parametrize("program", ["node", "npm", "Chromium"])
def test_one_plain_line_where_a_program_is_missing(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    there = (
        {"node", "npm", *measure.CHROMIUMS}
        - {program}
        - set(measure.CHROMIUMS if program == "Chromium" else ())
    )
    monkeypatch.setattr(measure.shutil, "which", lambda name: name if name in there else None)
    line = measure.missing()
    assert program.lower() in line.lower()
    assert "\n" not in line


PROGRAMS = {
    "waits": ("exec sleep 30", ""),
    "fails": ("echo CHROME_INTERSTITIAL >&2; exit 1", "CHROME_INTERSTITIAL"),
}


@pytest.mark.parametrize("kind", ["waits", "fails"])
def test_a_visit_that_does_not_end_or_fails_is_repeated_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    command, reason = PROGRAMS[kind]
    program = tmp_path / "lighthouse"
    program.write_text(f"#!/bin/sh\necho >> {tmp_path}/visits\n{command}\n")
    program.chmod(0o755)
    monkeypatch.setattr(measure, "VISIT_SECONDS", 1)
    with pytest.raises(Failed, match=f"did not finish http://site/. {reason}$"):
        measure._visit(program, "http://site/", 1)
    assert len((tmp_path / "visits").read_text().splitlines()) == measure.ATTEMPTS
