"""Link previews of notes for chats and other sites. Only public notes have one."""

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


def _picture(note: Note, photos: list[Photo]) -> Picture:
    """Return the cropped cover; if none is wide enough, the drawn title."""
    cover = next((photo for photo in photos if photo.pk == note.cover_id and photo.is_ready), None)
    widest = cover.covers[-1] if cover and cover.covers else None
    if cover and widest and widest[1] >= NARROWEST:
        role, _width = widest
        alt = Truncator(cover.alt or note.title).chars(ALT_MAX)
        return Picture(f"{cover.base}{role}.jpg", *sizes(cover.width, cover.height)[role], alt)
    if can_letter(note.title):
        address = reverse("note_picture", args=[note.pk, title_image_name(note)])
        return Picture(address, WIDTH, HEIGHT, note.title)
    return site_picture()


def tag_preview(tag: Tag, address: str) -> Preview:
    """Return the preview of a tag's page."""
    return plain(f"#{tag.name}", _("Notes tagged #%(tag)s.") % {"tag": tag.name}, address)


def channel_preview(channel: Channel | Tag) -> Preview:
    """Return the preview of a channel of Explore, curated or of one tag."""
    if isinstance(channel, Tag):
        return tag_preview(channel, f"/?{urlencode({'channel': channel.slug})}")
    about = _("Notes in %(channel)s.") % {"channel": channel.name}
    return plain(channel.name, about, channel.get_absolute_url())
