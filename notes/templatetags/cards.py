from django import template
from django.utils.safestring import mark_safe

from core import text
from core.languages import NAMES
from notes import cards
from notes.comments.discussion import discussion
from notes.models import Photo
from notes.schedule.times import here
from profiles.pauses import pause_words

register = template.Library()
register.simple_tag(cards.card)
register.simple_tag(cards.stage)
register.simple_tag(cards.identity)
register.simple_tag(cards.follow_button)
register.simple_tag(discussion)
register.filter(here)
register.simple_tag(pause_words)
register.filter("title_width", text.title_width)
register.filter("word_width", text.word_width)
register.filter("cover_snap", text.cover_snap)


@register.filter
def cover_srcset(photo: Photo) -> str:
    """Return the photo's covers for `srcset`, each with its true width."""
    return ", ".join(f"{photo.base}{role}.avif {width}w" for role, width in photo.covers)


@register.filter
def language_name(code: str) -> str:
    """Return the name of a note's language in that language."""
    return NAMES.get(code, code)


# Width of a card by that of the window, as layout.css and waterfall.css make it. On phones a pixel less, so that for
# 183 of them a screen with 1.75 of its own to each takes the cover of 320.
_COVER_SIZES = mark_safe(
    "(max-width: 575px) calc(50vw - 13px), (max-width: 767px) calc(33.3vw - 13px),"
    " (max-width: 959px) calc(33.3vw - 51px), (max-width: 1199px) calc(25vw - 44px),"
    " (max-width: 1407px) calc(25vw - 84px), (max-width: 1727px) calc(20vw - 72px), 16rem"
)


@register.simple_tag
def cover_sizes() -> str:
    """Return the `sizes` attribute of a card's photo."""
    return _COVER_SIZES


@register.simple_tag
def letter_widths() -> str:
    """Return the widths in em of each ASCII character from space to tilde, for scripts that measure titles like
    `title_width`.
    """
    return text.ASCII_EM
