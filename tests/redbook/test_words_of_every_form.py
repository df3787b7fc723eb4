"""Every form of the URLconf keeps its text in each state in which it could be lost."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils import timezone
from taggit.models import Tag

from core.backoff import Waiting
from core.concurrent_edits import SeenRowForm
from core.limits import TooMany
from insights.models import Word
from moderation.admin.site import site
from moderation.appeals.keys import key_of
from moderation.cases.actions import open_case
from moderation.models import Appeal, Decision, Report
from moderation.models import Case as ModerationCase
from notes.collections.actions import create_collection
from notes.models import Channel, Note
from notes.series.actions import put_in_series, series_named
from people.actions.moderators import appoint
from profiles.models import Campus, User
from tests.buckets import FOLDER
from tests.builders import PASSWORD, make_comment, make_label, make_note, make_person, upload
from tests.markup import form_in
from tests.redbook.test_every_form import routes

pytestmark = pytest.mark.django_db

WORDS = "Half an hour of words"


@dataclass
class Case:
    """A form: where it is sent, on which page it stands, by which id or action it is found there, and what is typed
    into it. `who` sends it; `keeps` names fields that come back, where not all do.
    """

    path: str
    typed: dict[str, str]
    page: str = ""
    form: str = ""
    who: str = "alice"
    ends: bool = True  # whether it needs signing in
    files: tuple[str, ...] = field(default=())


NOTE = {"title": WORDS, "body": f"{WORDS} 图书馆", "tags": "tea, ★", "campus": "Linhai", "place": "Gate"}
COLLECTION = {"name": WORDS, "description": f"{WORDS} 图书馆", "visibility": "public"}
CASES = {
    "note_new": Case("/notes/new/", NOTE, form="compose"),
    "note_edit": Case("/notes/{note}/edit/", NOTE, form="compose"),
    "note_series": Case("/notes/{note}/series/", {"name": WORDS}, form="series"),
    "series_new": Case("/series/new/", {"name": f"{WORDS} 4"}, form="series"),
    "series_edit": Case("/series/{series}/edit/", {"name": f"{WORDS} 2"}, form="series"),
    "comments": Case("/notes/{other}/comments/", {"body": WORDS}, page="/notes/{other}/"),
    "comment_edit": Case("/comments/{own_comment}/edit/", {"body": WORDS}, form="comment-edit"),
    "report": Case("/report/?note={other}", {"details": WORDS, "reason": "danger"}),
    "appeal": Case("/decisions/{decision}/appeal/", {"text": WORDS}),
    "appeal_by_key": Case("/appeals/{key}/", {"text": WORDS}, ends=False),
    "collection_new": Case("/collections/new/", COLLECTION, form="collection"),
    "collection_edit": Case(
        "/collections/{collection}/edit/", COLLECTION | {"name": f"{WORDS} 3"}, form="collection"
    ),
    "note_collections": Case(
        "/notes/{other}/collections/", {"name": f"{WORDS} 2", "remark": WORDS}, form="choose"
    ),
    "settings_profile": Case(
        "/settings/profile/", {"name": WORDS, "handle": "not valid!", "bio": WORDS, "city": "Linhai"}
    ),
    "welcome_profile": Case("/welcome/profile/", {"name": WORDS, "campus": "Linhai", "city": "Linhai"}),
    "settings_label": Case(
        "/settings/label/",
        {"label": "Window seats", "statement": WORDS, "topics": "tea, ★", "shows_focus": "on"},
    ),
    "settings_privacy": Case("/settings/privacy/", {"keep_out": "on", "shares_stage": "on"}),
    "word_mute": Case(
        "/settings/privacy/muted/words/", {"word": WORDS}, page="/settings/privacy/muted/", form="mute-word"
    ),
    "account_login": Case("/accounts/login/", {"login": "lin@campus.test"}, who="", ends=False),
    "account_signup": Case(
        "/accounts/signup/", {"email": "lin@campus.test", "handle": "lin_xia"}, who="", ends=False
    ),
    "account_reset_password": Case(
        "/accounts/password/reset/", {"email": "lin@campus.test"}, who="", ends=False
    ),
    "moderation_appeal_decide": Case(
        "/admin/moderation/appeal/{waiting_appeal}/decide/", {"answer": WORDS, "granted": "no"}, who="mona"
    ),
    "moderation_report_close": Case(
        "/admin/moderation/report/{report}/close/", {"reason": WORDS}, who="mona"
    ),
    "case": Case("/admin/cases/{case}/", {"facts": WORDS}, who="mona"),
    "profiles_user_suspend": Case("/admin/profiles/user/{bob}/suspend/", {"reason": WORDS}, who="mona"),
    "profiles_label_hide": Case("/admin/profiles/label/{label}/hide/", {"reason": WORDS}, who="mona"),
    "notes_series_hide": Case("/admin/notes/series/{bobs_series}/hide/", {"reason": WORDS}, who="mona"),
    "notes_note_hide": Case("/admin/notes/note/{other}/hide/", {"reason": WORDS}, who="mona"),
    "notes_collection_hide": Case(
        "/admin/notes/collection/{bobs_collection}/hide/", {"reason": WORDS}, who="mona"
    ),
    "notes_comment_hide": Case("/admin/notes/comment/{comment}/hide/", {"reason": WORDS}, who="mona"),
    # A name that admin keeps once: the form that adds a row has the words alone, the one that changes a row "2" behind.
    "insights_word_add": Case("/admin/insights/word/add/", {"en": WORDS, "zh": WORDS}, who="mona"),
    "insights_word_change": Case(
        "/admin/insights/word/{word}/change/", {"en": f"{WORDS} 2", "zh": f"{WORDS} 2"}, who="mona"
    ),
    "notes_channel_add": Case(
        "/admin/notes/channel/add/",
        {"en": "Library", "zh": "图书馆以外", "tag_names": "library, ★"},
        who="mona",
    ),
    "notes_channel_change": Case(
        "/admin/notes/channel/{channel}/change/",
        {"en": "Library", "zh": "图书馆", "tag_names": "library, ★"},
        who="mona",
    ),
    "profiles_campus_add": Case("/admin/profiles/campus/add/", {"name": WORDS, "city": "Linhai"}, who="mona"),
    "profiles_campus_change": Case(
        "/admin/profiles/campus/{campus}/change/", {"name": f"{WORDS} 2", "city": "Linhai"}, who="mona"
    ),
    "taggit_tag_change": Case("/admin/taggit/tag/{tag}/change/", {"into": "library"}, who="mona"),
    "auth_group_add": Case("/admin/auth/group/add/", {"name": WORDS}, who="root"),
    "auth_group_change": Case("/admin/auth/group/{group}/change/", {"name": f"{WORDS} 2"}, who="root"),
}
DECISIONS = [name for name, case in CASES.items() if case.typed.keys() == {"reason"}]
# What takes a POST without any words of a person: buttons, choices, passwords and files alone.
WORDLESS = {
    # What moderators open of kept copies, and the button that lifts a seal.
    *("moderation_evidence_case", "moderation_evidence_blurred", "moderation_evidence_picture"),
    "moderation_evidence_unseal",
    *("note_edit_delete", "note_unschedule", "note_delete", "note_like", "note_unlike", "note_collect"),
    *("collection_follow", "collection_unfollow", "collection_order", "collection_merge"),
    *("collection_delete", "collection_remove"),
    *("note_uncollect", "comment_delete", "note_version_delete"),
    *("comment_like", "comment_unlike", "comment_pin", "comment_unpin"),
    *(
        "photo_edit",
        "uploads",
        "upload_delete",
        "follow",
        "unfollow",
        "approve",
        "decline",
        "block",
        "unblock",
        "follower_remove",
    ),
    *(
        "mute",
        "unmute",
        "dismiss",
        "word_unmute",
        "settings_label_delete",
        "settings_data",
        "settings_leaving",
    ),
    *("series_add", "series_order", "series_remove", "series_delete"),
    *("note_less", "note_less_undo", "less_clear", "note_pin", "note_unpin"),
    *("history_on", "history_off", "history_clear", "history_remove", "history_restore"),
    *("keep", "theme", "keys", "language", "introduction"),
    *("recent_search_delete", "recent_searches_clear", "recent_searches_keep"),
    *("account_logout", "account_reauthenticate", "account_change_password"),
    *(
        "account_set_password",
        "account_reset_password_from_key",
        "account_confirm_email",
        "usersessions_list",
    ),
    *(
        "note_seen",
        "restore_address",
        "too_large",
        "settings_languages",
        "settings_time_zone",
        "settings_notifications",
    ),
    *("note_mute", "note_unmute", "notification_mute", "notifications_read"),
    *("mirror_words", "word_strike", "word_unstrike", "words_for", "words_take_back"),
    # Asks for the password again and then takes the form up by itself.
    *("account_email",),
    *("profiles_user_change",),
}
READ_ONLY = {"account_inactive", "account_reset_password_done", "account_reset_password_from_key_done"}
READ_ONLY |= {"account_email_verification_sent"}


@pytest.fixture
def world(alice: User, bob: User, mona: User) -> dict[str, Any]:
    return make_world(alice, bob)


def make_world(alice: User, bob: User) -> dict[str, Any]:
    """The keys of the rows that the paths of forms name; Mona and Root look after them."""
    make_person("root", is_staff=True, is_superuser=True)
    Tag.objects.create(name="library", slug="library")
    other, note = make_note(bob, "Of Bob"), make_note(alice, "Before")
    decided = {"kind": "note", "number": note.pk, "note": note, "subject": alice, "closed_at": timezone.now()}
    case = ModerationCase.objects.create(**decided)
    decision = Decision.objects.create(case=case, step="note", facts="Why", subject=alice, version=1)
    of_bob = Decision.objects.create(case=case, step="note", facts="Why", subject=bob, version=2)
    series = {person: series_named(author=person, name="Before") for person in (alice, bob)}
    put_in_series(note=note, series=series[alice])
    put_in_series(note=other, series=series[bob])
    campus = Campus.objects.named("Linhai University", "Linhai")
    return {
        "note": note.pk,
        "series": series[alice].pk,
        "bobs_series": series[bob].pk,
        "other": other.pk,
        "decision": decision.pk,
        "key": key_of(decision),
        "waiting_appeal": Appeal.objects.create(decision=of_bob, text="Why not").pk,
        "comment": make_comment(bob, other).pk,
        "own_comment": make_comment(alice, other).pk,
        "report": Report.objects.create(reporter=alice, note=other, reason="other").pk,
        "case": open_case(target=other).pk,
        "label": make_label(bob, "Tea person").label_id,
        "campus": campus.pk,
        "channel": Channel.objects.create(slug="tea-茶", en="Tea", zh="茶").pk,
        "word": (Word.objects.first() or Word.objects.create(en="warm", zh="温暖")).pk,
        "bob": bob.pk,
        "tag": Tag.objects.create(name="libary", slug="libary").pk,
        "collection": create_collection(owner=alice, name="Before").pk,
        "bobs_collection": create_collection(owner=bob, name="Shelf", is_private=False).pk,
        "group": Group.objects.create(name="Readers").pk,
    }


def signed_in_by_form(client: Client, handle: str) -> Client:
    if handle:
        page = form_in(client.get("/accounts/login/"), "/accounts/login/")
        sent = page.filled(login=f"{handle}@campus.test", password=PASSWORD)
        assert client.post("/accounts/login/", sent).status_code == 302
    return client


def opened(client: Client, case: Case, world: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where the form of its page is sent, and what with."""
    page = client.get((case.page or case.path).format(**world))
    assert page.status_code == 200
    return case.path.format(**world), found(page, case, world).filled(**case.typed)


