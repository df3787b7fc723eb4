"""Series with a public note: their names, which everyone reads."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin.decisions import HIDDEN, HIDE, Decided, HiddenFilter
from moderation.admin.search import PublicTextAdmin
from moderation.admin.site import moderator, site
from notes.models import Note, Series
from notes.models.visibility import LISTED
from notes.moderation import record_opening_of_series
from profiles.models import User

_HAS_PUBLIC = Q(Exists(Note.objects.filter(LISTED, series=OuterRef("pk"))), author__approves_followers=False)


@admin.register(Series, site=site)
class SeriesAdmin(Decided[Series], PublicTextAdmin):
    """Series whose names are public, or hidden. Which notes are in one is shown by its page, as to everyone."""

    public = Q(hidden_at__isnull=True, author__is_active=True) & _HAS_PUBLIC
    list_display = ["titled", "author", "created_at", "hidden_at"]
    list_filter = [HiddenFilter, "created_at"]
    search_fields = ["author__handle", "author__email"]
    public_text_fields = ("name",)
    hidden_lookups = frozenset({"name"})
    search_help_text = _("Words of a series, the author's handle or e-mail address")
    decision = HIDE
    fieldsets = [(None, {"fields": ["name", "author", "created_at"]}), HIDDEN]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        shown = Series.objects.filter(_HAS_PUBLIC | Q(hidden_at__isnull=False))
        shown = shown.select_related("author", "hidden_by")
        rows = self.with_public(self.others_matters(request, shown))
        return rows.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the series for its page. Opening one that is hidden is logged."""
        found: Any = super().get_object(request, object_id, from_field)
        record_opening_of_series(series=found, by=moderator(request))
        return found

    def concerns(self, person: User) -> Q:
        return Q(author=person)

    @admin.display(description=_("series"))
    def titled(self, series: Series) -> str:
        return self.name_of(series)
