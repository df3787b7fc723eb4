"""The Chinese translation is complete: every message translated, and no English left on a page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings as project
from django.test import Client

from redbook.management.commands.messages import CATALOGUE, collect
from tests.builders import PASSWORD, make_person, signed_in, upload
from tests.mailbox import arrived, link_in
from tests.redbook.full_site import Site, make_site

HAN = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif%]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
# The same in both languages, or a form of their own.
WITHOUT_HAN = {
    "E-mail",
    "Red Book",
    "%(day)d %(month)s",
    "%(day)s, %(time)s",
    "%(city)s (%(offset)s)",
    "%(time)s, %(zone)s",
    "English",
    "%(reached)s %(again)s",
    "%(said)s %(advice)s",
    "%(field)s: %(error)s",
    "“%(title)s”",
    "“%(word)s”",
    ", ",
}
# Latin words that a Chinese reader reads too: names, formats, handles.
LATIN = {
    "Esc",
    "Red",
    "Book",
    "alice",
    "bob",
    "newcomer",
    "closed",
    "English",
    "JPEG",
    "PNG",
    "UTC",
    *("WebP", "GIF", "HEIC", "AVIF"),
    "MB",
    "Cookie",
    "Shift",
    "Pexels",
    "CSV",
    "AI",
}
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "content"}
CHINESE = {"headers": {"Accept-Language": "zh-hans"}}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (project.BASE_DIR / CATALOGUE).open("rb") as file:
        return read_po(file, locale="zh_Hans")


def strings(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value or "",)


def messages(catalogue: Catalog) -> Iterator[tuple[Message, str, str]]:
    """Each message with the English it says and the Chinese for it (which has no plurals)."""
    for message in catalogue:
        if message.id:
            yield message, strings(message.id)[-1], strings(message.string)[0]


def test_every_message_is_translated(catalogue: Catalog) -> None:
    assert [english for message, english, chinese in messages(catalogue) if not chinese.strip()] == []
    assert [english for message, english, _ in messages(catalogue) if message.fuzzy] == []
    assert catalogue.num_plurals == 1


def test_the_catalogue_has_what_the_code_says() -> None:
    with (project.BASE_DIR / CATALOGUE).open("rb") as file:
        translated = {(message.context, message.id) for message in read_po(file) if message.id}
    said = {(message.context, message.id) for message in collect(project.BASE_DIR) if message.id}
    assert said - translated == set(), "run: make manage ARGS=messages"
    assert translated - said == set(), "run: make manage ARGS=messages"


def test_chinese_is_chinese(catalogue: Catalog) -> None:
    for _, english, chinese in messages(catalogue):
        if english not in WITHOUT_HAN:
            assert HAN.search(PLACEHOLDER.sub("", TAG.sub("", chinese))), english
        assert chinese != english or english in WITHOUT_HAN, english


def test_placeholders_and_markup_are_kept(catalogue: Catalog) -> None:
    for message, english, chinese in messages(catalogue):
        if "python-format" in message.flags or PLACEHOLDER.search(english):
            free = {"%(month)s", "%(number)d"} if "%(month)s" in english else set()  # Chinese counts months
            differ = set(PLACEHOLDER.findall(english)) ^ set(PLACEHOLDER.findall(chinese))
            assert differ <= free, english
        assert sorted(TAG.findall(english)) == sorted(TAG.findall(chinese)), english


def test_full_width_punctuation(catalogue: Catalog) -> None:
    for _, english, chinese in messages(catalogue):
        plain = PLACEHOLDER.sub("", TAG.sub("", chinese))
        assert not re.search(r"[\u3400-\u9fff][,;:!?.](?:\s|$|[\u3400-\u9fff])", plain), english
        assert "!" not in plain, english
        assert "！" not in plain, english


class Reader(HTMLParser):
    """What a person reads or hears of a page, without what is said to be in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag in {"script", "style", "svg"} or (at.get("lang", "zh-hans") != "zh-hans" and tag != "html"):
            self.silent.append(tag)
        if self.silent or tag == "meta":
            return
        spoken = [value for name, value in at.items() if name in SPOKEN or re.match("data-(?!hx-)", name)]
        self.heard += [value for value in spoken if HAN.search(value) or " " in value]
        self.heard += [at[name] for name in ("alt", "aria-label", "placeholder", "title") if name in at]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.heard.append(data)


def english_in(page: str) -> list[str]:
    """Words of Latin letters, but for those that belong there."""
    reader = Reader()
    reader.feed(page)
    text = re.sub(r"\S+@\S+|https?://\S+|[0-9a-f]{16,}", " ", "\n".join(reader.heard))
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in LATIN]


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> Site:
    settings.MEDIA_ROOT = tmp_path
    settings.MAIL_DIR = ""
    return make_site()


@pytest.mark.django_db
def test_no_page_has_english_left(site: Site) -> None:
    for person, paths in (
        (None, site.open_pages),
        (site.student, site.student_pages),
        (site.author, site.author_pages),
    ):
        client = signed_in(person)
        for path in paths:
            response = client.get(path, **CHINESE)
            if response.status_code in {301, 302}:
                response = client.get(response["Location"], **CHINESE)
            assert '<html lang="zh-hans"' in response.text, path
            assert english_in(response.text) == [], path


