"""The links above the results: the same for every search but for what was typed, so they are rendered once."""

from dataclasses import replace
from functools import lru_cache
from time import monotonic
from urllib.parse import quote_plus

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from search import filters
from search.asked import QUERY_MAX
from search.filters import Own
from search.forms import Question

register = template.Library()
_TYPED = "\ue000"  # stands for what was typed while the links are rendered: a character that nothing is written with
_TYPED_IN_LINKS = quote_plus(_TYPED)


@register.simple_tag(takes_context=True)
def links(context: Context, name: str) -> SafeString:
    """Render the template with the links of the search `question`: kinds, sorts, groups, active and clear_url."""
    question, viewer = context["question"], context["request"].user
    own = Own(viewer.campus_id, tuple(viewer.languages)) if viewer.is_authenticated else None
    rendered = _links(name, replace(question, q=_TYPED), own, get_language(), int(monotonic() // 60))
    typed = quote_plus(question.q[: QUERY_MAX + 1])
    return mark_safe(rendered.replace(_TYPED_IN_LINKS, typed))  # noqa: S308  quoted, and nothing else is put in


@lru_cache(1024)
def _links(name: str, question: Question, own: Own | None, language: str | None, minute: int) -> str:
    """Render the links. A renamed campus has its old name for up to a minute."""
    context = {
        "kinds": filters.kinds(question),
        "sorts": filters.sorts(question),
        "groups": filters.groups(question, own),
        "active": filters.active(question),
        "clear_url": question.without_filters(),
    }
    return render_to_string(name, context)