def found(page: Any, case: Case, world: dict[str, Any]) -> Any:
    """The form of the case on this page: by its id, its action, or what it asks."""
    from tests.markup import _Reader

    reader = _Reader()
    reader.feed(page.content.decode())
    path = case.path.format(**world)
    for name in (case.form, path, "content-main", ""):
        if name in reader.forms and case.typed.keys() & reader.forms[name].fields.keys() | set(case.typed):
            form = reader.forms[name]
            if name == case.form or case.typed.keys() & form.fields.keys() or "keep_out" in case.typed:
                return form
    by_field = [form for form in reader.forms.values() if case.typed.keys() & form.fields.keys()]
    assert by_field, f"{path} is not on the page: {list(reader.forms)}"
    return by_field[0]


def holds(page: Any, case: Case, world: dict[str, Any]) -> None:
    fields = found(page, case, world).fields
    for name, typed in case.typed.items():
        assert [value.replace("\r\n", "\n") for value in fields[name]] == [typed], name


def test_every_form_is_here() -> None:
    """A form that is added has to be listed, among those with words or those without."""
    posted = {
        name
        for pattern, name in routes(get_resolver())
        if name
        and "POST" in Client().options(_address(pattern)).get("Allow", "POST")
        and Client(enforce_csrf_checks=True).post(_address(pattern)).status_code == 403
    }
    known = CASES.keys() | WORDLESS | READ_ONLY
    assert posted - known == set()
    for name, case in CASES.items():
        rows = dict.fromkeys(
            (
                "note",
                "other",
                "decision",
                "key",
                "waiting_appeal",
                "comment",
                "own_comment",
                "report",
                "label",
                "campus",
                "channel",
                "word",
                "bob",
                "tag",
                "group",
                "series",
                "bobs_series",
                "collection",
                "bobs_collection",
                "case",
            ),
            1,
        )
        assert resolve(case.path.format(**rows).partition("?")[0]).url_name == name


