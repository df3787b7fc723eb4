"""A button pressed by a visitor: the sign-in page names it, it survives sign-in or sign-up, and is carried out then."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from core.db.keyset import PAGE_SIZE
from core.limits import TooMany
from core.models import ParkedForm
from notes.models import Collect, Like, Note
from notes.moderation import hide_note
from profiles.models import Follow, FollowRequest, User
from tests.builders import PASSWORD, make_comment, make_note, signed_in
from tests.markup import form_in, listed, words

pytestmark = pytest.mark.django_db

TITLE = "Flowers instead of sleep"


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, TITLE)


def press(browser: Client, page: str, address: str) -> Any:
    """Press the button of this page that posts to the address."""
    form = form_in(browser.get(page), "act")
    (found, *_) = [posts for posts, *_ in form.buttons if posts.partition("?")[0] == address]
    return browser.post(found, form.filled())


def sign_in(browser: Client, page: Any, person: User) -> Any:
    sent = form_in(page, "/accounts/login/").filled(login=person.email, password=PASSWORD)
    return browser.post("/accounts/login/", sent)


def onward(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]


@pytest.mark.parametrize(
    ("kind", "asked"), [("like", "Sign in to like “{}”"), ("collect", "Sign in to save “{}”")]
)
@pytest.mark.parametrize("where", ["/", "/?sort=latest", "note"])
def test_a_press_is_asked_for_and_done_where_it_was(
    stranger: Client, note: Note, charlie: User, kind: str, asked: str, where: str
) -> None:
    page = note.get_absolute_url() if where == "note" else where
    door = stranger.get(press(stranger, page, f"{note.get_absolute_url()}{kind}/")["Location"])
    assert asked.format(TITLE) in words(door)
    assert "Welcome back" not in words(door)
    answer = sign_in(stranger, door, charlie)
    place = urlsplit(answer["Location"])
    assert (place.path, place.fragment) == (urlsplit(page).path, f"note-{note.pk}")
    assert "pressed" not in place.query
    model: Any = {"like": Like, "collect": Collect}[kind]
    assert model.objects.get().person == charlie
    shown = stranger.get(answer["Location"])
    assert f'formaction="{note.get_absolute_url()}{kind}/delete/"' in shown.text
    assert {"like": f"You like “{TITLE}”.", "collect": "Saved."}[kind] in shown.text.replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert not ParkedForm.objects.exists()


def test_a_follow_too(stranger: Client, alice: User, charlie: User, note: Note) -> None:
    for page in (note.get_absolute_url(), "/@alice/"):
        door = stranger.get(press(stranger, page, "/@alice/follow/")["Location"])
        assert "Sign in to follow Alice An" in words(door)
        answer = sign_in(stranger, door, charlie)
        assert urlsplit(answer["Location"]).path == page
        assert Follow.objects.get().from_note == (note.pk if page.startswith("/notes/") else None)
        Follow.objects.all().delete()
        stranger.logout()
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    sign_in(stranger, stranger.get(press(stranger, "/@alice/", "/@alice/follow/")["Location"]), charlie)
    assert FollowRequest.objects.get().follower == charlie


def test_it_goes_through_the_whole_sign_up(stranger: Client, note: Note) -> None:
    door = stranger.get(press(stranger, "/", f"{note.get_absolute_url()}like/")["Location"])
    (link,) = {
        part.partition('"')[0].replace("&amp;", "&")
        for part in door.text.split('href="')
        if part.startswith("/accounts/signup/")
    }
    page = stranger.get(link)
    assert f"Create an account to like “{TITLE}”" in words(page)
    assert "You can confirm your address later." in words(page)
    typed = {"email": "lin@campus.test", "handle": "lin_xia", "password1": "short", "birth_year": "2004"}
    refused = stranger.post("/accounts/signup/", form_in(page, "/accounts/signup/").filled(**typed))
    assert f"Create an account to like “{TITLE}”" in words(refused), "asked again, as its words are"
    sent = form_in(refused, "/accounts/signup/").filled(**typed | {"password1": PASSWORD})
    answer = stranger.post("/accounts/signup/", sent)
    liked = Like.objects.get()
    assert (liked.person.handle, liked.person.is_verified) == ("lin_xia", False)
    assert onward(answer["Location"]) == f"/?at=note-{note.pk}#note-{note.pk}"
    step = stranger.get(answer["Location"])
    assert f'href="/?at=note-{note.pk}#note-{note.pk}"' in step.text, "which every step can be left for"


def test_it_is_given_once(stranger: Client, note: Note, charlie: User) -> None:
    door = stranger.get(press(stranger, "/", f"{note.get_absolute_url()}like/")["Location"])
    again = form_in(door, "/accounts/login/").filled(login=charlie.email, password=PASSWORD)
    assert sign_in(stranger, door, charlie).status_code == 302
    Like.objects.all().delete()
    stranger.post("/accounts/login/", again)
    stranger.logout()
    answer = sign_in(stranger, stranger.get(f"/accounts/login/?next={again['next'][0]}"), charlie)
    assert not Like.objects.exists()
    assert (
        "That took more than an hour, so it wasn’t done. Try again." in stranger.get(answer["Location"]).text
    )


def test_it_is_the_browser_s_and_an_hour_s(stranger: Client, note: Note, alice: User, charlie: User) -> None:
    address = press(stranger, "/", f"{note.get_absolute_url()}like/")["Location"]
    other = Client()
    door = other.get(address)
    assert "Welcome back" in words(door)
    assert sign_in(other, door, alice)["Location"] == "/"
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(hours=1))
    door = stranger.get(address)
    assert "Welcome back" in words(door)
    assert sign_in(stranger, door, charlie)["Location"] == "/"
    assert not Like.objects.exists()


def test_no_other_site_and_no_get_makes_one(stranger: Client, note: Note, charlie: User) -> None:
    path = f"{note.get_absolute_url()}like/"
    form = form_in(stranger.get("/"), "act")
    assert stranger.post(path, {"next": "/"}).status_code == 403
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        stranger.post(path, form.filled(), headers=headers)
    assert stranger.get(path).status_code == 405
    assert not ParkedForm.objects.exists()
    parked = onward(press(stranger, "/", path)["Location"])
    for browser in (stranger, signed_in(charlie)):
        assert browser.get(parked).status_code == 200
        browser.get(f"/accounts/login/?next={parked}")
    assert not Like.objects.exists()
    door = stranger.get("/accounts/login/?next=/%3Fpressed%3Dmade-up")
    assert sign_in(stranger, door, charlie)["Location"] == "/"
    assert not Like.objects.exists()


def test_strangers_push_no_words_out(stranger: Client, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.parked_forms.ALL_MAX", 2)
    parked = ParkedForm.objects.create(name="of another", browser="b", path="/", words='["", {}]')
    for _ in range(3):
        press(stranger, "/", f"{note.get_absolute_url()}like/")
    assert ParkedForm.objects.filter(is_press=True).count() == 2
    assert ParkedForm.objects.filter(pk=parked.pk).exists()
    monkeypatch.setattr("core.parked_forms.NETWORK_MAX", 3)
    assert press(stranger, "/", f"{note.get_absolute_url()}like/")["Location"] == "/accounts/login/?next=/"


def test_what_cannot_be_done_is_said(
    stranger: Client, note: Note, charlie: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{note.get_absolute_url()}like/"
    door = stranger.get(press(stranger, "/", path)["Location"])

    def full(*args: Any, **options: Any) -> None:
        raise TooMany(timezone.now() + timedelta(minutes=10), "That is enough.")

    with monkeypatch.context() as patched:
        patched.setattr("notes.reactions.views.spend", full)
        answer = sign_in(stranger, door, charlie)
    assert answer["Location"] == "/"
    assert "That is enough." in stranger.get("/").text
    stranger.logout()
    address = press(stranger, "/", path)["Location"]
    hide_note(note=note, by=mona, reason="Spam.")
    door = stranger.get(address)
    assert "Sign in to like this note" in words(door), "its title is no longer public"
    assert TITLE not in door.text
    assert "It’s no longer available." in stranger.get(sign_in(stranger, door, charlie)["Location"]).text
    assert not Like.objects.exists()


def test_explore_holds_the_card_one_is_led_to(alice: User, charlie: User) -> None:
    """Its order is another one for each person."""
    old = timezone.now() - timedelta(days=300)
    (far,) = [make_note(alice, "Far down", published_at=old)]
    for _ in range(PAGE_SIZE):
        make_note(alice)
    private = make_note(alice, "For Alice", visibility="private")
    for path in ("/?", "/?sort=latest&"):
        client = signed_in(charlie)
        page = client.get(f"{path}at=note-{far.pk}")
        assert far.pk not in listed(client.get(path))
        assert (listed(page)[0], len(listed(page))) == (far.pk, PAGE_SIZE + 1)
        (more,) = {
            part.partition('"')[0].replace("&amp;", "&")
            for part in page.text.split('href="')
            if part.startswith("?") and "after=" in part.partition('"')[0]
        }
        assert far.pk not in listed(client.get(f"/{more}")), "no card is there twice"
        (near, *_) = listed(client.get(path))
        assert listed(client.get(f"{path}at=note-{near}")) == listed(client.get(path))
        for odd in (f"note-{private.pk}", "note-x", "note-" + "9" * 40, "note-²"):
            assert listed(client.get(f"{path}at={odd}")) == listed(client.get(path)), odd


def test_every_way_to_sign_in_says_what_for(alice: User, bob: User, note: Note) -> None:
    comment = make_comment(bob, note)
    page = note.get_absolute_url()
    private = make_note(alice, "A secret", visibility="private")
    said = {
        f"{page}#id_body": f"to comment on “{TITLE}”",
        f"{page}?thread={comment.pk}&reply={comment.pk}#comment-{comment.pk}": "to reply to Bob Bai",
        f"/report/?note={note.pk}": "to report",
        "/notes/new/": "to post a note",
        f"{private.get_absolute_url()}#id_body": "to comment on this note",
    }
    for address, what in said.items():
        for door, heading in (("/accounts/login/", "Sign in"), ("/accounts/signup/", "Create an account")):
            shown = Client().get(door, {"next": address})
            assert f"{heading} {what}" in words(shown), address
            assert "A secret" not in shown.text
    assert "You’ll also confirm your address" in words(
        Client().get("/accounts/signup/", {"next": f"{page}#id_body"})
    )
    for address in (
        "",
        "/",
        page,
        "//evil.test/",
        "/nothing/",
        "/notes/x/",
        "http://[evil",
        f"{page}?reply=²",
        f"{page}?reply=9999",
    ):
        assert "Welcome back" in words(Client().get("/accounts/login/", {"next": address})), address


def test_strangers_are_offered_to_reply(bob: User, charlie: User, note: Note) -> None:
    comment = make_comment(bob, note)
    stranger = Client()
    page = stranger.get(note.get_absolute_url())
    links = [part.partition('"')[0] for part in page.text.split('href="')]
    (link,) = [address for address in links if "reply%3D" in address]
    door = stranger.get(link.replace("&amp;", "&"))
    assert "Sign in to reply to Bob Bai" in words(door)
    answer = sign_in(stranger, door, charlie)
    place = f"{note.get_absolute_url()}?thread={comment.pk}&reply={comment.pk}#comment-{comment.pk}"
    assert answer["Location"] == place
    shown = stranger.get(place)
    assert "Replying to Bob Bai Well put." in words(shown)
    assert form_in(shown, f"{note.get_absolute_url()}comments/").fields["parent"] == [str(comment.pk)]
