"""Public collections: their names and descriptions, which everyone reads."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin.decisions import HIDDEN, HIDE, Decided, HiddenFilter
from moderation.admin.search import PublicTextAdmin
from moderation.admin.site import moderator, site
from notes.models import Collection
from notes.moderation import record_opening_of_collection
from profiles.models import User


@admin.register(Collection, site=site)
class CollectionAdmin(Decided[Collection], PublicTextAdmin):
    """Collections that are public or hidden. What is in one is shown by its page, as to everyone."""

    public = Q(
        is_private=False, hidden_at__isnull=True, owner__is_active=True, owner__approves_followers=False
    )
    list_display = ["titled", "owner", "created_at", "hidden_at"]
    list_filter = [HiddenFilter, "created_at"]
    search_fields = ["owner__handle", "owner__email"]
    public_text_fields = ("name", "description")
    hidden_lookups = frozenset({"name", "description"})
    search_help_text = _("Words of a public collection, the owner's handle or e-mail address")
    decision = HIDE
    fieldsets = [(None, {"fields": ["name", "description", "owner", "created_at"]}), HIDDEN]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        shown = Collection.objects.for_moderators().select_related("owner", "hidden_by")
        rows = self.with_public(self.others_matters(request, shown))
        return rows.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the collection for its page. Opening one that is hidden is logged."""
        found: Any = super().get_object(request, object_id, from_field)
        record_opening_of_collection(collection=found, by=moderator(request))
        return found

    def concerns(self, person: User) -> Q:
        return Q(owner=person)

    @admin.display(description=_("collection"))
    def titled(self, collection: Collection) -> str:
        return self.name_of(collection)
