"""Right-to-left text and stacked marks wherever typed text is shown: what only a browser can measure."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page
from taggit.models import Tag

from moderation.models import Report
from notes.models import Comment, Note
from profiles.models import Campus, Label, Positioning, User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.builders import make_campus, make_comment, make_note, make_person
from tests.redbook.full_site import Site, make_site

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "شاي"
PILED = f"{WORD}{chr(0x64E) * 9} e{chr(0x301) * 20}q{chr(0x323) * 20}"
# Each text that is piled up, and where it may be painted: in the box of the nearest element that clips, else in its
# own, with the margin that a clip leaves, so that an accent over a capital has room.
SPECK = 2  # px: a dot that Chromium draws anew between two pictures; piled marks are higher
# From the top: a page that leads to a comment scrolls there, and a sticky bar would be painted elsewhere than measured.
ROOM = """() => {
    scrollTo({ top: 0, behavior: "instant" });
    const style = (node) => getComputedStyle(node);
    const clips = (node) => /clip|hidden/.test(style(node).overflowY) && style(node).display !== "inline";
    const unseen = "textarea, script, template, option, title";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [], texts = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!/\\p{M}{10}/u.test(text.data) || text.parentElement.closest(unseen)) continue;
        texts.push(text);
        const range = document.createRange();
        range.selectNodeContents(text);
        let box = text.parentElement;
        while (box && !clips(box)) box = box.parentElement;
        const { left, top, right, bottom } = (box ?? range).getBoundingClientRect();
        const size = parseFloat(style(box ?? text.parentElement).fontSize);
        const room = box && style(box).overflowY === "hidden" ? 1 : 2 + 0.3 * size;
        const edges = [left - room, top - room, right + room, bottom + room];
        const there = edges.map((edge, n) => edge + (n % 2 ? scrollY : scrollX));
        boxes.push([...there, text.parentElement.outerHTML.slice(0, 120)]);
    }
    window.piled = texts;
    return boxes;
}"""
WITHOUT = (
    "() => window.piled.forEach((text) => { text.data = text.data.replace(/(\\p{M})\\p{M}{9,}/gu, '$1') })"
)
# Single lines, and lines at whose end a title is cut, that do not end where their words do.
CUT_AT_THE_START = """() => [...document.querySelectorAll("body *")].filter((element) => {
    const style = getComputedStyle(element);
    const isOneLine = style.textOverflow === "ellipsis" && style.whiteSpace !== "normal";
    const isCut = isOneLine || style.webkitLineClamp !== "none";
    const words = element.textContent.trim();
    return isCut && element.offsetWidth && /^[\\u0600-\\u06FF]/.test(words) && style.direction !== "rtl";
}).map((element) => element.outerHTML.slice(0, 160))"""


# How often a full stop is drawn behind a word from the right, and where it is drawn before it.
STOPS = f"""() => {{
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), wrong = [];
    let seen = 0;
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {{
        const at = text.data.indexOf("{WORD}.");
        if (at < 0 || text.parentElement.closest("textarea, script, template, option, title")) continue;
        const left = (from, to) => {{
            const range = document.createRange();
            range.setStart(text, from);
            range.setEnd(text, to);
            return range.getBoundingClientRect().left;
        }};
        seen += 1;
        const stop = at + {len(WORD)};
        if (left(stop, stop + 1) >= left(at, stop)) wrong.push(text.parentElement.outerHTML.slice(0, 160));
    }}
    return [seen, wrong];
}}"""


@pytest.fixture
def site(mona: User) -> Site:
    """On every page, in every place where people's words stand, words from the right with piled marks."""
    site = make_site()
    make_note(User.objects.get(handle="bob"), "", tags=["x"], photos=1, disclosure="paid", partner="x")
    User.objects.update(name=f"{PILED}", bio=f"{PILED} bio.")
    Campus.objects.update(name=f"{PILED} campus", city=f"{PILED} city")
    Label.objects.update(wording=PILED)
    Positioning.objects.update(wording=PILED, statement=f"{PILED}.")
    Note.objects.update(title=f"{PILED} title", place=f"{PILED} place", body=f"{PILED}.\n\nOne {PILED} two.")
    Note.objects.exclude(partner="").update(partner=f"{PILED} brand")
    Comment.objects.update(body=f"{PILED}.")
    for tag in Tag.objects.all():
        Tag.objects.filter(pk=tag.pk).update(name=f"{PILED}{tag.pk}")
    User.objects.filter(pk=site.author.pk).update(muted_words=[PILED])
    comment = Comment.objects.earliest("pk")
    Report.objects.create(
        reporter=site.student, comment=comment, note=comment.note, reason="other", details=PILED
    )
    return site


