from django import template

from notes import cards
from redbook import text

register = template.Library()
register.simple_tag(cards.card)
register.simple_tag(cards.stage)
register.simple_tag(cards.identity)
register.simple_tag(cards.discussion)
register.filter("title_width", text.title_width)
register.filter("word_width", text.word_width)


@register.simple_tag
def letter_widths() -> str:
    """What a script measures titles with, as `title_width` does: em of each ASCII sign from space to tilde."""
    return text.ASCII_EM