def test_every_form_of_admin_is_here(mona: User) -> None:
    """All that even a superuser may fill in there; where a row is changed, by a form that heeds other windows."""
    request = HttpRequest()
    request.user = make_person("root", is_staff=True, is_superuser=True)
    resolve("/admin/")  # reads the addresses, and registers their converters
    for admin in site._registry.values():
        name = f"{admin.opts.app_label}_{admin.opts.model_name}"
        asks = {url.name.removeprefix(f"{name}_") for url in admin.get_urls() if url.name}
        asks -= {"changelist", "history", "delete"}
        asks -= set() if admin.has_add_permission(request) else {"add"}
        if admin.has_change_permission(request):
            assert issubclass(admin.get_form(request), SeenRowForm), name
        else:
            asks -= {"change"}
        assert {f"{name}_{ask}" for ask in asks} <= CASES.keys() | WORDLESS


def _address(pattern: str) -> str:
    from tests.redbook.test_every_form import example

    class Row:
        pk = 1

    return example(pattern, Row(), Row())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.ends])
def test_the_session_ended(name: str, world: dict[str, Any]) -> None:
    case, client = CASES[name], Client(enforce_csrf_checks=True)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)
    before = list(Note.objects.values())
    Session.objects.all().delete()
    answer = client.post(path, sent)
    assert answer.status_code == 302
    page = client.get(answer["Location"], follow=True)
    again = form_in(page, "/accounts/login/").filled(login=f"{case.who}@campus.test", password=PASSWORD)
    onward = client.post("/accounts/login/", again)["Location"]
    page = client.get(onward)
    assert page.status_code == 200, onward
    holds(page, case, world)
    assert "What you wrote is still here: check" in page.text
    assert list(Note.objects.values()) == before, "nothing is sent by itself"

    other = signed_in_by_form(Client(), make_person().handle)
    assert "What you wrote is still here: check" not in other.get(onward).text


