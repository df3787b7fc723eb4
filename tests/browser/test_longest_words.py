"""The longest value of each text field, as one word, on every page: no page gets wider than its screen."""

import pytest
from playwright.sync_api import Page
from taggit.models import Tag

from core.text import half_widths
from notes.explore.channel_actions import save_channel
from notes.forms import PARTNER_MAX
from notes.models import Channel, Comment, Note, NoteVersion, Photo
from notes.models.channel import NAME_MAX as CHANNEL_NAME_MAX
from notes.models.comment import COMMENT_MAX
from notes.models.note import BODY_MAX, PLACE_MAX, TITLE_MAX
from profiles.models import Campus, Label, Positioning, User
from profiles.models.campus import CITY_MAX
from profiles.models.campus import NAME_MAX as CAMPUS_NAME_MAX
from profiles.models.label import STATEMENT_MAX, WORDING_MAX
from profiles.models.user import BIO_MAX, MUTED_WORD_MAX, NAME_MAX
from tests.browser.conftest import LAPTOP, Visit, Watch
from tests.browser.measuring import ENLARGE, SIZES, WIDER
from tests.builders import make_note
from tests.redbook.full_site import Site, make_site

pytestmark = pytest.mark.django_db(transaction=True)

TAG_LENGTH = 30
WORDS = {"Latin": "W", "Chinese": "馨", "Arabic": "ض", "emoji": "👩‍👩‍👧‍👦"}


def longest(kind: str, most: int, column: int = 0) -> str:
    """As many as the field takes, of the widest sign of its kind, without a space."""
    return WORDS[kind] * (min(most, column // len(WORDS[kind])) if column else most)


def fill(kind: str) -> Site:
    site = make_site()
    bob = User.objects.get(handle="bob")
    make_note(bob, "", tags=["x"], photos=3, disclosure="paid", partner="x")
    User.objects.update(name=longest(kind, NAME_MAX, 240), bio=longest(kind, BIO_MAX, 640))
    Campus.objects.update(name=longest(kind, CAMPUS_NAME_MAX, 240), city=longest(kind, CITY_MAX, 160))
    wording = longest(kind, WORDING_MAX // half_widths(WORDS[kind]), 64)
    Label.objects.update(wording=wording)
    Positioning.objects.update(wording=wording, statement=longest(kind, STATEMENT_MAX, 560))
    Note.objects.update(
        title=longest(kind, TITLE_MAX, 160),
        place=longest(kind, PLACE_MAX, 160),
        body=longest(kind, BODY_MAX // 10),
    )
    Note.objects.exclude(partner="").update(partner=longest(kind, PARTNER_MAX, 160))
    NoteVersion.objects.update(
        title=longest(kind, TITLE_MAX, 160),
        place=longest(kind, PLACE_MAX, 160),
        campus=longest(kind, CAMPUS_NAME_MAX, 240),
        partner=longest(kind, PARTNER_MAX, 160),
        body=longest(kind, BODY_MAX // 10),
        tags=[longest(kind, TAG_LENGTH - 2, 90)],
    )
    Comment.objects.update(body=longest(kind, COMMENT_MAX // 4))
    Photo.objects.update(alt=longest(kind, 100))
    for number, tag in enumerate(Tag.objects.all()):
        Tag.objects.filter(pk=tag.pk).update(name=f"{longest(kind, TAG_LENGTH - 2, 90)}{number}")
    name = longest(kind, CHANNEL_NAME_MAX, 200)
    save_channel(channel=Channel(slug="x", en=name, zh=name), tags=Tag.objects.all()[:2])
    User.objects.filter(pk=site.author.pk).update(muted_words=[longest(kind, MUTED_WORD_MAX, 120)])
    return site


def walk(page: Page, paths: list[str]) -> list[str]:
    wrong = []
    for path in paths:
        page.goto(path)
        for share in ("100%", "200%"):
            page.evaluate(ENLARGE, share)
            for size in SIZES:
                page.set_viewport_size(size)
                wrong += [f"{path} {size['width']} at {share}: {each}" for each in page.evaluate(WIDER)]
    return wrong


@pytest.mark.parametrize("kind", ["Latin"])
def test_the_pages_with_most_words(visit: Visit, watch: Watch, kind: str) -> None:
    site = fill(kind)
    note = Note.objects.filter(author=site.author).exclude(partner="").get()
    paths = [note.get_absolute_url(), "/", "/@alice/", "/people/", "/notes/new/"]
    paths += [f"{note.get_absolute_url()}edit/", "/settings/requests/"]
    for found in (
        "",
        "&kind=people",
        "&kind=tags",
        "&kind=labels",
        f"&campus={site.author.campus.slug}&time=week",
    ):
        paths.append(f"/search/?q={WORDS[kind] * 30}{found}")
    paths += ["/search/", f"/search/?q={WORDS[kind] * 300}&photos=1&language=zh"]
    with watch.expecting(404):  # photos without files
        assert walk(visit(site.author, LAPTOP), paths) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", WORDS)
def test_every_page(visit: Visit, watch: Watch, kind: str) -> None:
    site = fill(kind)
    with watch.expecting(404):
        wrong = walk(visit(None, LAPTOP), site.open_pages)
        wrong += walk(visit(site.student, LAPTOP), site.student_pages)
        wrong += walk(visit(site.author, LAPTOP), site.author_pages)
    assert not wrong, "\n".join(wrong)
