"""Browsers of several people at once, which collect every error and warning they report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
)

from profiles.models import User
from tests.servers import WebServer, sign_in

PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
Visit = Callable[..., Page]
# Real photographs of under a megabyte, and the size of generated ones if those are missing.
ALBUM = {
    "orient_P6.jpg": (1800, 1200),  # upright by its EXIF alone
    "orient_L6.jpg": (1200, 1800),
    "sk_flower.jpg": (640, 427),
    "gen_palette.png": (800, 533),
    "sk_china.webp": (640, 427),
}


class Watch:
    """What browsers complained of: errors, broken rules of the policy, requests that failed or were refused."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.expected: tuple[int, ...] = ()
        self.is_connected = True

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"{error.page.url}: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within, answers of these statuses are what is asked for."""
        self.expected = statuses
        yield
        self.expected = ()

    @contextmanager
    def without_connection(self) -> Iterator[None]:
        """Within, requests may get no answer."""
        self.is_connected = False
        yield
        self.is_connected = True

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.found.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _failed(self, request: Request) -> None:
        if (
            self.is_connected and request.failure != "net::ERR_ABORTED"
        ):  # a page that was left before its last photo came
            self.found.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.found.append(f"{response.request.method} {response.url}: {response.status}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Over every browser that `visit` opens; a test whose browsers complained fails."""
    watching = Watch()
    yield watching
    assert watching.found == []


@pytest.fixture
def visit(
    browser: Browser, browser_context_args: dict[str, Any], web_server: WebServer, watch: Watch
) -> Iterator[Visit]:
    """visit(person, LAPTOP, **options): a page in a browser of its own; without a person, of a visitor.

    They ask for less motion, since a test would only wait for it: `reduced_motion="no-preference"` shows it.
    """
    opened: list[BrowserContext] = []

    def open_(person: User | None = None, size: ViewportSize = LAPTOP, **options: Any) -> Page:
        still: dict[str, Any] = {"reduced_motion": "reduce"}
        context = browser.new_context(**{**browser_context_args, "viewport": size, **still, **options})
        opened.append(context)
        context.set_default_timeout(15_000)
        watch.over(context)
        if person:
            sign_in(context, person, web_server)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def album(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The photographs of ALBUM by name: JPEG, PNG and WebP, landscape and portrait, two of them turned by EXIF."""
    folder = tmp_path_factory.mktemp("album")
    found = {name: photographs / name for name in ALBUM}
    for name, size in ALBUM.items():
        if found[name].exists():
            continue
        found[name] = folder / name
        source = photographs / "sk_china.jpg"
        picture = Image.open(source) if "china" in name and source.exists() else _drawn(size)
        exif = Image.Exif()
        exif[0x0112] = 6 if "6" in name else 1
        picture.save(found[name], exif=exif, quality=90)
    return found


def _drawn(size: tuple[int, int]) -> Image.Image:
    """A picture that looks different whichever way it is turned."""
    corners = Image.new("RGB", (2, 2))
    corners.putdata([(200, 60, 40), (240, 220, 90), (30, 90, 160), (40, 150, 70)])
    return corners.resize(size, Image.Resampling.BICUBIC)
