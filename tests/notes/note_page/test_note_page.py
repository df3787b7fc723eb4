"""The page of a note: photos, facts, the author's card, and what only some viewers see."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

import imaging
from notes.models import Note
from notes.moderation import hide_note, restore_note
from notes.reactions.actions import like
from people.actions.blocks import mute
from profiles.models import User
from tests.builders import make_campus, make_draft, make_label, make_note, make_photo, signed_in
from tests.markup import form_in, main_html, words


def test_photos_stand_in_their_order_with_room_kept_for_each(alice: User) -> None:
    note = make_note(alice)
    for position, (width, height) in enumerate([(1200, 1600), (500, 400), (3000, 2000)]):
        facts = {"width": width, "height": height, "roles": list(imaging.sizes(width, height))}
        make_photo(alice, note=note, position=2 - position, alt=f"Photo {position}", **facts)
    html = main_html(Client().get(note.get_absolute_url()))
    images = re.findall(r'<img\s[^>]*width="(\d+)"\s+height="(\d+)"\s+alt="(Photo \d)"', html)
    assert images == [("3000", "2000", "Photo 2"), ("500", "400", "Photo 1"), ("1200", "1600", "Photo 0")]
    small = note.photos.get(alt="Photo 1")
    assert f"{small.base}320.jpg 320w, {small.base}640.jpg 500w" in html, "A narrow photo is not enlarged."
    for address in re.findall(r'(?:src|srcset)="([^"]*)"', html):
        for part in address.split(", "):
            assert part.startswith(("/media/", "/static/", "/avatars/")), part


def test_a_note_shows_place_time_and_author(alice: User, bob: User) -> None:
    make_label(alice, "Film on campus")
    note = make_note(alice, "A corner", campus=make_campus("清华大学"), place="Old gate", tags=["tea"])
    page = signed_in(bob).get(note.get_absolute_url())
    said = words(page)
    for fact in (
        "A corner",
        "Alice An",
        "Film on campus",
        "清华大学",
        "Old gate",
        "#tea",
        "Just now",
        "Everyone",
    ):
        assert fact in said
    assert "edited" not in said
    addresses = {address for address, *_ in form_in(page, "act").buttons}
    assert f"/@alice/follow/delete/?from={note.pk}" in addresses
    assert f"/@alice/follow/?from={note.pk}" in {
        address for address, *_ in form_in(Client().get(note.get_absolute_url()), "act").buttons
    }


def test_only_its_author_is_offered_to_change_it(alice: User, bob: User) -> None:
    note = make_note(alice)
    links = [f'href="{note.get_absolute_url()}{end}/"' for end in ("edit", "delete")]
    for viewer, offered in ((alice, True), (bob, False), (None, False)):
        html = signed_in(viewer).get(note.get_absolute_url()).content.decode()
        assert [link in html for link in links] == [offered, offered]
        assert ("/@alice/follow/" in html) != offered


def test_a_hidden_note_tells_its_author_why(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, "An ad")
    hide_note(note=note, by=mona, reason="It sells something.")
    mine = words(signed_in(alice).get(note.get_absolute_url()))
    assert "A moderator has hidden this note. Only you can see it. The reason: It sells something." in mine
    assert "Edit Read the rules" in mine
    page = signed_in(alice).get(note.get_absolute_url()).text
    assert f'href="{note.get_absolute_url()}edit/"' in page.partition("notice__do")[2].partition("</span>")[0]
    assert "Read the rules" not in words(signed_in(mona).get(note.get_absolute_url()))
    assert "This note is hidden. The reason: It sells something." in words(
        signed_in(mona).get(note.get_absolute_url())
    )
    assert signed_in(bob).get(note.get_absolute_url()).status_code == 404
    assert "Comments" not in mine
    note.refresh_from_db()
    first = note.hidden_at
    hide_note(note=note, by=alice, reason="Again.")
    note.refresh_from_db()
    assert (note.hidden_at, note.hidden_by, note.hidden_reason) == (first, mona, "It sells something.")
    restore_note(note=note)
    assert "hidden" not in words(signed_in(alice).get(note.get_absolute_url()))
    assert signed_in(bob).get(note.get_absolute_url()).status_code == 200


def test_hiding_leaves_the_rest_of_a_note_as_it_was(alice: User, mona: User) -> None:
    note = make_note(alice, visibility="followers")
    before = Note.objects.filter(pk=note.pk).values().get()
    hide_note(note=note, by=mona, reason="It sells something.")
    restore_note(note=note)
    restore_note(note=note)
    assert Note.objects.filter(pk=note.pk).values().get() == before


def test_a_draft_is_its_authors_page_too(alice: User) -> None:
    draft = make_draft(alice)
    Note.objects.update(title="")
    page = signed_in(alice).get(draft.get_absolute_url())
    assert "This is a draft. Only you can see it." in words(page)
    assert "Untitled note" in words(page)
    addresses = {address for address, *_ in form_in(page, "act").buttons}
    assert not any(address.startswith(draft.get_absolute_url()) for address in addresses)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_other_methods_are_refused(alice: User, method: str) -> None:
    note = make_note(alice)
    assert getattr(signed_in(alice), method)(note.get_absolute_url()).status_code == 405


def test_looking_writes_nothing(alice: User, bob: User) -> None:
    note = make_note(alice, photos=1, tags=["tea"])
    before = Note.objects.values().get()
    signed_in(bob).get(note.get_absolute_url())
    Client().get(note.get_absolute_url())
    assert Note.objects.values().get() == before


def test_times_are_in_the_markup(alice: User) -> None:
    moment = timezone.now()
    note = make_note(alice, published_at=moment)
    html = unescape(main_html(Client().get(note.get_absolute_url())))
    assert re.search(r'<time\s+datetime="20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d', html)


def test_kept_parts_follow_what_they_show(alice: User, bob: User) -> None:
    """Their HTML is kept by every value they show: who looks, and what changed since, is another key."""
    note = make_note(alice, campus=make_campus(), place="Room 412")
    browser = signed_in(bob)

    def page() -> str:
        return main_html(browser.get(note.get_absolute_url()))

    before = page()
    assert "Room 412" in before
    assert f"/notes/{note.pk}/likes/" not in before
    assert f"/notes/{note.pk}/edit/" in main_html(signed_in(alice).get(note.get_absolute_url()))
    like(person=bob, note=note)
    mute(muter=bob, muted=alice)
    Note.objects.filter(pk=note.pk).update(place="Room 413", edited_at=timezone.now())
    after = page()
    assert "Room 413" in after
    assert "Room 412" not in after
    assert f"/notes/{note.pk}/likes/" in after
    assert f'formaction="/notes/{note.pk}/like/delete/"' in after
    assert f'formaction="{alice.get_absolute_url()}mute/delete/"' in browser.get(note.get_absolute_url()).text
    assert "· edited" in words(browser.get(note.get_absolute_url()))
