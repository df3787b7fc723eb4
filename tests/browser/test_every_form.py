"""Every form of the URLconf in Chromium, with and without scripts, through each state in which its words could be lost:
refused, no connection, storage away, signed out, another window, a stale token, Back.

The real answers are fetched for the browser from Django itself, in the state that is tried; tests/redbook/
test_words_of_every_form.py asserts on them.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error, Locator, Page, Route

from core.backoff import Waiting
from core.limits import TooMany
from insights.models import Word
from notes.collections.actions import sort_save
from notes.models import Channel, Collection, Note, Series
from notes.models.tags import TagState
from profiles.models import Campus, Positioning, User
from tests.browser.conftest import PHONE, Visit, Watch
from tests.builders import PASSWORD, make_label, picture
from tests.redbook.test_words_of_every_form import (
    CASES,
    LIMITED,
    STORED,
    WITH_FILES,
    WORDS,
    make_world,
    sound,
)
from tests.servers import WebServer, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

BUTTONS = {
    "note_new": "Publish",
    "note_edit": "Save changes",
    "note_series": "Save",
    "series_new": "Continue",
    "series_edit": "Save name",
    "comments": "Send",
    "comment_edit": "Save changes",
    "report": "Send report",
    "appeal": "Send appeal",
    "appeal_by_key": "Send appeal",
    "collection_new": "Create collection",
    "collection_edit": "Save changes",
    "settings_profile": "Save profile",
    "welcome_profile": "Save and continue",
    "settings_label": "Save label",
    "settings_privacy": "Save privacy",
    "word_mute": "Mute",
    "account_login": "Sign in",
    "account_signup": "Create account",
    "account_reset_password": "Send the link",
    "moderation_appeal_decide": "Decide",
    "moderation_report_close": "Close report",
    "case": "Decide",
    "profiles_user_suspend": "Suspend",
}
BUTTONS |= dict.fromkeys(
    [
        "profiles_label_hide",
        "notes_note_hide",
        "notes_comment_hide",
        "notes_series_hide",
        "notes_collection_hide",
    ],
    "Hide",
)
STAY = {"note_new", "note_edit"}  # with scripts their page stays, whatever is answered
SENT = {
    "comments"
}  # with scripts their page stays where nothing is answered, and a fresh token is taken over
# What another window stores meanwhile; the forms of STORED.
ELSEWHERE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "note_edit": lambda world: Note.objects.filter(pk=world["note"]).update(title="In another window"),
    "series_edit": lambda world: Series.objects.filter(pk=world["series"]).update(name="In another window"),
    "collection_edit": lambda world: Collection.objects.update(description="In another window"),
    "note_collections": lambda world: sort_save(
        person=User.objects.get(handle="alice"),
        note=Note.objects.get(pk=world["other"]),
        add=[],
        remove=[],
        remark="In another window",
    ),
    "settings_profile": lambda world: User.objects.filter(handle="alice").update(bio="In another window"),
    "welcome_profile": lambda world: User.objects.filter(handle="alice").update(name="In another window"),
    "settings_label": lambda world: Positioning.objects.filter(person__handle="alice").update(
        statement="New"
    ),
    "settings_privacy": lambda world: User.objects.filter(handle="alice").update(shows_campus=False),
    "profiles_campus_change": lambda world: Campus.objects.filter(pk=world["campus"]).update(city="New"),
    "taggit_tag_change": lambda world: TagState.objects.create(tag_id=world["tag"], is_hidden=True),
    "insights_word_change": lambda world: Word.objects.filter(pk=world["word"]).update(zh="另一个"),
    "notes_channel_change": lambda world: Channel.objects.filter(pk=world["channel"]).update(zh="另一个"),
    "auth_group_change": lambda world: Group.objects.filter(pk=world["group"]).update(name="New"),
}
SOME = {True: ["settings_profile"], False: ["comments"]}  # all others in test_every_form


class Walk:
    """A form on its page in a browser."""

    def __init__(self, page: Page, name: str, world: dict[str, Any], *, has_scripts: bool) -> None:
        self.page, self.name, self.world, self.case = page, name, world, sound(name)
        self.stays = has_scripts and name in STAY
        self.is_sent = has_scripts and name in SENT
        self.path = self.case.path.format(**world)
        self.typed = dict(self.case.typed)

    @property
    def form(self) -> Locator:
        return self.page.locator(f"form:has([name='{next(iter(self.typed))}'])").first

    def open(self) -> None:
        self.page.goto((self.case.page or self.case.path).format(**self.world))
        self.type()

    def type(self) -> None:
        for name, value in self.typed.items():
            field = self.form.locator(f"[name='{name}']")
            kind = field.first.get_attribute("type")
            if kind == "radio":
                self.form.locator(f"[name='{name}'][value='{value}']").check(force=True)
            elif kind == "checkbox":
                field.check(force=True)
            else:
                field.fill(value)

    def holds(self, state: str) -> None:
        """What was typed is in the form that is shown."""
        data = "(form) => [...new FormData(form)].filter(([, value]) => typeof value === 'string')"
        said = self.form.evaluate(data)
        lines = [[name, value.replace("\r\n", "\n")] for name, value in said]
        lost = [name for name, value in self.typed.items() if [name, value] not in lines]
        assert not lost, f"{self.name}, {state}: {lost} of {self.typed} lost; there is {lines}"

    def send(self) -> int:
        """Press its button; what it was answered with, 0 without an answer."""
        for secret in self.form.locator("[type=password]").all():
            secret.fill(PASSWORD)
        name = BUTTONS.get(self.name, "Save")
        again = self.form.get_by_role("button", name="Send it again")
        button = again if again.count() else self.form.get_by_role("button", name=name, exact=True)
        if not self.stays:
            before = self.page.evaluate("performance.timeOrigin")
            with self.page.expect_response(self._answers) as sent:
                button.click()
            # A comment's answer is another place of this page, and then the page anew: the place alone is no new page.
            deadline = time.monotonic() + 15
            while not self._is_loaded_since(before):
                assert time.monotonic() < deadline, f"{self.name}: no page follows"
                self.page.wait_for_timeout(20)
            return sent.value.status
        with self.page.expect_response(self._answers) as sent:
            button.click()
        if sent.value.status == 303:
            self.page.wait_for_url(re.compile(r"/notes/\d+/$"))
        self.page.locator("form[data-then], form[aria-busy=true]").wait_for(state="detached")
        return sent.value.status

    def _is_loaded_since(self, before: float) -> bool:
        try:
            return bool(
                self.page.evaluate(
                    "before => performance.timeOrigin !== before && document.readyState === 'complete'",
                    before,
                )
            )
        except Error:  # between two pages
            return False

    def _sends(self, request: Any) -> bool:
        return request.method == "POST" and urlsplit(request.url).path == self.path.partition("?")[0]

    def _answers(self, response: Any) -> bool:
        return self._sends(response.request)

    @contextmanager
    def answering(self, answer: Callable[[Route], None]) -> Iterator[None]:
        """Within, what this form sends is answered so."""

        def only_what_is_sent(route: Route) -> None:
            if self._sends(route.request):
                answer(route)
            else:
                route.fallback()

        self.page.route("**/*", only_what_is_sent)
        try:
            yield
        finally:
            self.page.unroute("**/*", only_what_is_sent)

    def meets(self, state: str, answer: Callable[[Route], None], status: int) -> None:
        """Send it, and be answered so: the words are there, at the latest after Back."""
        with self.answering(answer):
            assert self.send() == status, f"{self.name}, {state}"
        if not self.stays:
            if status != 413:
                self.holds(f"{state}: on the page")
            self.page.go_back()
        self.holds(state)

    def loses_connection(self) -> None:
        for secret in self.form.locator("[type=password]").all():
            secret.fill(PASSWORD)
        button = self.form.get_by_role("button", name=BUTTONS.get(self.name, "Save"), exact=True)
        with self.answering(lambda route: route.abort("internetdisconnected")):
            with self.page.expect_event("requestfailed", self._sends):
                button.click()
            if self.is_sent:
                self.form.get_by_text("You're offline. Your text stays here.").wait_for()
            elif not self.stays:
                self.page.wait_for_url(lambda url: url.startswith("chrome-error:"), wait_until="load")
                # The page that is left hands over what was typed as it goes, at times after the other is there.
                self.page.wait_for_timeout(500)
        if not (self.stays or self.is_sent):
            self.page.go_back()
        self.holds("without a connection")


def answered(route: Route, *, body: bytes | None = None) -> None:
    """As Django answers in this process, whatever was patched in it."""
    request = route.request
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for cookie in request.frame.page.context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    headers = {"Sec-Fetch-Site": "same-origin"}
    if "x-requested-with" in request.headers:
        headers["X-Requested-With"] = "fetch"
    address = urlsplit(request.url)
    answer = client.generic(
        "POST",
        f"{address.path}?{address.query}",
        request.post_data_buffer or b"" if body is None else body,
        content_type=request.headers["content-type"] if body is None else "application/x-www-form-urlencoded",
        headers=headers,
    )
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)


def full(route: Route) -> None:
    """Every limit is reached."""
    until = timezone.now() + timedelta(minutes=10)

    def waiting(*args: Any, **kwargs: Any) -> None:
        raise Waiting(until)

    def refused(*args: Any, **kwargs: Any) -> None:
        raise TooMany(until, "Full.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "LIMITS_ON", True)
        for where in ("charge", "check"):
            patch.setattr(f"people.signin_limits.{where}", waiting)
        patch.setattr("core.limits._spend", refused)
        answered(route)


def closed(route: Route) -> None:
    """The database is away."""

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("Gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.sessions.SessionStore.load", away)
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
        answered(route)


def heavy(route: Route) -> None:
    answered(route, body=b"body=" + b"x" * 300_000)


@contextmanager
def storage_away() -> Iterator[None]:
    """Where photos are kept there is a file that is no folder."""
    media = Path(settings.MEDIA_ROOT)
    aside = media.with_name("media-aside")
    if media.exists():
        media.rename(aside)
    media.touch()
    try:
        yield
    finally:
        media.unlink()
        if aside.exists():
            aside.rename(media)


def refusals(walk: Walk) -> None:
    walk.open()
    walk.loses_connection()
    if walk.name in LIMITED:
        walk.meets("a limit", full, 429)
    walk.meets("the database away", closed, 503)
    walk.meets("too much text", heavy, 413)


def without_storage(walk: Walk, photo: Path) -> None:
    """A form with a photo, sent whole; with scripts, photos of a note go up by themselves, and wait."""
    if walk.stays:
        return
    walk.form.locator(f"[name={WITH_FILES[walk.name]}]").set_input_files(photo)
    with storage_away():
        assert walk.send() == 503
    walk.holds("storage away: on the page")
    walk.page.go_back()
    walk.holds("storage away")
    walk.form.locator(f"[name={WITH_FILES[walk.name]}]").set_input_files([])


def ended_session(walk: Walk, person: User, server: WebServer) -> None:
    Session.objects.all().delete()
    status = walk.send()
    onward = parse_qs(urlsplit(walk.page.url).query).get("next", [""])[0]
    sign_in(walk.page.context, person, server)
    if walk.stays:
        assert status == 401
    else:
        assert status == (401 if walk.is_sent else 302), walk.name
        walk.page.goto(onward)
        assert walk.page.get_by_text("What you wrote is still here: check").is_visible(), walk.name
    walk.holds("signed in again")


def another_window(walk: Walk) -> None:
    ELSEWHERE[walk.name](walk.world)
    assert walk.send() == 409, walk.name
    assert walk.page.get_by_text("nother window").first.is_visible(), walk.name
    walk.holds("another window")


def stale_token(walk: Walk) -> None:
    """Once the browser has another one, a script sends again by itself; else the form is back, to be sent again."""
    walk.page.context.clear_cookies(name="csrftoken")
    assert walk.send() == 403, walk.name
    if walk.stays or walk.is_sent:
        walk.page.wait_for_url(re.compile(r"/notes/\d+/(\?comment=\d+#comment-\d+)?$"))
    else:
        assert walk.page.get_by_text("This page was open for a while.").is_visible()
        walk.holds("a stale token")
        assert walk.send() in {302, 303}, walk.name


def back(walk: Walk) -> None:
    """Once sent, Back and other words: a second one is stored, or the form is back with them."""
    walk.page.goto((walk.case.page or walk.case.path).format(**walk.world))
    for words in ("Some other words", "Words for the third time"):
        walk.typed = {name: value.replace(WORDS, words) for name, value in walk.case.typed.items()}
        if not walk.form.count():
            return  # nothing is there any more to write about
        walk.type()
        if walk.send() not in {204, 302, 303}:
            walk.holds("sent after Back")
        walk.page.go_back()


def every_state(walk: Walk, person: User | None, server: WebServer, photo: Path) -> None:
    refusals(walk)
    if walk.name in WITH_FILES:
        without_storage(walk, photo)
    if person is None:
        return
    ended_session(walk, person, server)
    if walk.name in STORED:
        another_window(walk)
    stale_token(walk)
    back(walk)


def walk_through(
    visit: Visit, watch: Watch, server: WebServer, photo: Path, names: list[str], has_scripts: bool
) -> None:
    """Take each form through every state, and fail at the end with all that went wrong: a form that fails is left, and
    the next one begins in a new browser.
    """
    people = {person.handle: person for person in User.objects.all()}
    make_label(people["alice"], "Window seats", topics=["tea"], statement="Before")
    world = make_world(people["alice"], people["bob"])
    people["root"] = User.objects.get(handle="root")
    pages: dict[str, Page] = {}
    failures: list[Exception] = []
    with watch.expecting(401, 403, 409, 413, 422, 429, 503), watch.without_connection():
        for name in names:
            who = CASES[name].who
            if who not in pages:
                pages[who] = visit(people.get(who), PHONE, java_script_enabled=has_scripts)
            walk = Walk(pages[who], name, world, has_scripts=has_scripts)
            try:
                every_state(walk, people.get(who), server, photo)
                assert watch.found == []
            except (AssertionError, Error) as error:
                error.add_note(f"In the form {name}, at {pages[who].url}; complaints: {watch.found}")
                failures.append(error)
                watch.found.clear()
                del pages[who]
    if failures:
        raise ExceptionGroup("Forms that failed", failures)


@pytest.fixture(autouse=True)
def words_as_before(transactional_db: None) -> Iterator[None]:
    """The words that moderators offer are there from the beginning, and are not emptied after a test."""
    words = list(Word.objects.all())
    yield
    Word.objects.all().delete()
    Word.objects.bulk_create(words)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "window.jpg").write_bytes(picture())
    return tmp_path / "window.jpg"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_some_forms(
    visit: Visit,
    watch: Watch,
    web_server: WebServer,
    alice: User,
    bob: User,
    mona: User,
    photo: Path,
    has_scripts: bool,
) -> None:
    walk_through(visit, watch, web_server, photo, SOME[has_scripts], has_scripts)


@pytest.mark.long
@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_every_form(
    visit: Visit,
    watch: Watch,
    web_server: WebServer,
    alice: User,
    bob: User,
    mona: User,
    photo: Path,
    has_scripts: bool,
) -> None:
    walk_through(visit, watch, web_server, photo, [*CASES], has_scripts)
