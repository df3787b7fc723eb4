"""Search in the moderators' lists: how many words, and in which texts."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _

from core.concurrent_edits import SeenRowForm
from moderation.admin.site import Audited, Moderated

WORDS_MAX, SEARCH_MAX = 8, 200


class LimitedSearchAdmin(Audited):
    """A list whose search takes a few words, because each one scans every row. Its form never overwrites what another
    window saved meanwhile.
    """

    form = SeenRowForm

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return all fields of the form but `seen`, which every change page carries, where none are named."""
        return [name for name in super().get_fields(request, obj) if name != "seen"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, first_words(request, search_term))


def first_words(request: HttpRequest, asked: str) -> str:
    """Return the first eight words of the search; the page says so if there are more."""
    words = list(smart_split(asked[:SEARCH_MAX]))
    if len(words) > WORDS_MAX or len(asked) > SEARCH_MAX:
        messages.warning(request, _("Only the first %(most)d words are searched for.") % {"most": WORDS_MAX})
    return " ".join(words[:WORDS_MAX])


def numbered(row: Any) -> str:
    """Return a row's type and number, for people who may not read its text."""
    return f"{row._meta.verbose_name} {row.pk}"


class _Named(NamedTuple):
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class PublicTextAdmin(Moderated):
    """A list that shows, searches and sorts by the text of public rows only. Opening another row is the only way to
    read it, and is logged.
    """

    public: Q  # which rows everybody may read
    public_text_fields: tuple[str, ...]  # searched and shown for public rows only
    hidden_lookups: frozenset[str]  # the fields that the address of a list cannot ask for

    def with_public[Rows: QuerySet[Any]](self, rows: Rows) -> Rows:
        """Annotate each row with `is_readable`: whether everyone may read it."""
        return rows.annotate(is_readable=ExpressionWrapper(self.public, BooleanField()))

    def name_of(self, row: Any) -> str:
        return str(row) if row.is_readable else numbered(row)

    def action_checkbox(self, obj: Any) -> Any:
        """Label the checkbox of a row with the row's name."""
        return super().action_checkbox(_Named(obj.pk, self.name_of(obj)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Match rows where each word is in the author's handle or address, or in the text of a public row."""
        for asked in smart_split(first_words(request, search_term)):
            is_quoted = asked[0] in "\"'" and asked[0] == asked[-1]
            word = unescape_string_literal(asked) if is_quoted else asked
            of_author = _holds(self.search_fields, word)
            queryset = queryset.filter(of_author | (self.public & _holds(self.public_text_fields, word)))
        return queryset, False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if lookup.partition("__")[0] in self.hidden_lookups:
            return False
        return super().lookup_allowed(lookup, value, request)


def _holds(fields: Any, word: str) -> Q:
    return Q.create([(f"{field}__icontains", word) for field in fields], connector=Q.OR)
