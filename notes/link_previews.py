"""Link previews of notes for chats and other sites. Only public notes have one."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from taggit.models import Tag

from core.link_previews import HEIGHT, WIDTH, Picture, Preview, plain, site_picture
from imaging import sizes
from notes.models import Channel, Note, Photo
from notes.photos.text_picture import can_letter, title_image_name

DESCRIPTION_MAX, ALT_MAX = 200, 420  # characters; X shows no more of a picture's description
NARROWEST = 300  # pixels of a picture that WhatsApp and WeChat still show


def preview_of(note: Note, photos: list[Photo]) -> Preview | None:
    """Return the preview of a note; None unless it is public. `photos` are the note's; needs the author."""
    if not (note.is_open and note.author.is_active):
        return None
    return Preview(note.title, _description(note), note.get_absolute_url(), _picture(note, photos), "article")


def _description(note: Note) -> str:
    """Return the disclosure and how the note was made, followed by the start of the body, or the author."""
    story = " ".join(note.body.split()) or _("A note by %(name)s") % {"name": note.author.name}
    said = " · ".join(filter(None, [note.disclosed, note.origin_told, story]))
    return Truncator(said).chars(DESCRIPTION_MAX)


def list_preview(name: str, says: str, address: str, notes: Iterable[Note]) -> Preview:
    """Return the preview of a list of notes that everybody may open, as on cards: with the first cover that is wide
    enough.
    """
    pictures = (_cover(note, note.cover) for note in notes)
    picture = next((each for each in pictures if each), None) or site_picture()
    return Preview(name, Truncator(says).chars(DESCRIPTION_MAX), address, picture)


def _picture(note: Note, photos: list[Photo]) -> Picture:
    """Return the cropped cover; if none is wide enough, the drawn title."""
    cover = next((photo for photo in photos if photo.pk == note.cover_id), None)
    if picture := _cover(note, cover):
        return picture
    if can_letter(note.title):
        address = reverse("note_picture", args=[note.pk, title_image_name(note)])
        return Picture(address, WIDTH, HEIGHT, note.title)
    return site_picture()


def _cover(note: Note, cover: Photo | None) -> Picture | None:
    """Return the cropped cover of a note, if there is one and it is wide enough."""
    widest = cover.covers[-1] if cover and cover.is_ready and cover.covers else None
    if not cover or not widest or widest[1] < NARROWEST:
        return None
    role, _width = widest
    alt = Truncator(cover.alt or note.title).chars(ALT_MAX)
    return Picture(f"{cover.base}{role}.jpg", *sizes(cover.width, cover.height)[role], alt)


def tag_preview(tag: Tag, address: str) -> Preview:
    """Return the preview of a tag's page."""
    return plain(f"#{tag.name}", _("Notes tagged #%(tag)s.") % {"tag": tag.name}, address)


def channel_preview(channel: Channel | Tag) -> Preview:
    """Return the preview of a channel of Explore, curated or of one tag."""
    if isinstance(channel, Tag):
        return tag_preview(channel, f"/?{urlencode({'channel': channel.slug})}")
    about = _("Notes in %(channel)s.") % {"channel": channel.name}
    return plain(channel.name, about, channel.get_absolute_url())
