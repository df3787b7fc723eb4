"""No input to any form breaks a page, and rejected input comes back complete."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from moderation.forms import ReportForm
from moderation.models import Report
from notes.forms import CommentForm, NoteForm
from notes.models import Comment, Note
from people.account_forms import SignupForm
from people.forms import LabelForm, MutedWordForm, PrivacyForm
from people.profile_forms import ProfileForm
from profiles.models import Positioning, User
from tests.builders import PASSWORD, make_comment, make_label, make_note, make_person, signed_in
from tests.markup import form_in, listed

pytestmark = pytest.mark.django_db

HUGE = [
    *("x" * 100_000, "图" * 20_000, "e" + "\u0301" * 40_000, "\u200b" * 25_000, "#a " * 33_000),
    *("\n" * 80_000, ", " * 50_000),
]
ODD = [
    *(
        "",
        " ",
        "\0",
        "nul\0l",
        "\ud800",
        "half \udfff",
        "right\u202eto left",
        "\u2066isolated",
        "\u200b\u200d",
    ),
    *("\u3164", "\r\n\r\nlines\r", "<script>alert(1)</script>", "'\"><b>", "%s %(x)d {0} {{ 1 }} {% x %}"),
    *("\U0010ffff", "\x1b[0m", "１２３", "-1", "9" * 30, "null", "../../etc/passwd", "#" * 60, "@alice", "İ"),
]
hidden = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn"]), max_size=20)
typed = st.one_of(st.text(max_size=60), hidden, st.sampled_from(ODD), st.sampled_from(HUGE))
brief = st.one_of(st.text(max_size=60), hidden, st.sampled_from(ODD))

quickly = settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def filled(*names: str) -> st.SearchStrategy[dict[str, str]]:
    """Odd words in some of these fields, at most one of them huge."""
    some = st.dictionaries(st.sampled_from(names), brief, max_size=len(names))
    return st.builds(lambda few, name, words: few | {name: words}, some, st.sampled_from(names), typed)


def post(client: Client, path: str, words: dict[str, str]) -> Any:
    """As bytes of a browser that knows nothing of half surrogates."""
    body = urlencode(words, errors="surrogatepass")
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def arrived(words: str) -> str:
    """What the server makes of such bytes."""
    return words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def plain(words: str) -> str:
    """Without what HTML says of newlines, and the joiners that keep piled marks cheap."""
    return words.replace("\r\n", "\n").removeprefix("\n").replace("\u034f", "")


def answers(response: Any, form: str, words: dict[str, str], shown: tuple[str, ...]) -> None:
    """A redirect, or a refusal whose form still holds what was typed."""
    assert response.status_code in {302, 303, 403, 422}
    if response.status_code in {403, 422}:
        again = form_in(response, form).fields
        for name in shown:
            assert [plain(value) for value in again[name]] == [plain(arrived(words.get(name, "")))], name


NOTE = (*("title", "body", "tags", "campus", "place", "visibility", "disclosure", "partner"), "key", "draft")
PROFILE = ("name", "handle", "bio", "campus", "city", "stage", "language")
LABEL = ("label", "statement", "topics", "audience")
COMMENT = ("body", "parent", "key")
SIGNUP = ("email", "handle", "password1", "birth_year")
REPORT = ("reason", "details", "key")


@settings(quickly, max_examples=100)
@given(data=filled(*NOTE, *PROFILE, *LABEL, *COMMENT, *SIGNUP, *REPORT, "keep_out", "shows_campus", "word"))
def test_every_form_takes_or_refuses(data: dict[str, str], alice: User) -> None:
    forms: list[Any] = [NoteForm(data), NoteForm(data, publishing=False), CommentForm(data), LabelForm(data)]
    for form in [
        *forms,
        ReportForm(data),
        PrivacyForm(data),
        MutedWordForm(data),
        ProfileForm(data, person=alice),
        SignupForm(data),
    ]:
        assert form.is_valid() is not bool(form.errors)
        assert all(str(error) for errors in form.errors.values() for error in errors)


@quickly
@given(words=filled(*NOTE), action=st.sampled_from(["publish", "draft", "\0"]))
def test_compose(words: dict[str, str], action: str, alice: User) -> None:
    before = Note.objects.count()
    response = post(signed_in(alice), "/notes/new/", words | {"action": action})
    answers(response, "compose", words, ("title", "body", "tags", "campus", "place", "partner"))
    assert Note.objects.count() <= before + (response.status_code == 303)


@quickly
@given(words=filled(*NOTE))
def test_edit(words: dict[str, str], alice: User) -> None:
    note = make_note(alice, "As it was", tags=["tea"])
    response = post(signed_in(alice), f"{note.get_absolute_url()}edit/", words)
    answers(response, "compose", words, ("title", "body", "tags", "campus", "place", "partner"))
    note.refresh_from_db()
    assert (note.title == "As it was") or response.status_code == 303


@quickly
@example(words={"body": "\r\n\r\nafter two empty lines", "parent": "x"})
@given(words=filled("body", "key", "parent"))
def test_comment(words: dict[str, str], alice: User) -> None:
    note = make_note(alice)
    path = f"{note.get_absolute_url()}comments/"
    response = post(signed_in(alice), path, words)
    if response.status_code != 404:  # an answer to a comment that is not there
        answers(response, path, words, ("body",))
    assert Comment.objects.filter(note=note).count() == (response.status_code == 303)


@quickly
@given(words=filled(*REPORT))
def test_report(words: dict[str, str], alice: User) -> None:
    before, path = Report.objects.count(), f"/report/?note={make_note(alice).pk}"
    response = post(signed_in(make_person()), path, words)
    answers(response, "", words, ("details",))
    assert Report.objects.count() == before + (response.status_code == 303)


@quickly
@given(words=filled(*LABEL))
def test_label(words: dict[str, str]) -> None:
    person = make_person()
    response = post(signed_in(person), "/settings/label/", words)
    answers(response, "", words, ("label", "statement", "topics"))
    assert Positioning.objects.filter(person=person).count() == (response.status_code == 303)


@quickly
@given(words=filled(*PROFILE))
def test_profile(words: dict[str, str]) -> None:
    person = make_person(bio="As it was")
    words = {"name": "Somebody", "handle": person.handle} | words
    response = post(signed_in(person), "/settings/profile/", words)
    answers(response, "", words, ("name", "handle", "bio", "campus", "city"))
    person.refresh_from_db()
    assert person.bio == "As it was" or response.status_code == 303


@quickly
@given(words=filled("word"))
def test_muted_words(words: dict[str, str]) -> None:
    """Whatever is taken is found again, in a note that says just that."""
    person = make_person()
    response = post(signed_in(person), "/settings/privacy/muted/words/", words)
    answers(response, "mute-word", words, ("word",))
    person.refresh_from_db()
    assert bool(person.muted_words) is (response.status_code == 303)
    for word in person.muted_words:
        note = make_note(make_person(), body=word, tags=[word[1:]] if word.startswith("#") else [])
        assert note.pk not in listed(signed_in(person).get("/?sort=latest"))


@quickly
@given(words=filled(*SIGNUP))
def test_signup(words: dict[str, str]) -> None:
    before = User.objects.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False, raising=False)
        response = post(Client(), "/accounts/signup/", words)
    answers(response, "/accounts/signup/", words, ("email", "handle"))
    assert User.objects.count() == before + (response.status_code == 302)


@quickly
@given(words=filled("login", "password"))
def test_signing_in(words: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False, raising=False)
        response = post(Client(), "/accounts/login/", words)
    answers(response, "/accounts/login/", words, ("login",))
    assert response.status_code == 422


@quickly
@given(words=brief)
def test_addresses(words: str, alice: User) -> None:
    """Anything may be typed into the address."""
    client = signed_in(alice)
    note = make_note(alice)
    paths = ["/", "/following/", "/@alice/", "/@alice/followers/", note.get_absolute_url()]
    for path in paths:
        odd = urlencode(
            dict.fromkeys(("after", "channel", "sort", "comments", "reply", "show", "thread"), words),
            errors="surrogatepass",
        )
        assert client.get(f"{path}?{odd}").status_code in {200, 400, 404}, path


@pytest.mark.parametrize("name", NOTE[:4])
def test_a_body_over_django_s_limit_is_too_large(name: str, alice: User) -> None:
    response = signed_in(alice).post("/notes/new/", {name: "x" * 3_000_000})
    assert response.status_code == 413
    assert "error-page__body" in response.text


# GET writes nothing: it shows a form, or is refused.

SAMPLES = {
    "handle": "bob",
    "token": "0" * 32,
    "role": "320",
    "extension": "jpg",
    "uidb36": "1",
    "key": "1-abc",
    "name": "0" * 32,
    "table": "topics",
    "version": "1",
    "note": "1",
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path as a pattern, and name, of all that is not admin's."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.name or ""
        elif not path.startswith("admin/"):
            yield from routes(entry, path)


def example(pattern: str, note: Note, comment: Comment) -> str:
    """An address of the pattern."""
    own = {"pk": str(comment.pk if pattern.startswith("comments/") else note.pk), "slug": "tea"} | SAMPLES
    own |= {"section": "notes", "number": "0"}
    pattern = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()])*\)", lambda found: own[found[1]], pattern)
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: own[found[1]], pattern)
    return "/" + re.sub(r"[\^$\\]", "", pattern)


class UndoneAtOnce(Exception):
    """Leaves a transaction undone."""


def test_get_writes_nothing_on_any_write_path(alice: User, bob: User) -> None:
    make_label(alice, "Window seats")
    note = make_note(alice, tags=["tea"])
    comment = make_comment(alice, note)
    client, written = signed_in(alice), 0
    for pattern, name in routes(get_resolver()):
        path = example(pattern, note, comment)
        with suppress(UndoneAtOnce), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")  # until the savepoint is undone
            response = client.get(path)
            response.getvalue()
            raise UndoneAtOnce
        assert response.status_code < 500, name
        writes = Client(enforce_csrf_checks=True).post(path).status_code == 403
        takes_post = "POST" in client.options(path).get("Allow", "POST")
        if not (writes and takes_post):
            continue
        written += 1
        is_form = response.status_code == 200 and 'method="post"' in response.text
        assert is_form or response.status_code in {302, 404, 405}, (name, response.status_code)
        if re.fullmatch("(note_)?(un)?(like|collect|follow)|(un)?mute|unblock", name):
            assert response.status_code == 405, name
    assert written > 20


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_what_is_anothers_is_not_there(alice: User, bob: User, mona: User, what: str) -> None:
    path = f"{make_note(alice, 'Mine').get_absolute_url()}{what}/"
    for person in (bob, mona):
        client = signed_in(person)
        assert client.get(path).status_code == 404
        assert client.post(path, {"title": "Yours"}).status_code == 404
    assert Note.objects.get().title == "Mine"


def test_a_form_sent_twice_is_as_sent_once(alice: User) -> None:
    note = make_note(alice)
    client = signed_in(alice)
    key = "0190f5a0-0000-7000-8000-000000000001"
    sent = [
        ("/notes/new/", {"title": "Once", "key": key, "action": "publish"}),
        (f"{note.get_absolute_url()}comments/", {"body": "Once", "key": key}),
        (f"/report/?note={make_note(make_person()).pk}", {"reason": "other", "key": key}),
        ("/settings/label/", {"label": "Once only", "topics": "tea"}),
        ("/settings/profile/", {"name": "Once", "handle": "alice", "campus": "Linhai University"}),
        ("/settings/privacy/", {"keep_out": "on"}),
        ("/settings/languages/", {"languages": "zh"}),
        ("/settings/time-zone/", {"time_zone": "Europe/Paris"}),
        ("/settings/privacy/muted/words/", {"word": "spoilers"}),
    ]
    for path, words in sent:
        first, second = client.post(path, words), client.post(path, words)
        assert (first.status_code, second.status_code) == (303, 303), path
        assert first["Location"] == second["Location"], path
    assert Note.objects.count() == 3
    assert Comment.objects.count() == Report.objects.count() == 1
    assert Positioning.objects.count() == 1

    new = {"email": "new@campus.test", "handle": "newcomer", "password1": PASSWORD, "birth_year": "2004"}
    assert Client().post("/accounts/signup/", new).status_code == 302
    assert Client().post("/accounts/signup/", new).status_code == 422
    assert User.objects.filter(handle="newcomer").count() == 1
