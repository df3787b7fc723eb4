from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import retyped, see_other
from moderation.admin.queue.appeal import next_address, render_appeal
from moderation.admin.site import Moderated, moderator, site
from moderation.appeals.actions import AppealRefused, decide_appeal
from moderation.appeals.forms import AnswerForm
from moderation.appeals.queries import within_reach
from moderation.decisions.queries import TARGETS
from moderation.decisions.refusals import Refused
from moderation.models import Appeal


@admin.register(Appeal, site=site)
class AppealAdmin(Moderated):
    """Appeals against decisions of other moderators. Those that wait come first."""

    list_display = ["decision", "created_at", "decided_at", "granted"]
    list_filter = ["granted", "created_at"]
    fields = ["decision", "text", "created_at", "decided_at", "granted", "answer"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        targets = [f"decision__case__{name}" for name in TARGETS]
        rows = within_reach(moderator(request)).select_related("decision__rule", *targets)
        rows = rows.select_related("decision__case__comment__note")
        return rows.order_by("-decided_at", "created_at").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which an appeal is decided: /admin/moderation/appeal/<id>/decide/."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.decide_page))
        return [path("<id:pk>/decide/", view, name="moderation_appeal_decide"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the page that decides an appeal while it waits."""
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        waits = self.get_queryset(request).filter(pk=pk, decided_at=None).exists()
        if waits and self.has_decide_permission(request):
            return see_other(reverse("admin:moderation_appeal_decide", args=[pk]))
        return super().change_view(request, object_id, *args, **kwargs)

    def decide_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_decide_permission(request):
            raise PermissionDenied
        appeal = self.get_queryset(request).filter(pk=pk).first()
        if appeal is None:
            raise Http404
        by = moderator(request)
        data = request.POST if request.method == "POST" else None
        form = AnswerForm(data, initial=retyped(request, AnswerForm))
        if not form.is_valid():
            return render_appeal(request, appeal, form, by, 422 if form.is_bound else 200)
        try:
            is_news = decide_appeal(appeal=appeal, by=by, **form.cleaned_data)
        except (AppealRefused, Refused) as error:
            form.add_error(None, str(error))
            return render_appeal(request, appeal, form, by, 409)
        if not is_news and (appeal.granted, appeal.answer) != tuple(form.cleaned_data.values()):
            form.add_error(None, _("Another moderator has decided this appeal already. Nothing was changed."))
            return render_appeal(request, appeal, form, by, 409)
        messages.success(request, _("The appeal is decided, and the person is told."))
        return see_other(next_address(appeal, by))
