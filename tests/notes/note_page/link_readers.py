"""How other sites read a link, by the rules that each publishes or is known for."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import ClassVar
from urllib.parse import urlsplit

SITE = "https://redbook.example"


@dataclass
class Shown:
    title: str
    description: str
    image: str  # its address; "" where none is shown
    width: int = 0
    height: int = 0
    alt: str = ""
    address: str = ""


class _Page(HTMLParser):
    """`meta` by name or property, the first of each; `images` as (address, width, height); title and canonical."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.images: list[tuple[str, int, int]] = []
        self.title = self.canonical = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "meta" and "content" in said:
            self.meta.setdefault(said.get("property") or said.get("name", ""), said["content"])
        elif tag == "link" and said.get("rel") == "canonical":
            self.canonical = said["href"]
        elif tag == "img":
            self.images.append((said["src"], int(said.get("width", 0)), int(said.get("height", 0))))
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def _absolute(address: str) -> str:
    """The address as such a reader takes it: it knows of no page that it could be relative to."""
    assert re.fullmatch(r"https://[^\s<>]+", address), address
    assert address.isascii(), "percent-encoded"
    return address


def _pictured(meta: dict[str, str], title: str, description: str) -> Shown:
    width, height = int(meta["og:image:width"]), int(meta["og:image:height"])
    image, alt, address = _absolute(meta["og:image"]), meta["og:image:alt"], _absolute(meta["og:url"])
    return Shown(title, description, image, width, height, alt, address)


class WhatsApp:
    """Reads the head of the first 300 kB; a picture of 300 pixels or more, of at most 4 to 1, under 600 kB."""

    TITLE_MAX: ClassVar = 300
    BYTES: ClassVar = 600_000

    def read(self, body: bytes) -> Shown:
        head = body[:300_000].decode().partition("</head>")[0]
        meta = _Page(head).meta
        shown = _pictured(meta, meta["og:title"], meta["og:description"])
        assert shown.width >= 300
        assert max(shown.width, shown.height) <= 4 * min(shown.width, shown.height)
        return shown


class X:
    """Names four cards, falls back to Open Graph; 300 × 157 to 4096 × 4096 pixels and 5 MB, 420 characters on each."""

    BYTES: ClassVar = 5_000_000

    def read(self, body: bytes) -> Shown:
        meta = _Page(body.decode()).meta
        assert meta["twitter:card"] in {"summary", "summary_large_image", "app", "player"}
        title = meta.get("twitter:title") or meta["og:title"]
        shown = _pictured(meta, title, meta.get("twitter:description") or meta["og:description"])
        least = (300, 157) if meta["twitter:card"] == "summary_large_image" else (144, 144)
        assert shown.width >= least[0]
        assert shown.height >= least[1]
        assert max(shown.width, shown.height) <= 4096
        shown.alt = meta["twitter:image:alt"]
        assert len(shown.alt) <= 420
        return shown


class Mastodon:
    """Reads a megabyte; Open Graph before the page's own title; one canonical address on the same host."""

    BYTES: ClassVar = 8_000_000

    def read(self, body: bytes) -> Shown:
        assert len(body) <= 1_000_000
        page = _Page(body.decode())
        shown = _pictured(page.meta, page.meta.get("og:title") or page.title, page.meta["og:description"])
        shown.address = _absolute(page.canonical)
        assert urlsplit(shown.address).netloc == urlsplit(SITE).netloc
        assert page.meta["og:site_name"]
        return shown


class WeChat:
    """Knows no Open Graph: the page's title and description, and its first JPEG or PNG of 300 pixels a side."""

    BYTES: ClassVar = 5_000_000

    def read(self, body: bytes) -> Shown:
        page = _Page(body.decode())
        large = [
            image for image in page.images if min(image[1:]) >= 300 and image[0].endswith((".jpg", ".png"))
        ]
        address, width, height = large[0]
        return Shown(
            page.title, page.meta["description"], SITE + address, width, height, address=page.canonical
        )


READERS = (WhatsApp(), X(), Mastodon(), WeChat())
