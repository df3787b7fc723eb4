"""The page of an appeal: its case with all that is known of it, what is said against the decision, and the answer."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http import form_address
from moderation.admin.queue.case import find, page_of
from moderation.admin.queue.filters import APPEALS, Filters
from moderation.admin.queue.listing import rule_of, rules
from moderation.admin.site import site
from moderation.appeals.forms import AnswerForm
from moderation.appeals.queries import waiting_within
from moderation.cases.access import Access, access_of
from moderation.models import Appeal
from profiles.models import User


def render_appeal(
    request: HttpRequest, appeal: Appeal, form: AnswerForm, by: User, status: int
) -> HttpResponse:
    access = access_of(by)
    case = find(appeal.decision.case_id, by, access)
    if case is None:
        raise Http404
    opens_kept = "kept" in request.GET and request.method != "POST"
    page = page_of(case, by, access, Filters(), rule_of(case, rules()), opens_kept=opens_kept)
    before, after = _beside(appeal, by, access)
    context: dict[str, Any] = site.each_context(request) | {"page": page, "case": case, "about": str(case)}
    context |= {
        "appeal": appeal,
        "decision": appeal.decision,
        "form": form,
        "form_url": form_address(request),
    }
    context |= {"before": before, "after": after, "title": _("Decide an appeal")}
    return render(request, "moderation/queue/appeal.html", context, status=status)


def _beside(appeal: Appeal, by: User, access: Access) -> tuple[int | None, int | None]:
    """Return the keys of the appeals that wait before and after this one."""
    at, pk = appeal.created_at, appeal.pk
    rows = waiting_within(access, by.pk).values_list("pk", flat=True)
    after = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=pk)).first()
    return rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk)).last(), after


def next_address(appeal: Appeal, by: User) -> str:
    """Return the page of the next appeal that waits, or the list of appeals where none does."""
    access = access_of(by)
    coming = (
        _beside(appeal, by, access)[1] or waiting_within(access, by.pk).values_list("pk", flat=True).first()
    )
    if coming:
        return reverse("admin:moderation_appeal_decide", args=[coming])
    return f"{reverse('admin:index')}?show={APPEALS}"
