"""One photo of a note: reported by itself, taken out of the note for everybody but its author, and given back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from leaving.contents.notes import notes as notes_of_archive
from leaving.contents.person import reports as reports_of_archive
from moderation.appeals.actions import decide_appeal, make_appeal
from moderation.cases import adopting
from moderation.decisions.actions import decide, expire, undo
from moderation.decisions.directly import decide_about, undo_about
from moderation.decisions.queries import Told, cannot_restore
from moderation.models import Case, Decision, Evidence, Report, Step
from notes.compose.actions import delete_note
from notes.models import Note, Photo
from notes.models.note import PHOTOS_MAX
from notes.photos.actions import sweep_loose_photos
from notes.photos.files import remove_photos
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import edit_note, make_note, make_person, make_photo, signed_in, status
from tests.markup import form_in, words
from tests.moderation.builders import make_rule
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
FACTS = "It shows a phone number."


@pytest.fixture
def note(alice: User) -> Note:
    made = make_note(alice, "Three desks")
    for position in range(3):
        make_photo(alice, note=made, position=position, with_files=True, alt=f"Desk {position + 1}")
    made.cover = made.photos.get(position=0)
    made.save(update_fields=["cover"])
    return made


def photo_at(note: Note, place: int) -> Photo:
    return note.photos.get(position=place)


def reported(photo: Photo, by: User) -> Case:
    client = signed_in(by)
    path = f"/report/?photo={photo.pk}"
    sent = client.post(path, form_in(client.get(path), "").filled(reason="private", details="My number."))
    assert sent.status_code == 303
    return Case.objects.get(kind="photo", number=photo.pk)


def hidden(photo: Photo, by: User, mona: User, **terms: Any) -> Decision:
    case = reported(photo, by)
    case.refresh_from_db()
    terms = {"rule": make_rule("private"), "facts": FACTS} | terms
    return decide(case=case, version=case.version, by=mona, step=Step.HIDE, **terms)


def files_of(photo: Photo) -> list[str]:
    return [f"{photo.base}{role}.{format}" for role in ("320", "cover480") for format in ("jpg", "avif")]


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def test_a_report_asks_which_photo_is_meant(note: Note, charlie: User) -> None:
    client, path = signed_in(charlie), f"/report/?note={note.pk}"
    page = client.get(path)
    form = form_in(page, "")
    assert form.fields["photo"] == [""], "the whole note, unless one is chosen"
    assert "What is it about? The whole note Photo 1 Photo 2 Photo 3" in words(page)
    second = photo_at(note, 1)
    assert f"{second.base}320.jpg" in page.text
    filled = form.filled(photo=str(second.pk), reason="private", details="My number.")
    for _twice in range(2):
        assert client.post(path, filled)["Location"] == note.get_absolute_url()
    report = Report.objects.get()
    assert (report.case.kind, report.target, report.reported_text) == ("photo", second, "Desk 2")  # type: ignore[union-attr]
    assert (report.case.subject, report.case.photo) == (note.author, second)  # type: ignore[union-attr]
    run_jobs()
    kept = Evidence.objects.get()
    assert [picture["alt"] for picture in kept.pictures] == ["Desk 2"]
    assert "blurred" in kept.pictures[0]
    whole = client.post(path, form.filled(reason="private"))
    assert whole.status_code == 303
    assert Report.objects.latest("pk").target == note
    assert "Photo · Desk 2" in words(client.get("/reports/"))


def test_only_a_note_of_several_photos_asks(alice: User, charlie: User) -> None:
    for photos in (0, 1):
        page = signed_in(charlie).get(f"/report/?note={make_note(alice, photos=photos).pk}")
        assert "photo" not in form_in(page, "").fields


def test_what_cannot_be_reported_as_a_photo(note: Note, alice: User, bob: User, charlie: User) -> None:
    photo, other = photo_at(note, 0), make_note(bob, photos=2).photos.get(position=0)
    path = f"/report/?photo={photo.pk}"
    assert signed_in(alice).get(path).status_code == 404, "one's own"
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    assert signed_in(charlie).get(path).status_code == 404
    assert signed_in(bob).get(path).status_code == 200
    for number in ("", "x", "99999999", "9" * 30):
        assert signed_in(charlie).get(f"/report/?photo={number}").status_code == 404
    client, of_note = signed_in(bob), f"/report/?note={note.pk}"
    sent = form_in(client.get(of_note), "").filled(photo=str(other.pk), reason="private")
    answer = client.post(of_note, sent)
    assert answer.status_code == 422
    assert "This photo is no longer in the note. Choose again." in words(answer)
    assert not Report.objects.exists()


def test_the_viewer_and_the_sheet_lead_to_it(note: Note, alice: User, charlie: User) -> None:
    address = note.get_absolute_url()
    for person in (None, charlie):
        page = signed_in(person).get(address).text
        assert f'data-photo="{photo_at(note, 1).pk}"' in page
        assert "Report this photo" in page
    assert "Report this photo" not in signed_in(alice).get(address).text
    sheet = signed_in(charlie).get(f"/report/?note={note.pk}", headers={"HX-Request": "true"})
    assert 'name="photo"' in sheet.text
    one = signed_in(charlie).get(f"/report/?photo={photo_at(note, 1).pk}", headers={"HX-Request": "true"})
    assert "Report this photo" in one.text
    assert f"{photo_at(note, 1).base}320.jpg" in one.text


def test_a_hidden_photo_leaves_its_note_for_everybody_else(
    note: Note, alice: User, bob: User, charlie: User, mona: User
) -> None:
    first, second = photo_at(note, 0), photo_at(note, 1)
    public = files_of(first)
    assert status(Client(), public[0]) == 200
    hidden(first, bob, mona)
    assert fresh(note).cover == second, "the next photo is the cover"
    assert fresh(note).hidden_at is None
    now = fresh(first)
    assert (now.note, now.hidden_in, now.hidden_reason) == (None, note, FACTS)
    for person in (None, bob, charlie):
        client = signed_in(person)
        assert [status(client, path) for path in [*public, *files_of(now)]] == [404] * 8
        for path in (note.get_absolute_url(), "/", "/latest/", "/@alice/", f"/notes/{note.pk}/why/"):
            page = client.get(path).text
            assert first.token not in page
            assert now.token not in page
        assert "Desk 1" not in client.get(note.get_absolute_url()).text
    own = signed_in(alice)
    assert [status(own, path) for path in files_of(now)] == [200] * 4
    page = own.get(note.get_absolute_url())
    assert (
        "A moderator has hidden this photo. Only you can see it. The reason: It shows a phone number."
        in words(page)
    )
    assert f"{now.base}320.jpg" in page.text
    decision = Decision.objects.get()
    assert own.get(f"/decisions/?photo={first.pk}")["Location"] == f"/decisions/{decision.pk}/"
    told = words(own.get(f"/decisions/{decision.pk}/"))
    assert told.startswith("A photo of yours is hidden")
    assert "It was deleted meanwhile" not in told


def test_moderators_open_a_hidden_photo(note: Note, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    made = hidden(first, bob, mona)
    client, now = signed_in(mona), fresh(first)
    assert status(client, files_of(now)[0]) == 200
    page = client.get(reverse("admin:case", args=[made.case_id]))
    assert page.status_code == 200
    assert now.token in page.text
    assert client.get("/admin/moderation/report/").status_code == 200
    report = Report.objects.get()
    assert client.get(f"/admin/moderation/report/{report.pk}/change/").status_code == 200


def test_undoing_puts_it_back(note: Note, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    made = hidden(first, bob, mona)
    away = fresh(first)
    assert undo(decision=made, by=mona)
    now = fresh(first)
    assert (now.note, now.hidden_in, now.hidden_at, now.position) == (note, None, None, 0)
    assert fresh(note).cover == first
    assert now.token not in {first.token, away.token}
    assert [status(Client(), path) for path in [*files_of(first), *files_of(away)]] == [404] * 8
    assert status(Client(), files_of(now)[0]) == 200


def test_it_comes_back_by_itself_at_its_end(note: Note, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    made = hidden(first, bob, mona, ends_at=timezone.now() + timedelta(days=1))
    Decision.objects.filter(pk=made.pk).update(ends_at=timezone.now())
    assert expire() == 1
    assert fresh(first).note == note


def test_a_granted_appeal_puts_it_back(note: Note, bob: User, mona: User) -> None:
    first, other = photo_at(note, 0), make_person()
    appoint(person=other)
    other.refresh_from_db()
    appeal = make_appeal(decision=hidden(first, bob, mona), text="It is my own number.")
    assert decide_appeal(appeal=appeal, by=other, granted=True, answer="You are right.")
    assert fresh(first).note == note


def test_a_note_whose_only_photo_is_hidden_is_hidden_whole(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, "One desk")
    photo = make_photo(alice, note=note, with_files=True)
    Note.objects.filter(pk=note.pk).update(cover=photo)
    made = hidden(photo, bob, mona)
    assert (fresh(note).hidden_reason, fresh(note).cover) == (FACTS, None)
    assert status(Client(), note.get_absolute_url()) == 404
    own = signed_in(alice)
    page = words(own.get(note.get_absolute_url()))
    assert "A moderator has hidden this note. Only you can see it." in page
    assert own.get(f"/decisions/?note={note.pk}")["Location"] == f"/decisions/{made.pk}/"
    adopting.adopt(apps.get_model)
    assert Decision.objects.count() == 1, "the note is hidden by no decision of its own"
    undo(decision=made, by=mona)
    assert (fresh(note).hidden_at, fresh(note).cover) == (None, photo)
    assert status(Client(), note.get_absolute_url()) == 200


def test_a_note_is_hidden_with_the_last_of_its_photos(note: Note, bob: User, mona: User) -> None:
    made = [hidden(photo_at(note, place), bob, mona) for place in range(3)]
    assert fresh(note).hidden_at
    undo(decision=made[1], by=mona)
    assert (fresh(note).hidden_at, fresh(note).cover_id) == (None, made[1].case.number)


def test_undoing_it_leaves_a_note_hidden_that_is_hidden_itself(note: Note, bob: User, mona: User) -> None:
    of_photo = hidden(photo_at(note, 0), bob, mona)
    decide_about(target=note, by=mona, step=Step.HIDE, facts="All of it.")
    undo(decision=of_photo, by=mona)
    assert fresh(note).hidden_reason == "All of it."
    undo_about(target=note, by=mona, step=Step.HIDE)
    assert fresh(note).hidden_at is None
    assert note.photos.count() == 3


def test_its_author_cannot_bring_it_back(note: Note, alice: User, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    path, client = reverse("note_edit", args=[note.pk]), signed_in(alice)
    assert f'name="photo" value="{first.pk}"' in client.get(path).text
    hidden(first, bob, mona)
    assert f'name="photo" value="{first.pk}"' not in client.get(path).text
    sent = {"title": "Another", "photo": [str(first.pk)], "action": "publish", "visibility": "public"}
    client.post("/notes/new/", sent)
    assert fresh(first).note is None
    for name in ("photo_edit", "photo_whole"):
        assert client.get(reverse(name, args=[first.pk])).status_code == 404
    Photo.objects.update(created_at=timezone.now() - timedelta(days=30))
    sweep_loose_photos()
    assert fresh(first).hidden_in == note


def test_it_goes_with_its_note_and_is_in_the_archive(note: Note, alice: User, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    hidden(first, bob, mona)
    (row,) = list(notes_of_archive(alice))
    assert [each["file"] for each in row["hidden_photos"]] == [f"photos/{first.pk}.jpg"]
    assert row["hidden_photos"][0]["reason"] == FACTS
    assert len(row["photos"]) == 2
    delete_note(note=note)
    assert not Photo.objects.exists()
    case = Case.objects.get()
    assert case.target is None


def test_a_full_note_has_no_room_for_it(note: Note, alice: User, bob: User, mona: User) -> None:
    first = photo_at(note, 0)
    made = hidden(first, bob, mona)
    taken = set(note.photos.values_list("position", flat=True))
    for place in set(range(PHOTOS_MAX)) - taken:
        make_photo(alice, note=note, position=place)
    undo(decision=made, by=mona)
    now = fresh(first)
    assert (now.note, now.hidden_in, now.hidden_at) == (None, note, None)
    page = words(signed_in(alice).get(note.get_absolute_url()))
    assert "This photo is no longer hidden, but the note has no room for it." in page
    said = Decision.objects.select_related("case__photo__note", "case__photo__hidden_in").get(pk=made.pk)
    assert any("The note is full" in str(line) for line in cannot_restore(Told(said)))


def test_earlier_versions_do_not_show_it(note: Note, alice: User, bob: User, mona: User) -> None:
    edit_note(note, title="Three new desks")
    first = photo_at(note, 0)
    hidden(first, bob, mona)
    page = signed_in(alice).get(reverse("note_history", args=[note.pk]))
    assert fresh(first).token not in page.text


def test_an_open_case_opens_the_photo_to_moderators_and_logs_it(
    note: Note, bob: User, mona: User, charlie: User
) -> None:
    Note.objects.update(visibility="followers")
    first = photo_at(note, 0)
    case = reported(first, bob)
    client, page = signed_in(mona), reverse("admin:case", args=[case.pk])
    shown = client.get(page)
    assert "Desk 1" in shown.text
    assert "It is not open to moderators any more" not in words(shown)
    assert AuditEntry.objects.filter(action="opened").exists()
    others = [status(client, files_of(photo_at(note, place))[0]) for place in range(3)]
    assert others == [200, 404, 404]
    decide(case=case, version=fresh(case).version, by=mona, step=Step.NONE)
    assert status(client, files_of(first)[0]) == 404
    report = Report.objects.get()
    Photo.objects.filter(pk=first.pk).update(alt="Another")
    assert "Desk 1" not in client.get(f"/admin/moderation/report/{report.pk}/change/").text


def edited(note: Note, *photos: Photo, removed: Sequence[Photo] = (), cover: Photo | None = None) -> None:
    """The author saves the note with these photos, and with those of others that were not removed."""
    client, path = signed_in(note.author), reverse("note_edit", args=[note.pk])
    chosen = {"photo": [str(each.pk) for each in photos], "remove": [str(each.pk) for each in removed]}
    chosen |= {"cover": [str(cover.pk)]} if cover else {}
    answer = client.post(path, form_in(client.get(path), "compose").filled(**chosen, action="publish"))
    assert answer.status_code == 303, words(answer)


def test_edits_hide_and_show_a_note_with_its_photos(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, "Two desks", photos=2)
    first, second = note.photos.order_by("position")
    made = hidden(first, bob, mona)
    edited(note, removed=[second])
    assert (fresh(note).hidden_reason, fresh(note).is_hidden_with_photos) == (FACTS, True)
    assert status(Client(), note.get_absolute_url()) == 404
    added = make_photo(alice)
    edited(note, added)
    assert (fresh(note).hidden_at, fresh(note).cover) == (None, added)
    assert status(Client(), note.get_absolute_url()) == 200
    undo(decision=made, by=mona)
    assert set(note.photos.all()) == {first, added}


def test_a_note_hidden_for_itself_is_not_shown_by_a_new_photo(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, "One desk", photos=1)
    hidden(note.photos.get(), bob, mona)
    decide_about(target=note, by=mona, step=Step.HIDE, facts="All of it.")
    edited(note, make_photo(alice))
    assert fresh(note).hidden_reason == "All of it."


def test_a_photo_given_back_to_a_full_note_is_nobody_elses(
    note: Note, alice: User, bob: User, mona: User
) -> None:
    Note.objects.update(visibility="followers")
    first = photo_at(note, 0)
    made = hidden(first, bob, mona)
    for place in set(range(PHOTOS_MAX)) - set(note.photos.values_list("position", flat=True)):
        make_photo(alice, note=note, position=place)
    undo(decision=made, by=mona)
    case = fresh(made.case)
    decide(case=case, version=case.version, by=mona, step=Step.NONE)
    assert status(signed_in(mona), files_of(fresh(first))[0]) == 404
    decide_about(target=fresh(first), by=mona, step=Step.HIDE, facts="Again.")
    assert (bool(fresh(first).hidden_at), fresh(first).hidden_reason) == (True, "Again.")
    assert "A moderator has hidden this photo." in words(signed_in(alice).get(note.get_absolute_url()))


def test_the_cover_that_was_chosen_meanwhile_stays(note: Note, bob: User, mona: User) -> None:
    first, second, third = note.photos.order_by("position")
    made = hidden(first, bob, mona)
    edited(note, second, third, cover=third)
    assert fresh(note).cover == third
    undo(decision=made, by=mona)
    assert fresh(note).cover == third


def test_a_chosen_photo_that_is_gone_is_no_report_of_the_note(alice: User, charlie: User) -> None:
    note = make_note(alice, photos=2)
    first, client, path = note.photos.get(position=0), signed_in(charlie), f"/report/?note={note.pk}"
    form = form_in(client.get(path), "").filled(photo=str(first.pk), reason="private")
    remove_photos(photos_gone=Photo.objects.filter(pk=first.pk))
    answer = client.post(path, form)
    assert answer.status_code == 422
    assert "This photo is no longer in the note. Choose again." in words(answer)
    assert not Report.objects.exists()


def test_the_archive_names_the_photo_that_was_reported(note: Note, bob: User) -> None:
    first = photo_at(note, 0)
    reported(first, bob)
    (row,) = list(reports_of_archive(bob))
    assert (row["photo"], "person" in row) == (first.pk, False)
