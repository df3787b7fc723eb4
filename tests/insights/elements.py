"""Parse a page into a tree of elements."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.utils.html import VOID_ELEMENTS


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Any] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, selector: str) -> list["Element"]:
        """Find all elements of "tag", "tag.class" or "tag#id" inside, in the order of the page."""
        tag, _dot, name = selector.partition(".")
        tag, _hash, key = tag.partition("#")
        return [
            each
            for each in self.walk()
            if each.tag == tag
            and (not name or name in (each.attributes.get("class") or "").split())
            and (not key or each.attributes.get("id") == key)
        ]

    def one(self, selector: str) -> "Element":
        (found,) = self.all(selector)
        return found

    def section(self, name: str) -> "Element | None":
        """Find the section that is labelled by the heading with this id."""
        found = [each for each in self.walk() if each.attributes.get("aria-labelledby") == name]
        return found[0] if found else None

    @property
    def text(self) -> str:
        """The text inside, in one line."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._words()

    def texts(self, selector: str) -> list[str]:
        return [each.text for each in self.all(selector)]

    def rows(self) -> list[list[str]]:
        """The texts of the cells of each row of a table's body."""
        return [
            [cell.text for cell in row.children if isinstance(cell, Element)]
            for row in self.one("tbody").all("tr")
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID_ELEMENTS:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def page(client: Client, path: str) -> Element:
    """Fetch a page, and return its main part."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader.open[0].one("main")
