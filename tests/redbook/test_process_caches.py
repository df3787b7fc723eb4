"""Caches in a process are bounded, in entries and in the length of keys, whatever requests carry."""

import functools
import gc
from typing import Any

import pytest
from django.test import Client

from profiles.models import User
from tests.builders import make_note, signed_in

LONG = 20_000
BYTES_MAX = 5_000_000  # of all keys of a cache, as of Python's own of 128 addresses


def caches() -> list[Any]:
    gc.unfreeze()  # those of modules that were there when the tests were collected
    found = [each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper]
    gc.freeze()
    return found


def longest_key(cache: Any) -> int:
    """The longest text among what a cache is keyed by."""
    found, longest = list(gc.get_referents(cache)), 0
    kept = next((each for each in found if type(each) is dict and each), {})
    keys = list(kept)
    while keys:
        key = keys.pop()
        if isinstance(key, str | bytes):
            longest = max(longest, len(key))
        elif isinstance(key, (tuple, list, frozenset)):
            keys.extend(key)
    return longest


@pytest.mark.django_db
def test_no_cache_is_keyed_by_text_of_any_length(alice: User) -> None:
    note = make_note(alice, tags=["tea"])
    for number, client in enumerate((Client(), signed_in(alice))):
        for path in (
            "/",
            f"/notes/{note.pk}/",
            "/tags/tea/",
            "/search/",
            "/sitemaps/notes-0.xml",
            "/nowhere/",
        ):
            odd = f"{number}{path}{'x' * LONG}"
            headers = {
                "User-Agent": odd,
                "Referer": f"http://testserver/{odd}",
                "Accept-Language": f"{odd},en",
                "Accept": odd,
                "Cookie": f"theme={odd}; sort={odd}; language={odd}; other={odd}",
                "X-Forwarded-For": odd,
            }
            client.get(path, {"q": odd, "after": odd, "channel": odd, "sort": odd}, headers=headers)
        client.get(f"/@{'h' * LONG}/")
        client.get(f"/tags/{'t' * LONG}/")
    found = [
        (each.__wrapped__.__qualname__, each.cache_parameters()["maxsize"], longest_key(each))
        for each in caches()
    ]
    assert len(found) > 100, found
    most = {name: length * (size or 10**9) for name, size, length in found if length >= LONG}
    assert {name: bytes_ for name, bytes_ in most.items() if bytes_ > BYTES_MAX} == {}


def test_longest_key_finds_what_a_cache_is_keyed_by() -> None:
    @functools.lru_cache(4)
    def cached(*arguments: Any) -> int:
        return len(arguments)

    cached(("a", "b" * 50), 3)
    assert longest_key(cached) == 50
    cached("c" * 90)
    assert longest_key(cached) == 90
