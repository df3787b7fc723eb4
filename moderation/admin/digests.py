"""The digests that were mailed, for operators: whether they went out, and nothing of what was in them."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from moderation.admin.site import Moderated, site
from notifications.digest.models import Digest


@admin.register(Digest, site=site)
class DigestAdmin(Moderated):
    """A list to read, for superusers alone: moderators have nothing to decide here."""

    list_display = ["day", "person", "state", "tries", "number", "due_at", "claimed_at", "sent_at"]
    list_display_links = None
    list_filter = ["state", "day"]
    view_on_site = False  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        return Digest.objects.select_related("person").order_by("-pk")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)
