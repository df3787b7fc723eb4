from django.conf import settings
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moderation.admin.decisions import HIDE, Decided, HiddenFilter
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import site
from profiles.models import Label, Positioning, User


@admin.register(Label, site=site)
class LabelAdmin(LimitedSearchAdmin, Decided[Label]):
    list_display = ["wording", "slug", "holders", "created_at", "hidden_at"]
    list_filter = [HiddenFilter, "created_at"]
    search_fields = ["wording", "normal"]
    date_hierarchy = "created_at"
    decision = HIDE
    fieldsets = [
        (None, {"fields": ["wording", "normal", "slug", "holders", "created_at"]}),
        (_("Hidden"), {"fields": ["hidden_at", "hidden_by", "hidden_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        holders = Positioning.objects.current().filter(label=OuterRef("pk")).order_by().values("label")
        count = Subquery(holders.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        labels = Label.objects.annotate(holder_count=Coalesce(count, 0)).select_related("hidden_by")
        labels = self.others_matters(request, labels)
        return labels.order_by("-created_at", "-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def concerns(self, person: User) -> Q:
        """Return labels that they declare or have declared."""
        return Q(positionings__person=person)

    @admin.display(description=pgettext_lazy("how many", "people"), ordering="holder_count")
    def holders(self, label: Label) -> int:
        return int(label.holder_count)  # type: ignore[attr-defined]  # of the list's query
