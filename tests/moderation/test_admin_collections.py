"""Collections in admin: public and hidden ones, whose names moderators read, hide and restore."""

import pytest
from django.contrib.admin.models import LogEntry

from notes.models import Collection
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.notes.collections.shelving import cards, shelve

pytestmark = pytest.mark.django_db
LIST = "/admin/notes/collection/"


def test_a_public_one_is_hidden_with_a_reason_and_restored(
    alice: User, bob: User, charlie: User, mona: User
) -> None:
    public, private = shelve(bob, "Rude words", make_note(alice)), shelve(bob, "SECRET", is_private=True)
    browser = signed_in(mona)
    page = browser.get(LIST).text
    assert "Rude words" in page
    assert "SECRET" not in page
    assert browser.get(f"{LIST}{private.pk}/change/").status_code == 404
    hide = f"{LIST}{public.pk}/hide/"
    assert browser.post(hide, {"reason": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(hide, {"reason": "Be kind."}).status_code == 303
    assert cards(charlie, public) is None
    own = signed_in(bob).get(public.get_absolute_url()).text
    assert "Be kind." in own
    assert "Rude words" not in browser.get(LIST).text, "opening it alone shows a hidden one, and is logged"
    assert "Rude words" in browser.get(f"{LIST}{public.pk}/change/").text
    assert (
        LogEntry.objects.filter(object_id=str(public.pk), change_message="Opened by a moderator").count() == 1
    )
    assert browser.post(LIST, {"action": "restore", "_selected_action": [public.pk]}).status_code in {
        302,
        303,
    }
    assert len(cards(charlie, public) or []) == 1


def test_only_moderators_and_not_in_their_own_matter(bob: User, mona: User) -> None:
    theirs, own = shelve(bob, "Of Bob"), shelve(mona, "Of Mona")
    assert signed_in(bob).get(f"{LIST}{theirs.pk}/hide/").status_code == 404
    browser = signed_in(mona)
    assert browser.get(f"{LIST}{own.pk}/hide/").status_code == 404
    assert "Of Mona" not in browser.get(LIST).text
    assert Collection.objects.filter(hidden_at__isnull=True).count() == 2
