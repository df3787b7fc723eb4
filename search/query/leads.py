"""Read a query that asks for a tag or a person by its sign, as #tea and @lin."""

from typing import NamedTuple

import regex

from core.text import is_tag, normal_form
from search.asked import QUERY_MAX
from search.query.split import allowed

_SIGNED = regex.compile(
    r"\s*(?:[#＃]\s*(?P<tag>[^#＃@＠]+?)[#＃]?|[@＠]\s*(?P<handle>[A-Za-z0-9_]{1,30}))\s*"
)


class Lead(NamedTuple):
    """The tag that a query names, in normal form, or the beginning of a handle, in lower case; else both are ""."""

    tag: str = ""
    handle: str = ""


def lead_of(typed: str) -> Lead:
    """Return where the query leads; nowhere, unless all of it is one tag or one handle with its sign."""
    found = _SIGNED.fullmatch(allowed(typed[:QUERY_MAX]))
    tag = normal_form(found["tag"]) if found and found["tag"] else ""
    return Lead(tag if is_tag(tag) else "", (found["handle"] or "").lower() if found else "")
