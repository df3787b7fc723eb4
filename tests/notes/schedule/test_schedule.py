"""Scheduling by the form: what is accepted, refused and asked, in one window and in two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core.limits import Limit
from notes.models import Note
from notes.schedule.actions import SCHEDULED_MAX, cancel, publish_due
from profiles.models import User
from tests.builders import make_draft, make_note, make_person, make_photo, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in
from tests.notes.schedule.scheduling import DRAFTS, ahead, editor, is_out, schedule, scheduled, typed


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def test_the_confirmation_and_the_field_name_the_zone(client: Client, alice: User) -> None:
    at = ahead(days=1)
    assert "Shanghai time (UTC+8)" in words(client.get(NEW))
    note = scheduled(client, at)
    said = client.get(DRAFTS)
    assert "Your note will be published on" in said.text
    assert said.text.count("Shanghai time (UTC+8)") == 2, "in the message and in the list"
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    fresh = signed_in(alice)
    field = form_in(fresh.get(editor(note)), "compose").fields
    assert field["zone"] == ["Europe/Berlin"]
    assert field["publish_at"] == [at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M")]
    assert "Berlin time" in words(fresh.get(DRAFTS))


def test_the_form_is_read_in_the_zone_it_was_shown_in(client: Client, alice: User) -> None:
    """The zone that stood beside the field counts, though another window has set a new one since."""
    at = ahead(days=2)
    form = filled_in(client, title="A", publish_at=typed(at), action="schedule")
    User.objects.filter(pk=alice.pk).update(time_zone="America/New_York")
    assert client.post(NEW, form).status_code == 303
    assert Note.objects.get().scheduled_for == at


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (lambda: ahead(hours=-1), "from one hour to 14 days from now"),
        (lambda: ahead(minutes=30), "from one hour to 14 days from now"),
        (lambda: ahead(days=15), "from one hour to 14 days from now"),
        (lambda: ahead(days=730), "from one hour to 14 days from now"),
        (lambda: "", "Choose when the note is to be published."),
        (lambda: "soon", "Enter a day and a time"),
        (lambda: "\x00", "Null characters are not allowed."),
    ],
)
def test_a_bad_time_is_refused_and_nothing_is_lost(
    client: Client, when: Callable[[], datetime | str], said: str
) -> None:
    response = schedule(client, when(), photos=[upload()])
    assert response.status_code == 422
    assert said in words(response)
    kept = form_in(response, "compose").fields
    assert (kept["title"], kept["body"], len(kept["photo"])) == (["In good time"], ["Words"], 1)
    assert not Note.objects.filter(scheduled_for__isnull=False).exists()
    better = again(response, publish_at=typed(ahead(hours=3)), action="schedule")
    assert client.post(NEW, better).status_code == 303


def test_a_zone_that_does_not_exist_is_refused(client: Client) -> None:
    response = schedule(client, ahead(hours=3), zone="Mars/Olympus")
    assert response.status_code == 422
    assert "“Mars/Olympus” is not a time zone we know." in words(response)


def test_what_could_not_be_published_cannot_be_scheduled(client: Client) -> None:
    response = schedule(client, ahead(hours=3), title="")
    assert (response.status_code, Note.objects.filter(scheduled_for__isnull=False).count()) == (422, 0)
    assert "Give the note a title." in words(response)


@pytest.mark.django_db
def test_an_unconfirmed_person_cannot_schedule() -> None:
    response = schedule(signed_in(make_person("newcomer", verified=False)), ahead(hours=3))
    assert response.status_code == 403
    assert "Confirm your e-mail address to publish." in words(response)
    assert Note.objects.get().scheduled_for is None, "It is kept as a draft."


def test_sent_twice_it_is_one_note(client: Client) -> None:
    form = filled_in(client, title="Once", publish_at=typed(ahead(hours=3)), action="schedule")
    assert [client.post(NEW, form)["Location"] for _ in range(2)] == [DRAFTS] * 2
    assert Note.objects.count() == 1


def test_two_windows_and_two_times_ask_which(client: Client, alice: User) -> None:
    draft = make_draft(alice, "Torn")
    first, second = ahead(hours=3), ahead(hours=5)
    forms = [
        filled_in(client, editor(draft), publish_at=typed(at), action="schedule") for at in (first, second)
    ]
    assert client.post(editor(draft), forms[0]).status_code == 303
    response = client.post(editor(draft), forms[1])
    assert response.status_code == 409
    assert "In another window this note was scheduled for" in words(response)
    assert Note.objects.get().scheduled_for == first
    kept = again(response, action="schedule")
    assert kept["publish_at"] == [typed(second)]
    assert client.post(editor(draft), kept).status_code == 303
    assert Note.objects.get().scheduled_for == second
    publish_due(now=ahead(days=2))
    assert Note.objects.filter(status="published").count() == 1


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_a_window_from_before_does_not_undo_the_schedule_unseen(
    client: Client, alice: User, action: str
) -> None:
    draft = make_draft(alice, "Torn")
    stale = filled_in(client, editor(draft), action=action)
    schedule(client, ahead(hours=3), editor(draft), title="Torn", body="")
    assert client.post(editor(draft), stale).status_code == 409
    assert Note.objects.get().scheduled_for


def test_words_and_time_change_together_and_a_near_time_may_stay(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    near = ahead(minutes=20)
    Note.objects.update(scheduled_for=near)
    assert schedule(client, near, editor(note), title="Better").status_code == 303
    note.refresh_from_db()
    assert (note.title, note.scheduled_for) == ("Better", near)
    later = ahead(days=3)
    assert schedule(client, later, editor(note), title="Better").status_code == 303
    assert Note.objects.get().scheduled_for == later


def test_a_refused_change_leaves_the_schedule_as_it_was(client: Client) -> None:
    at = ahead(hours=3)
    note = scheduled(client, at)
    response = schedule(client, at, editor(note), title="", body="Still typed")
    assert response.status_code == 422
    note.refresh_from_db()
    assert (note.title, note.body, note.scheduled_for) == ("In good time", "Words", at)
    assert form_in(response, "compose").fields["body"] == ["Still typed"]


def test_it_is_not_saved_while_typing(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    response = client.post(editor(note), filled_in(client, editor(note), title="Half a", action="keep"))
    assert response.status_code == 409
    assert "Changed in another window" in response.text
    assert Note.objects.get().title == "In good time"


def test_publish_now(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    assert client.post(editor(note), filled_in(client, editor(note)))["Location"] == note.get_absolute_url()
    assert is_out(note)
    assert note.scheduled_for is None
    publish_due(now=ahead(days=2))
    assert Note.objects.get().edited_at is None


def test_publish_now_just_after_it_went_out_by_itself(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    same = filled_in(client, editor(note))
    other = filled_in(client, editor(note), body="Other words")
    later = filled_in(client, editor(note), publish_at=typed(ahead(days=2)), action="schedule")
    draft = filled_in(client, editor(note), action="draft")
    publish_due(now=ahead(days=1))
    before = Note.objects.values().get()
    assert client.post(editor(note), same)["Location"] == note.get_absolute_url()
    assert "This note was published already, as scheduled." in client.get(note.get_absolute_url()).text
    assert client.post(editor(note), draft)["Location"] == note.get_absolute_url()
    for changed in (other, later):
        answer = client.post(editor(note), changed)
        assert answer.status_code == 409
        assert "This note is already published. Save again to change it." in words(answer)
    assert Note.objects.values().get() == before


def test_cancelling_is_for_the_author_and_idempotent(client: Client, bob: User) -> None:
    note = scheduled(client, ahead(hours=3))
    address = f"{note.get_absolute_url()}schedule/delete/"
    assert signed_in(bob).post(address).status_code == 404
    assert client.get(address).status_code == 405
    for _twice in range(2):
        assert client.post(address).status_code == 303
    note.refresh_from_db()
    assert (note.scheduled_for, note.status) == (None, "draft")
    publish_due(now=ahead(days=1))
    assert not is_out(note)


def test_back_to_drafts_by_the_form(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    client.post(editor(note), filled_in(client, editor(note), body="Later", action="draft"))
    note.refresh_from_db()
    assert (note.scheduled_for, note.body) == (None, "Later")


def test_cancelling_what_is_out_says_so(client: Client) -> None:
    note = scheduled(client, ahead(hours=3))
    publish_due(now=ahead(days=1))
    assert cancel(note=note) is False
    client.post(f"{note.get_absolute_url()}schedule/delete/")
    assert "This note was published already." in client.get(DRAFTS).text
    assert is_out(note)


def test_cancelling_what_waits_for_its_photos_says_so(client: Client, alice: User) -> None:
    note = make_note(alice, status="processing", published_at=None)
    client.post(f"{note.get_absolute_url()}schedule/delete/")
    assert "This note is being published" in client.get(DRAFTS).text


def test_scheduling_counts_as_publishing_once(client: Client, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS |= {"notes": Limit(1, timedelta(hours=1))}
    User.objects.update(date_joined=ahead(days=-9))
    note = scheduled(client, ahead(hours=3))
    assert schedule(client, ahead(hours=9)).status_code == 429
    assert schedule(client, ahead(hours=4), editor(note)).status_code == 303, "Its change counts nothing."
    assert client.post(editor(note), filled_in(client, editor(note))).status_code == 303, (
        "Nor does publishing it now."
    )


def test_notes_that_wait_for_the_same_hour_keep_to_the_limit(
    client: Client, alice: User, settings: Any
) -> None:
    settings.LIMITS_ON = True
    at = ahead(days=2)
    for _number in range(settings.LIMITS["notes"].most):
        make_draft(alice, scheduled_for=at)
    User.objects.update(date_joined=ahead(days=-9))
    response = schedule(client, at + timedelta(minutes=30))
    assert response.status_code == 422
    assert "notes scheduled within an hour of that time" in words(response)
    assert schedule(client, at + timedelta(hours=2)).status_code == 303


def test_what_the_version_before_published_does_not_count(client: Client, alice: User) -> None:
    """It knows no schedule and leaves it on the row."""
    for number in range(SCHEDULED_MAX):
        make_note(alice, scheduled_for=ahead(hours=3 + number))
    assert schedule(client, ahead(days=9)).status_code == 303


def test_there_are_so_many_at_most(client: Client, alice: User) -> None:
    for number in range(SCHEDULED_MAX):
        make_draft(alice, scheduled_for=ahead(hours=3 + number))
    response = schedule(client, ahead(days=9))
    assert response.status_code == 422
    assert f"You can have {SCHEDULED_MAX} notes scheduled." in words(response)


def test_an_unchanged_time_stays_in_an_hour_that_comes_twice(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    second = datetime(2031, 10, 26, 1, 30, tzinfo=UTC)  # 2:30 for the second time
    draft = make_draft(alice, "Twice", scheduled_for=second)
    client = signed_in(alice)
    form = filled_in(client, editor(draft), body="New", action="schedule")
    assert client.post(editor(draft), form).status_code == 303
    note = Note.objects.get()
    assert (note.body, note.scheduled_for) == ("New", second)


def test_a_refused_time_names_the_zone_it_is_sent_with(client: Client, alice: User) -> None:
    form = filled_in(client, title="A", publish_at="soon", action="schedule")
    User.objects.filter(pk=alice.pk).update(time_zone="America/New_York")
    response = client.post(NEW, form)
    assert response.status_code == 422
    assert "Shanghai time" in words(response)
    assert form_in(response, "compose").fields["zone"] == ["Asia/Shanghai"]
    unknown = client.post(NEW, form | {"zone": "Mars/Olympus"})
    assert "New York time" in words(unknown)
    assert form_in(unknown, "compose").fields["zone"] == ["America/New_York"]


def test_a_chosen_time_comes_back_from_a_crop(client: Client, alice: User) -> None:
    note = scheduled(client, ahead(hours=3))
    photo = make_photo(alice, note=note, with_files=True)
    later = typed(ahead(days=3))
    sent = filled_in(client, editor(note), publish_at=later) | {"crop": photo.pk, "action": []}
    page = client.get(client.post(editor(note), sent)["Location"])
    back = page.text.partition(f'href="{editor(note)}?words=')[2].partition('"')[0]
    returned = client.get(f"{editor(note)}?words={back}")
    assert form_in(returned, "compose").fields["publish_at"] == [later]
