"""The links above the results: kinds, orders and filters. Each leads to the same search with one value changed."""

from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.languages import NAMES
from notes.models.public_names import shown_campuses
from profiles.models import Campus
from search.forms import DAYS, KINDS, SEEN_OR_NOT, SORTS, Question

CAMPUSES = 12
LANGUAGES = ("zh", "en")  # that are always offered


class Choice(NamedTuple):
    """`lang` where the name is in a language of its own, `is_named` where people wrote it."""

    name: str
    address: str
    is_current: bool
    lang: str = ""
    is_named: bool = False


class Own(NamedTuple):
    """What the filters offer a person besides: their campus, by id, and the languages they read."""

    campus: int | None
    languages: tuple[str, ...]


class Group(NamedTuple):
    title: str
    choices: list[Choice]


def kinds(question: Question) -> list[Choice]:
    names = dict(zip(("", *KINDS), _kinds(), strict=True))
    return [Choice(name, question.address(kind=kind), kind == question.kind) for kind, name in names.items()]


def sorts(question: Question) -> list[Choice]:
    names = (_("Best match"), _("Latest"), pgettext("order of a search", "Popular"))
    return [
        Choice(name, question.address(sort=sort), sort == question.sort)
        for sort, name in zip(SORTS, names, strict=True)
    ]


def groups(question: Question, own: Own | None) -> list[Group]:
    """Return the filters for a person, or for a visitor."""
    found = [
        Group(
            pgettext("filter of a search", "Published"),
            [_choice(question, name, time=time) for time, name in _times().items()],
        ),
        Group(
            pgettext("filter of a search", "Photos"),
            [_choice(question, name, photos=on) for on, name in _photos()],
        ),
        Group(_("Language of the note"), _languages(question, own)),
    ]
    if own:
        by = ((False, _("Everyone")), (True, _("People you follow")))
        found.insert(
            1,
            Group(
                pgettext("filter of a search", "From"),
                [_choice(question, name, followed=on) for on, name in by],
            ),
        )
        found.insert(
            2, Group(_("Seen or not"), [_choice(question, name, seen=seen) for seen, name in _seen().items()])
        )
    if campuses := _campuses(question, own):
        found.append(Group(_("Campus"), campuses))
    return found


def active(question: Question) -> list[Choice]:
    """Return the filters in force, each with the address of the search without it."""
    found = []
    if question.time:
        found.append(Choice(_times()[question.time], question.address(time=""), True))
    if question.followed:
        found.append(Choice(_("People you follow"), question.address(followed=False), True))
    if question.photos:
        found.append(Choice(_("With photos"), question.address(photos=False), True))
    if question.seen:
        found.append(Choice(_seen()[question.seen], question.address(seen=""), True))
    if language := question.language:
        found.append(Choice(NAMES[language], question.address(language=""), True, language))
    if campus := question.campus:
        found.append(Choice(campus.name, question.address(campus=None), True, is_named=True))
    return found


def _choice(question: Question, name: str, **value: Any) -> Choice:
    ((field, wanted),) = value.items()
    return Choice(name, question.address(**value), getattr(question, field) == wanted)


def _kinds() -> tuple[str, ...]:
    return (_("All"), _("Notes"), _("People"), _("Tags"), _("Labels"), _("Campuses"))


def _times() -> dict[str, str]:
    names = (_("Past day"), _("Past week"), _("Past month"), _("Past year"))
    return {"": _("Any time"), **dict(zip(DAYS, names, strict=True))}


def _photos() -> tuple[tuple[bool, str], ...]:
    return ((False, _("With or without")), (True, _("With photos")))


def _seen() -> dict[str, str]:
    return {
        "": _("All"),
        **dict(zip(SEEN_OR_NOT, (_("Not seen"), pgettext("by oneself", "Seen")), strict=True)),
    }


def _languages(question: Question, own: Own | None) -> list[Choice]:
    read = own.languages if own else ()
    offered = dict.fromkeys([(get_language() or "")[:2], *LANGUAGES, *read, question.language])
    codes = [code for code in offered if code in NAMES]
    anyone = _choice(question, _("Any language"), language="")
    return [anyone, *(_choice(question, NAMES[code], language=code)._replace(lang=code) for code in codes)]


def _campuses(question: Question, own: Own | None) -> list[Choice]:
    """Offer the viewer's campus, the one of the search, and the first by name."""
    offered = list(_first_campuses(int(monotonic() // 60)))
    offered.sort(key=lambda campus: campus.pk != (own.campus if own else None))
    if question.campus and question.campus not in offered:
        offered.insert(0, question.campus)
    if not offered:
        return []
    anywhere = _choice(question, _("All campuses"), campus=None)
    named = [_choice(question, campus.name, campus=campus)._replace(is_named=True) for campus in offered]
    return [anywhere, *named]


@lru_cache(2)
def _first_campuses(minute: int) -> list[Campus]:
    return list(shown_campuses().order_by("name")[:CAMPUSES])
