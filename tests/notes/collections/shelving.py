"""Short ways to make collections and to say what they show."""

import re
from typing import Any

from django.test import Client

from notes.collections.actions import create_collection, sort_save
from notes.models import Collection, CollectPlace, Note
from notes.models.collection import PLACE
from profiles.models import User
from tests.builders import signed_in
from tests.markup import listed


def shelve(owner: User, name: str, *notes: Note, is_private: bool = False) -> Collection:
    """A collection with these notes, the last in front."""
    made = create_collection(owner=owner, name=name, is_private=is_private)
    for note in notes:
        sort_save(person=owner, note=note, add=[made.pk], remove=[])
    return made


def order(collection: Collection) -> list[int]:
    """The notes in it, in order, whoever sees them."""
    rows = CollectPlace.objects.filter(collection=collection).annotate(place=PLACE)
    return list(rows.order_by("-place").values_list("collect__note", flat=True))


def cards(viewer: User | None, collection: Collection) -> list[int] | None:
    """The notes on its page, over all pages; None where there is no page."""
    browser, found, address = signed_in(viewer), [], collection.get_absolute_url()
    while address:
        answer = browser.get(address)
        if answer.status_code == 404:
            return None
        found += listed(answer)
        more = re.search(r'href="(\?after=[^"]+)"\s+rel="next', answer.text)
        address = collection.get_absolute_url() + more[1] if more else ""
    return found


def number(answer: Any) -> int:
    """The number of notes that the head of its page says."""
    found = re.search(r"(\d+)\s+notes?\b", answer.text.partition('class="collection__facts"')[2])
    assert found
    return int(found[1])


def tile_numbers(browser: Client, address: str) -> dict[str, int]:
    """The number on each tile of a page, by name."""
    text = browser.get(address).text
    found = re.findall(
        r'class="coll__name"><a[^>]*>([^<]+)</a></h\d>\s*<p class="coll__facts">\s*(\d+)\s+note', text
    )
    return {name: int(count) for name, count in found}
