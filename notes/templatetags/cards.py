from django import template

from notes import cards

register = template.Library()
register.simple_tag(cards.card)
register.simple_tag(cards.stage)
register.simple_tag(cards.identity)
register.simple_tag(cards.discussion)
