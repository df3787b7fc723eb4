"""Explore and a note of the demo community, as Lighthouse's phone sees them on a slow line."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Count

from core.processes import end_with_parent
from dev.bench.measure import HOST, Failed, server
from dev.embedded import DATA_DIR
from notes.models import Note

VERSION = "12.8.2"  # the last that runs on node 18 and 20
TRIES = 3
# A visit takes 15 seconds. On a busy machine Lighthouse may wait for Chromium, and Chromium for itself, without end.
VISIT_SECONDS, ATTEMPTS, END_SECONDS = 90, 2, 10
WIDTH, HEIGHT, RATIO = (
    390,
    844,
    1.75,
)  # CSS pixels, and device pixels to each: those of Lighthouse's own phone
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FOLDER = DATA_DIR / "lighthouse-npm"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    *(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
]
_SETTINGS = [
    *("--quiet", "--form-factor=mobile", "--throttling-method=simulate", "--output=json"),
    *(f"--screenEmulation.width={WIDTH}", f"--screenEmulation.height={HEIGHT}", "--screenEmulation.mobile"),
    f"--screenEmulation.deviceScaleFactor={RATIO}",
    f"--only-categories={','.join(CATEGORIES)}",
]


@dataclass(frozen=True)
class Visit:
    """Lighthouse's result of one visit. `scores` by category, 0 to 100; times in milliseconds; `requests` are those
    that reached the network, `weight` the bytes that came.
    """

    scores: dict[str, int]
    largest: float
    first: float
    blocked: float
    shift: float
    requests: int
    weight: int
    failed: list[str]  # of the audits of the other three categories
    power: float  # Lighthouse's measure of how fast this machine was just then


@dataclass(frozen=True)
class Page:
    """The best of TRIES first visits, and one more by the same browser, which has kept what it may."""

    name: str
    first: Visit
    second: Visit


def missing() -> str:
    """Return which program is not there, in a line; "" where all are."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "Lighthouse needs node 18 or later, with npm: sudo apt-get install nodejs npm"
    if not chromium():
        return "Lighthouse needs Chromium: sudo apt-get install chromium  (or set CHROMIUM to where it is)."
    return ""


def chromium() -> str | None:
    names = (os.environ.get("CHROMIUM", ""), *CHROMIUMS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def pages() -> list[Page]:
    """Load the demo community into an empty database, and visit it."""
    program = _installed()
    call_command("prepare")
    note = Note.objects.public().filter(cover__isnull=False).annotate(number=Count("photos"))
    paths = {"Explore": "/", "a note": note.order_by("-number", "pk")[0].get_absolute_url()}
    with server() as (port, _parent):
        return [_page(program, name, f"http://{HOST}:{port}{path}") for name, path in paths.items()]


def _installed() -> Path:
    """Return the path of Lighthouse VERSION; install it with npm the first time."""
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    told = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if not told.exists() or json.loads(told.read_text())["version"] != VERSION:
        FOLDER.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(FOLDER)]
        subprocess.run([*npm, f"lighthouse@{VERSION}"], check=True)
    return program


def _page(program: Path, name: str, address: str) -> Page:
    with _browser() as port:
        tries = [_visit(program, address, port) for _ in range(TRIES)]
        again = _visit(program, address, port, "--disable-storage-reset")
    return Page(name, max(tries, key=lambda visit: (visit.scores["performance"], -visit.largest)), again)


@contextlib.contextmanager
def _browser() -> Iterator[int]:
    """Start headless Chromium with a profile of its own; yield its debugging port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium() or "", *CHROMIUM_FLAGS, f"--remote-debugging-port={port}"]
        process = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: end_with_parent(signal.SIGKILL),
        )
        try:
            while process.poll() is None and not _listens(port):
                time.sleep(0.1)
            if process.poll() is not None:
                raise Failed("Chromium does not start.")
            yield port
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _visit(program: Path, address: str, port: int, *options: str) -> Visit:
    """Return the result of one visit. Visit again where Lighthouse does not end; raise Failed after ATTEMPTS."""
    command = [str(program), address, f"--port={port}", *_SETTINGS, *options]
    for _ in range(ATTEMPTS):
        try:
            found = subprocess.run(command, check=True, capture_output=True, timeout=VISIT_SECONDS)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            said = error.stderr or b""
            continue
        return visit_of(json.loads(found.stdout))
    raise Failed(f"Lighthouse did not finish {address}. {said.decode(errors='replace').strip()}")


def visit_of(said: dict[str, Any]) -> Visit:
    """Return what Lighthouse's JSON says."""
    audits, categories = said["audits"], said["categories"]
    sent = [each["transferSize"] for each in audits["network-requests"]["details"]["items"]]
    judged = [ref["id"] for name in CATEGORIES[1:] for ref in categories[name]["auditRefs"] if ref["weight"]]
    return Visit(
        power=said["environment"]["benchmarkIndex"],
        scores={name: round(100 * categories[name]["score"]) for name in CATEGORIES},
        largest=audits["largest-contentful-paint"]["numericValue"],
        first=audits["first-contentful-paint"]["numericValue"],
        blocked=audits["total-blocking-time"]["numericValue"],
        shift=audits["cumulative-layout-shift"]["numericValue"],
        requests=len([size for size in sent if size]),
        weight=sum(sent),
        failed=[name for name in judged if audits[name]["score"] is not None and audits[name]["score"] < 1],
    )