@pytest.mark.django_db
def test_no_refusal_has_english_left(site: Site) -> None:
    refused = [
        (None, "/accounts/login/", {"login": "没有", "password": ""}, 422),
        (None, "/accounts/login/", {"login": "a@campus.test", "password": "不对的密码"}, 422),
        (None, "/accounts/signup/", {}, 422),
        (
            None,
            "/accounts/signup/",
            {"email": "坏", "handle": "é", "password1": "12345", "birth_year": "x"},
            422,
        ),
        (
            None,
            "/accounts/signup/",
            {"email": site.author.email, "handle": "alice", "password1": "password"},
            422,
        ),
        (
            None,
            "/accounts/signup/",
            {"email": "a@b.test", "handle": "admin", "password1": "a@b.test12", "birth_year": "2025"},
            422,
        ),
        (None, "/accounts/password/reset/", {"email": "坏"}, 422),
        (
            site.author,
            "/settings/profile/",
            {"name": "", "handle": "x", "stage": "坏", "language": "坏"},
            422,
        ),
        (site.author, "/settings/profile/", {"name": "长" * 31, "handle": "bob", "bio": "\u200b"}, 422),
        (site.author, "/settings/privacy/", {"approves_followers": "on"}, 422),
        (site.author, "/settings/label/", {"label": "", "topics": "", "audience": "坏"}, 422),
        (site.author, "/settings/label/", {"label": "★★", "topics": "★,一,二,三,四,五,六"}, 422),
        (site.author, "/settings/label/", {"label": "又一个定位", "topics": "一"}, 303),
        (site.author, "/settings/label/", {"label": "第三个定位", "topics": "二"}, None),
        (site.author, "/notes/new/", {"title": "", "tags": "★", "body": "\0", "key": "坏"}, 422),
        (site.author, "/notes/new/", {"title": "长" * 41, "visibility": "坏", "disclosure": "坏"}, 422),
        (site.author, "/notes/new/", {"title": "", "action": "draft"}, 422),
        (site.author, "/notes/new/", {"title": "照片", "photos": upload("照片", b"text")}, 422),
        (site.student, "/notes/new/", {"title": "还没验证"}, 403),
        (site.student, site.author_pages[1] + "comments/", {"body": "还没验证"}, 403),
        (site.author, site.author_pages[1] + "comments/", {"body": ""}, 422),
        (site.author, "/accounts/password/change/", {"oldpassword": "不对", "password1": "短"}, 422),
        (site.student, site.student_pages[-1], {"reason": "", "details": "长" * 501}, 422),
        (site.student, site.student_pages[-1], {"reason": "坏"}, 422),
        (site.author, "/nowhere/", {}, 404),
    ]
    for person, path, words, status in refused:
        response = signed_in(person).post(path, words, **CHINESE)
        assert status in {None, response.status_code}, (path, words)
        assert english_in(response.text) == [], (path, words)


@pytest.mark.django_db
def test_what_is_said_on_the_way_and_by_mail_is_chinese(site: Site, client: Client) -> None:
    client.cookies["language"] = "zh-hans"
    new = {"email": "lin@campus.test", "handle": "bob2", "password1": PASSWORD, "birth_year": "2004"}
    response = client.post("/accounts/signup/", new, follow=True)
    assert english_in(response.text.replace("bob2", "")) == []
    (message,) = arrived()
    link, mails = link_in(message.body), [message]
    for page in (client.get(link, follow=True), client.post(link, follow=True)):
        assert english_in(page.text.replace("bob2", "")) == []
    asked = client.post("/accounts/email/", {"action_add": "", "email": "neu@campus.test"})["Location"]
    client.post(asked, {"password": PASSWORD, "next": "/accounts/email/"})
    mails += arrived()
    client.post(next(link_in(each.body) for each in mails if each.to == ["neu@campus.test"]))
    mails += arrived()
    back = link_in(mails[-1].body)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "又一个很长很长的密码"})
    client.post("/accounts/logout/")
    client.post("/accounts/password/reset/", {"email": "neu@campus.test"})
    mails += arrived()
    assert english_in(client.get(back).text.replace("bob2", "")) == []
    assert len(mails) == 6
    for message in mails:
        assert english_in(f"{message.subject}\n{message.body}".replace("bob2", "")) == [], message.body


@pytest.mark.django_db
def test_the_persons_own_language_comes_with_them() -> None:
    make_person("alice", language="zh-hans")
    client = Client()
    client.post("/accounts/login/", {"login": "alice@campus.test", "password": PASSWORD})
    assert '<html lang="zh-hans"' in client.get("/", headers={"Accept-Language": "en"}).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-hans"),
        ("zh-HK", "zh-hans"),
        ("zh-Hant-TW,en;q=0.5", "zh-hans"),
        ("zh-MO,zh-TW;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-SG,en;q=0.9", "zh-hans"),
        ("en-HK,en;q=0.9,zh-HK;q=0.8", "en"),
        ("en;q=0.8,zh-TW;q=0.9", "zh-hans"),
        ("ja,en;q=0.9,zh-TW;q=0.8", "en"),
        ("ja,ko", "en"),
    ],
)
def test_any_chinese_before_english_is_chinese(asked: str, given: str) -> None:
    page = Client().get("/about/", headers={"Accept-Language": asked})
    assert f'<html lang="{given}"' in page.text
    chosen = Client()
    chosen.post("/language/", {"language": "en"})
    assert '<html lang="en"' in chosen.get("/about/", headers={"Accept-Language": asked}).text
