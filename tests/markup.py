"""Parse a page as a browser would: its forms with the values they would send, and the notes it lists."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


@dataclass
class Form:
    """`fields`: the values that would be sent for each name, in order. `buttons`: address, name and value of each."""

    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def filled(self, **changes: Any) -> dict[str, Any]:
        """What is sent once these fields are filled in."""
        return dict(self.fields) | changes

    def pressed(self, name: str, value: str, **changes: Any) -> dict[str, Any]:
        """What is sent when this button is pressed, which has to be there."""
        assert (name, value) in {button[1:] for button in self.buttons}
        sent = self.filled(**changes)
        return sent | {name: [*sent.get(name, []), value]}


def form_in(response: HttpResponse, name: str) -> Form:
    """The form with this id, or else with this action; "" where it is sent to its own page."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms[name]


def listed(response: HttpResponse) -> list[int]:
    """The notes on a page of cards, in order."""
    return [int(pk) for pk in re.findall(r'<li\b[^>]*\bid="note-(\d+)"', response.content.decode())]


def main_html(response: HttpResponse) -> str:
    return response.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]


def content(response: HttpResponse) -> bytes:
    """All of an answer. (Closing one that is a file would close the connection to the database.)"""
    return b"".join(response.streaming_content) if response.streaming else response.content


def words(response: HttpResponse) -> str:
    """What a person reads in a page's main part, in one line."""
    html = re.sub("</?bdi>", "", main_html(response))
    text = re.sub(r"<template.*?</template>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(text).split())


def without_tokens(html: str) -> str:
    """The page without what is random in it, where any three letters may stand together."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*|("X-CSRFToken": ")[^"]*', r"\1\2", html)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.form: Form | None = None
        self.area: tuple[Form, str] | None = None
        self.text = ""
        self.templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        self.templates += tag == "template"
        if tag == "form":
            action = at.get("action", "")
            name = at.get("id") or ("" if action.startswith("?") else action.rstrip("?"))
            self.form = self.forms[name] = Form()
        form = self.forms.get(at["form"]) if "form" in at else self.form
        if form and not self.templates:
            self._control(form, tag, at)

    def _control(self, form: Form, tag: str, at: dict[str, str]) -> None:
        kind, name = at.get("type", ""), at.get("name", "")
        if tag == "button":
            form.buttons.append((at.get("formaction", ""), name, at.get("value", "")))
        elif tag == "input" and kind != "file" and (kind not in {"radio", "checkbox"} or "checked" in at):
            form.fields[name].append(at.get("value", "on" if kind in {"radio", "checkbox"} else ""))
        elif tag == "textarea":
            self.area, self.text = (form, name), ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.templates -= tag == "template"
        if tag == "textarea" and self.area:
            form, name = self.area
            form.fields[name].append(re.sub(r"\A\r?\n", "", self.text))
            self.area = None
        elif tag == "form":
            self.form = None
