from django import template

from notes import cards

register = template.Library()
register.simple_tag(cards.card)
register.simple_tag(cards.comment, name="said")  # Django has a tag named comment
