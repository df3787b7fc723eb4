"""The Mirror makes the same number of queries whatever it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from tests.builders import make_label, make_note, signed_in
from tests.insights.full_mirror import fill_mirror

pytestmark = pytest.mark.django_db

# Beside the session and the person.
OVERVIEW_MOST, OTHERS_MOST = 8, 5


def asked(person: User, path: str) -> int:
    """How many queries a page takes once what is kept for all is there."""
    browser = signed_in(person)
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    if answer.streaming:
        answer.getvalue()
    return len(queries)


def test_pages(alice: User) -> None:
    fill_mirror(alice)
    note = alice.notes.order_by("pk")[0]
    before = {
        path: asked(alice, path)
        for path in (
            "/insights/",
            "/insights/?period=all",
            "/insights/notes/",
            "/insights/notes/?topic=canteen",
            f"/insights/notes/{note.pk}/",
            "/insights/label/",
            "/insights/topics.csv",
        )
    }
    print(before)
    assert before["/insights/"] <= OVERVIEW_MOST
    assert max(before.values()) <= OVERVIEW_MOST


def test_a_newcomer(alice: User) -> None:
    first = asked(alice, "/insights/")
    make_label(alice, "Night owl", topics=["night", "owls"])
    for number in range(3):
        make_note(alice, tags=[f"night {number}"])
    assert asked(alice, "/insights/") == first <= OVERVIEW_MOST
