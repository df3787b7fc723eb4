"""Typed text keeps its direction: it is always inside <bdi> or an element with dir="auto"."""

from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from taggit.models import Tag

from core.forms import LineField, ProseField, TagsField
from core.models import ParkedForm
from notes.models import Comment, Note, Photo
from profiles.models import Campus, Label, Positioning, User
from tests.builders import make_note, make_person, signed_in, upload
from tests.redbook.full_site import Site, make_site

WORD = "شاي"  # in all that people say; the pages' own words have no Arabic letter
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "use", "path"}
# Plain text to a browser, or read out rather than shown.
PLAIN = {"title", "option", "script", "style", "template"}
# In the admin a rule of our stylesheet does it for these and what is in them.
ADMIN = {"td", "th", "h2", "li", "div.readonly"}
ISOLATES = ("\u2068", "\u2069")


class Loose(HTMLParser):
    """Collects what stands where the page's direction would hold it."""

    def __init__(self, html: str, *, is_admin: bool) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.is_admin = is_admin
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        is_plain = tag in PLAIN or "vh" in (at.get("class") or "").split()
        keeps = self.is_admin and bool({tag, f"{tag}.{at.get('class')}"} & ADMIN)
        keeps = keeps or tag == "bdi" or at.get("dir") == "auto" or is_plain
        if (
            tag in {"input", "textarea"}
            and WORD in (at.get("value") or "")
            and at.get("type", "text") in {"text", "search"}
        ):
            self.found += [] if keeps else [f"<{tag} name={at.get('name')}>"]
        if tag not in VOID:
            self.open.append((tag, keeps or bool(self.open and self.open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _keeps in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if WORD in data and not (self.open and self.open[-1][1]):
            left = data
            while ISOLATES[0] in left:
                left = left.partition(ISOLATES[0])[0] + left.partition(ISOLATES[1])[2]
            if WORD in left:
                self.found.append(
                    f"{' '.join(data.split())[:60]} in {' '.join(name for name, _ in self.open[-3:])}"
                )


@pytest.fixture
def arabic(db: None) -> Site:
    site = make_site()
    User.objects.update(name=f"{WORD}!", bio=f"{WORD} bio.")
    Campus.objects.update(name=f"{WORD} campus", city=f"{WORD} city")
    Label.objects.update(wording=f"{WORD} label")
    Positioning.objects.update(wording=f"{WORD} label", statement=f"{WORD}.")
    Note.objects.update(title=f"{WORD} C++", place=f"{WORD} place", body=f"{WORD}.\n\nOne #{WORD}.")
    Note.objects.exclude(partner="").update(partner=f"{WORD} brand")
    Comment.objects.update(body=f"{WORD}.")
    Photo.objects.update(alt=f"{WORD} alt")
    for tag in Tag.objects.all():
        Tag.objects.filter(pk=tag.pk).update(name=f"{WORD}{tag.pk}")
    User.objects.filter(pk=site.author.pk).update(muted_words=[WORD])
    site.author.refresh_from_db()
    return site


def test_every_page_isolates_people_s_words(arabic: Site, mona: User) -> None:
    User.objects.filter(pk=mona.pk).update(name=f"{WORD} mona")
    note, comment = Note.objects.live().first(), Comment.objects.first()
    admin = ["", "profiles/user/", "notes/note/", "notes/comment/", "profiles/campus/", "profiles/label/"]
    admin += [
        f"notes/note/{note.pk}/hide/",
        f"notes/note/{note.pk}/change/",
        f"notes/comment/{comment.pk}/change/",
    ]
    walks = [
        (None, arabic.open_pages),
        (arabic.student, arabic.student_pages),
        (arabic.author, arabic.author_pages),
        (mona, [f"/admin/{path}" for path in admin]),
    ]
    found, seen = set(), 0
    for person, paths in walks:
        client = signed_in(person)
        for path in paths:
            html = client.get(path, follow=True).content.decode()
            seen += WORD in html
            found |= {
                (loose, path if "admin" in path else "")
                for loose in Loose(html, is_admin="admin" in path).found
            }
    assert not found, "\n".join(map(str, sorted(found)))
    assert seen > 40


def test_sentences_isolate_what_they_quote(alice: User, mona: User, settings: Any) -> None:
    """Words within a sentence of ours: in messages, refusals, and pages that give a form's words back."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    other = make_person("other", name=f"{WORD}!")
    client, page = signed_in(alice), "/settings/privacy/muted/"
    quoting = [
        client.post(path, {"word": f"{WORD}!", "next": page}, follow=True)
        for path in (
            "/@other/mute/",
            "/@other/mute/delete/",
            "/@other/block/",
            "/@other/block/delete/",
            "/settings/privacy/muted/words/",
            "/settings/privacy/muted/words/delete/",
        )
    ]
    note = {"title": "t", "tags": f"{WORD * 20}", "body": f"{WORD}\x07", "action": "publish"}
    quoting.append(client.post("/notes/new/", note | {"photos": [upload(f"{WORD}.jpg", b"no")]}))
    file = {"photos": upload(f"{WORD}.jpg", b"no"), "key": uuid4(), "note": uuid4(), "place": 0}
    quoting.append(client.post("/uploads/", file))
    address = f"lin@{WORD}.test"
    quoting.append(Client().post("/accounts/password/reset/", {"email": f"{WORD}@campus.test"}))
    newcomer = signed_in(make_person("newcomer", verified=False))
    quoting.append(newcomer.post("/accounts/email/", {"action_add": "", "email": address}, follow=True))
    gone = f"/notes/{make_note(other).pk + 999}/edit/"
    quoting.append(client.post(gone, {"body": WORD, "photos": [upload(f"{WORD}.jpg")]}))
    Session.objects.all().delete()
    answer = client.post("/settings/profile/", {"name": "A", "avatar": upload(f"{WORD}.jpg")})
    client.force_login(alice)
    name = ParkedForm.objects.get().name
    assert name in answer["Location"]
    quoting.append(client.get(f"/settings/profile/?words={name}"))
    for answer in quoting:
        assert WORD in answer.text, answer.request["PATH_INFO"]
        assert not Loose(answer.text, is_admin=False).found, answer.request["PATH_INFO"]


@pytest.mark.parametrize("field", [LineField(limit=5), ProseField(limit=5), TagsField(most=3)])
def test_fields_for_words_take_the_direction_of_what_is_typed(field: LineField) -> None:
    assert field.widget.attrs["dir"] == "auto"
