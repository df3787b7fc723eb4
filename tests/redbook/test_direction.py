"""People's words keep their direction: each stands in <bdi> or in an element with dir="auto"."""

from html.parser import HTMLParser

import pytest
from taggit.models import Tag

from notes.models import Comment, Note, Photo
from profiles.models import Campus, Label, Positioning, User
from redbook.forms import LineField, ProseField, TagsField
from tests.builders import signed_in
from tests.redbook.everything import Site, make_site

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


@pytest.mark.parametrize("field", [LineField(limit=5), ProseField(limit=5), TagsField(most=3)])
def test_fields_for_words_take_the_direction_of_what_is_typed(field: LineField) -> None:
    assert field.widget.attrs["dir"] == "auto"