def painted_over(page: Page) -> list[str]:
    """What piled marks change outside of the boxes that they may be painted in."""
    page.evaluate("() => document.querySelectorAll('img').forEach((image) => { image.loading = 'eager' })")
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    boxes = page.evaluate(ROOM)
    piled = _picture(page)
    page.evaluate(WITHOUT)
    difference = (
        ImageChops.difference(piled, _picture(page)).convert("L").point(lambda value: 255 * (value > 24))
    )
    for left, top, right, bottom, _html in boxes:
        room = (int(left), int(top), int(right) + 1, int(bottom) + 1)
        difference.paste(0, tuple(max(0, edge) for edge in room))
    over = difference.getbbox()
    if over and max(over[2] - over[0], over[3] - over[1]) <= SPECK:
        return []
    return [f"{over} is painted over on {page.url}: {nearest(boxes, over)}"] if over else []


def nearest(boxes: list[Any], place: tuple[int, int, int, int]) -> str:
    return str(min(boxes, key=lambda box: abs(box[1] - place[1]) + abs(box[0] - place[0]))[4])


def _picture(page: Page) -> Image.Image:
    shown = page.screenshot(full_page=True, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(shown)).convert("RGB")


def admin_pages() -> list[str]:
    comment, report = Comment.objects.earliest("pk"), Report.objects.earliest("pk")
    pages = ["", "profiles/user/", "notes/note/", "notes/comment/", "profiles/campus/", "profiles/label/"]
    pages += [
        "moderation/report/",
        f"moderation/report/{report.pk}/change/",
        f"moderation/report/{report.pk}/close/",
    ]
    pages += [f"notes/comment/{comment.pk}/change/", f"notes/note/{comment.note_id}/change/"]
    return [f"/admin/{page}" for page in pages]


def walk(visit: Visit, watch: Watch, person: User | None, paths: list[str], *sizes: Any) -> None:
    found: list[str] = []
    page = visit(person, sizes[0])
    with watch.expecting(404):  # photos without files
        for path in paths:
            page.goto(path)
            for size in sizes:
                page.set_viewport_size(size)
                found += [f"{path} {size['width']}: {each}" for each in page.evaluate(CUT_AT_THE_START)]
            found += painted_over(page)
    assert not found, "\n".join(found)


def test_the_pages_with_most_words(visit: Visit, watch: Watch, site: Site, mona: User) -> None:
    note = Note.objects.get(place__startswith=WORD, partner__startswith=WORD, author=site.author)
    own = [note.get_absolute_url(), "/@alice/", "/", "/people/", "/settings/privacy/muted/"]
    walk(visit, watch, site.author, own, LAPTOP, PHONE)
    walk(visit, watch, mona, admin_pages()[-5:-3], LAPTOP)


def test_moderators_read_words_from_their_own_side(visit: Visit, watch: Watch, mona: User) -> None:
    """In lists, on the pages of rows and in their paths: the full stop stands at the end of the words, on the left."""
    author = make_person("author", name=f"{WORD}.", bio=f"{WORD}.")
    note = make_note(author, f"{WORD}.", body=f"{WORD}.", campus=make_campus(f"{WORD}.", f"{WORD}."))
    comment = make_comment(author, note, f"{WORD}.")
    reporter = make_person("reporter")
    Report.objects.create(reporter=reporter, comment=comment, note=note, reason="other", details=f"{WORD}.")
    page, all_seen = visit(mona, LAPTOP), 0
    for path in admin_pages()[1:]:
        page.goto(path)
        seen, wrong = page.evaluate(STOPS)
        assert not wrong, (path, wrong)
        all_seen += seen
    assert all_seen > 10


@pytest.mark.long
def test_every_page(visit: Visit, watch: Watch, site: Site, mona: User) -> None:
    walk(visit, watch, None, site.open_pages, LAPTOP, PHONE)
    walk(visit, watch, site.student, site.student_pages, LAPTOP, PHONE)
    walk(visit, watch, site.author, site.author_pages, LAPTOP, PHONE)
    walk(visit, watch, mona, admin_pages(), LAPTOP)