@pytest.mark.parametrize("name", CASES)
def test_the_token_is_stale(name: str, world: dict[str, Any]) -> None:
    case, client = CASES[name], Client(enforce_csrf_checks=True)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)
    stale = sent | {"csrfmiddlewaretoken": "T" * 64}
    page = client.post(path, stale)
    assert page.status_code == 403
    assert "This page was open for a while." in page.text
    holds(page, case, world)
    fresh = found(page, case, world).filled()
    assert client.post(path, fresh).status_code != 403
    forged = client.post(path, stale, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert WORDS not in forged.text


@pytest.mark.parametrize("name", CASES)
def test_the_database_is_away(
    name: str, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    case = CASES[name]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)

    sent |= {"password": PASSWORD} if name == "account_login" else {}

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("Gone")

    with monkeypatch.context() as patch:
        patch.setattr("core.sessions.SessionStore.load", away)
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
        page = client.post(path, sent)
    assert page.status_code == 503
    again = form_in(page, path.replace("&", "&amp;")).fields
    assert {name: [value] for name, value in case.typed.items()}.items() <= dict(again).items()
    assert client.post(path, again).status_code != 403, "the token is sent again too"


# Forms with a limit; with a file field and its name; and over words that another window may have changed meanwhile.
LIMITED = [
    "note_new",
    "comments",
    "report",
    "collection_new",
    "account_login",
    "account_signup",
    "account_reset_password",
]
WITH_FILES = {
    "note_new": "photos",
    "note_edit": "photos",
    "settings_profile": "avatar",
    "welcome_profile": "avatar",
}
STORED: dict[str, dict[str, Any]] = {
    "series_edit": {"name": "In another window"},
    "note_edit": {"title": "In another window"},
    "collection_edit": {"description": "In another window"},
    "note_collections": {"remark": "In another window"},
    "settings_profile": {"bio": "In another window"},
    "welcome_profile": {"name": "In another window"},
    "settings_label": {"statement": "In another window"},
    "settings_privacy": {"shows_campus": "on"},
    "profiles_campus_change": {"city": "In another window"},
    "taggit_tag_change": {"is_hidden": "on"},
    "insights_word_change": {"zh": "另一个窗口"},
    "notes_channel_change": {"zh": "另一个窗口"},
    "auth_group_change": {"name": "In another window"},
}
NOT_THERE = {
    "settings_privacy": "keep_out",
    "taggit_tag_change": "into",
}  # what the other window does not say
SOUND = {
    "tags": "tea",
    "tag_names": "library",
    "topics": "tea",
    "handle": "alice",
}  # valid input, where the walk's own would be rejected


def sound(name: str) -> Case:
    case = CASES[name]
    typed = {field: SOUND.get(field, value) for field, value in case.typed.items()}
    return replace(case, typed=typed | {"handle": "lin_xia"} if name == "account_signup" else typed)


@pytest.mark.parametrize("name", LIMITED)
def test_a_limit_is_reached(
    name: str, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    case, client = sound(name), Client(enforce_csrf_checks=True)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)
    until = timezone.now() + timedelta(minutes=10)

    def waiting(*args: Any, **kwargs: Any) -> None:
        raise Waiting(until)

    def full(*args: Any, **kwargs: Any) -> None:
        raise TooMany(until, "Full.")

    settings.LIMITS_ON = True
    for where in ("charge", "check"):
        monkeypatch.setattr(f"people.signin_limits.{where}", waiting)
    monkeypatch.setattr("core.limits._spend", full)
    secret = {"password": PASSWORD} if name == "account_login" else {"password1": PASSWORD}
    page = client.post(path, sent | (secret if "account_" in name else {}))
    assert page.status_code == 429
    holds(page, case, world)
    assert "Try again at" in page.text
    assert 0 < int(page["Retry-After"]) <= 600


@pytest.mark.parametrize("name", WITH_FILES)
def test_storage_is_away(name: str, world: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    case, client = sound(name), Client(enforce_csrf_checks=True)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)
    (tmp_path / "file").touch()
    settings.STORAGES = settings.STORAGES | {"default": FOLDER}
    settings.MEDIA_ROOT = tmp_path / "file"
    page = client.post(path, sent | {WITH_FILES[name]: upload("window.jpg")})
    assert page.status_code == 503
    holds(page, case, world)
    assert "Choose them again" in page.text


def test_every_form_with_files_is_among_them() -> None:
    """A page whose form takes files."""
    templates = [path.read_text() for path in Path("templates").rglob("*.html")]
    with_files = [text for text in templates if "multipart/form-data" in text and "<form" in text]
    assert len(with_files) == len({"compose", "profile", "first profile"})


def test_too_many_words(world: dict[str, Any]) -> None:
    """Refused before they are read: nothing is changed, and the page says that Back has the words."""
    people = {case.who for case in CASES.values()}
    clients = {who: signed_in_by_form(Client(enforce_csrf_checks=True), who) for who in people}
    before = list(Note.objects.values())
    for name in CASES:
        case = sound(name)
        client = clients[case.who]
        path, sent = opened(client, case, world)
        huge = sent | {next(iter(case.typed)): "图" * 100_000}
        plain = urlencode(huge, doseq=True)
        for page in (
            client.post(path, plain, content_type="application/x-www-form-urlencoded"),
            client.post(path, huge),
        ):
            assert page.status_code == 413, name
            assert "go back, and they are still there" in page.text
    assert list(Note.objects.values()) == before


@pytest.mark.parametrize("name", STORED)
def test_another_window_saved_other_words(name: str, world: dict[str, Any]) -> None:
    """The form comes back once with its own words, and what is stored stays until it is sent again."""
    case, client = sound(name), Client(enforce_csrf_checks=True)
    path, sent = opened(signed_in_by_form(client, case.who), case, world)
    elsewhere = found(client.get(path), case, world).filled(**{**case.typed, **STORED[name]})
    elsewhere.pop(NOT_THERE.get(name), None)
    assert client.post(path, elsewhere).status_code in {302, 303}
    page = client.post(path, sent)
    assert page.status_code == 409
    holds(page, case, world)
    assert "changed in another window" in page.text
    (field, newer), *_ = STORED[name].items()
    assert found(client.get(path), case, world).fields.get(field) == [newer], "not replaced unseen"
    again = found(page, case, world).filled()
    for _ in range(2):
        sent = client.post(path, again)
        assert sent.status_code in {302, 303}, "sent again it replaces them; twice is as once"
    assert found(client.get(path), case, world).fields.get(field) == again.get(field)


def test_another_case_is_another_word(alice: User) -> None:
    client = signed_in_by_form(Client(), "alice")
    User.objects.filter(pk=alice.pk).update(bio="tea and books")
    sent = found(client.get("/settings/profile/"), CASES["settings_profile"], {}).filled()
    User.objects.filter(pk=alice.pk).update(bio="Tea and Books")
    assert client.post("/settings/profile/", sent).status_code == 409
    alice.refresh_from_db()
    assert alice.bio == "Tea and Books"


@pytest.mark.parametrize("name", DECISIONS)
def test_another_moderator_decided_meanwhile(name: str, world: dict[str, Any], mona: User) -> None:
    """The first decision stays, and the reason of the second comes back; the same, sent twice, is as sent once."""
    case, client, other = (
        CASES[name],
        signed_in_by_form(Client(), "mona"),
        signed_in_by_form(Client(), "root"),
    )
    path, sent = opened(client, case, world)
    for _ in range(2):
        assert other.post(path, opened(other, case, world)[1] | {"reason": "The first."}).status_code == 303
    page = client.post(path, sent)
    assert page.status_code == 409
    holds(page, case, world)
    assert "has decided this already" in page.text
    assert LogEntry.objects.get().change_message.endswith("The first.")


def test_another_superuser_appointed_meanwhile(alice: User, mona: User) -> None:
    make_person("root", is_staff=True, is_superuser=True)
    client, path = signed_in_by_form(Client(), "root"), f"/admin/profiles/user/{alice.pk}/change/"
    sent = form_in(client.get(path), "user_form").filled()
    appoint(person=alice)
    page = client.post(path, sent)
    assert page.status_code == 409
    alice.refresh_from_db()
    assert alice.is_staff
    assert client.post(path, form_in(page, "user_form").filled()).status_code == 302


def test_a_row_is_merged_once(mona: User, world: dict[str, Any]) -> None:
    """Into another than it was merged into, it says that it was; nothing typed is dropped with a thank-you."""
    Campus.objects.named("Linhai", "Linhai")
    Campus.objects.named("Elsewhere", "Linhai")
    client, path = signed_in_by_form(Client(), "mona"), f"/admin/profiles/campus/{world['campus']}/change/"
    for _ in range(2):
        sent = form_in(client.get(path), "campus_form").filled(into="Linhai")
        assert client.post(path, sent).status_code == 302
    page = client.post(path, form_in(client.get(path), "campus_form").filled(into="Elsewhere"))
    assert page.status_code == 422
    assert "This campus has been merged already." in page.text
    assert form_in(page, "campus_form").fields["into"] == ["Elsewhere"]
    assert Campus.objects.get(pk=world["campus"]).merged_into.name == "Linhai"


def test_a_photo_of_the_profile_that_came_back_is_said(alice: User) -> None:
    client = signed_in_by_form(Client(), "alice")
    words = {"name": "Alice", "handle": "not valid!", "avatar": upload("window.jpg")}
    page = client.post("/settings/profile/", words)
    assert page.status_code == 422
    assert "Choose the photo again: “window.jpg” was not kept." in page.text
