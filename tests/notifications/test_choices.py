"""What people choose to be told, and notes they mute."""

import pytest
from django.test import Client

from notes.models import Like, Note
from notifications.actions import forget_old, mark_read
from notifications.models import (
    OF_DECISIONS,
    OF_REPORTS,
    Inbox,
    Kind,
    MutedNote,
    Notification,
    NotificationGroup,
)
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.markup import form_in

pytestmark = pytest.mark.django_db


def kinds(person: User) -> list[str]:
    rows = Notification.objects.visible_to(person).exclude(kind=Kind.FOLLOW)
    return [row.kind for row in rows.order_by("pk")]


def test_kinds_are_turned_off_and_on(alice: User, bob: User) -> None:
    client, note = signed_in(alice), make_note(alice)
    fields = form_in(client.get("/settings/notifications/"), "kinds").fields
    assert set(fields["kinds"]) == {*Kind} - {
        *(Kind.NOTE_HIDDEN, Kind.NOTE_RESTORED, Kind.LABEL_HIDDEN, Kind.ARCHIVE),
        *OF_DECISIONS,
        *OF_REPORTS,
    }
    left = [kind for kind in fields["kinds"] if kind != Kind.LIKE]
    sent = {"kinds": left, "seen": fields["seen"]}
    assert client.post("/settings/notifications/", sent).status_code == 303
    Like.objects.create(person=bob, note=note)
    make_comment(bob, note)
    assert kinds(alice) == [Kind.COMMENT]
    assert "like" not in form_in(client.get("/settings/notifications/"), "kinds").fields["kinds"]
    # Another window, which was open before, is told so once.
    stale = {"kinds": [Kind.LIKE], "seen": fields["seen"]}
    refused = client.post("/settings/notifications/", stale)
    assert refused.status_code == 409
    assert client.post("/settings/notifications/", {"kinds": ["archive", "x"]}).status_code == 422
    assert Inbox.objects.get(person=alice).off == [Kind.LIKE]
    assert client.post("/settings/notifications/", {}).status_code == 303
    make_comment(bob, note)
    assert kinds(alice) == [Kind.COMMENT]


def test_a_note_is_muted_from_its_menu_and_from_a_notification(alice: User, bob: User) -> None:
    client, note = signed_in(alice), make_note(alice, "Window seat")
    Like.objects.create(person=bob, note=note)
    told = Notification.objects.get(kind=Kind.LIKE)
    assert f'href="/notes/{note.pk}/mute/"' in client.get(note.get_absolute_url()).text
    assert f"/notifications/{told.pk}/mute/" in client.get("/notifications/").text
    for address in (f"/notes/{note.pk}/mute/", f"/notifications/{told.pk}/mute/"):
        for _ in range(2):
            assert client.post(address).status_code == 303
        make_comment(bob, note)
        assert kinds(alice) == [Kind.LIKE]
        assert client.get(f"/notes/{note.pk}/mute/")["Location"] == f"/notes/{note.pk}/mute/delete/"
        assert "Window seat" in client.get("/settings/notifications/").text
        for _ in range(2):
            assert client.post(f"/notes/{note.pk}/mute/delete/").status_code == 303
        assert not MutedNote.objects.exists()
    make_comment(bob, note)
    assert kinds(alice) == [Kind.LIKE, Kind.COMMENT]


def test_what_is_not_the_viewers_is_not_there(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    Like.objects.create(person=bob, note=note)
    told, followed = Notification.objects.get(kind=Kind.LIKE), Notification.objects.get(kind=Kind.FOLLOW)
    for person in (bob, charlie):
        assert signed_in(person).post(f"/notifications/{told.pk}/mute/").status_code == 404
    assert signed_in(alice).post(f"/notifications/{followed.pk}/mute/").status_code == 404  # of no note
    assert signed_in(alice).get(f"/notifications/{told.pk}/mute/").status_code == 405
    Like.objects.all().delete()
    assert signed_in(alice).post(f"/notifications/{told.pk}/mute/").status_code == 404
    Note.objects.filter(pk=note.pk).update(visibility="private")
    for address in (f"/notes/{note.pk}/mute/", f"/notes/{note.pk}/mute/delete/", "/notes/999/mute/"):
        assert signed_in(bob).post(address).status_code == 404
    note.delete()
    assert signed_in(alice).post(f"/notifications/{told.pk}/mute/").status_code == 404
    assert signed_in(alice).post(f"/notes/{told.note_id}/mute/").status_code == 404
    assert Client().post(f"/notifications/{told.pk}/mute/").status_code == 302
    assert not NotificationGroup.objects.filter(key__startswith="like").exists()


def test_what_is_old_is_deleted(alice: User, bob: User) -> None:
    Like.objects.create(person=bob, note=make_note(alice))
    Notification.objects.filter(kind=Kind.FOLLOW).update(created_at="2025-01-01T00:00Z")
    forget_old()
    assert Notification.objects.get().kind == Kind.LIKE
    assert NotificationGroup.objects.count() == 1


def test_a_name_of_a_person_is_not_in_who_saved(alice: User, bob: User) -> None:
    """Not even in the archive (leaving/contents/notifications.py) or by a block that would change the number."""
    from leaving.contents.notifications import notifications
    from notifications import queries
    from people.actions.blocks import block

    note = make_note(alice)
    signed_in(bob).post(f"/notes/{note.pk}/collect/")
    (row,) = [row for row in notifications(alice) if row["kind"] == "save"]
    assert row["person"] is None
    block(blocker=alice, blocked=bob)
    ((_, (item,)),) = queries.page(alice).spans
    assert (item.told.kind, item.total) == (Kind.SAVE, 1)


def test_who_liked(alice: User, bob: User, charlie: User) -> None:
    """To the author all, to others those they follow and how many more."""
    note, fan = make_note(alice), make_person(name="A fan")
    for person in (bob, fan):
        Like.objects.create(person=person, note=note)
    signed_in(charlie).post("/@bob/follow/")
    address = f"/notes/{note.pk}/likes/"
    assert f'href="{address}"' in signed_in(charlie).get(note.get_absolute_url()).text
    page = signed_in(alice).get(address).text
    assert "A fan" in page
    assert bob.name in page
    page = signed_in(charlie).get(address).text
    assert "A fan" not in page
    assert bob.name in page
    assert "and 1 more" in " ".join(page.split())
    page = Client().get(address).text
    assert bob.name not in page
    assert "2 people like this note" in " ".join(page.split())
    assert signed_in(alice).get(f"{address}?after=x").status_code == 200
    Note.objects.filter(pk=note.pk).update(visibility="private")
    assert signed_in(charlie).get(address).status_code == 404


def test_reading_marks_no_more_than_there_is(alice: User) -> None:
    mark_read(person=alice, newest=2**62)
    assert Inbox.objects.get(person=alice).read_up_to == 0
