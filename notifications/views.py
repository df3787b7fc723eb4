from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.http import back, is_scripted, post_only, signed_in
from notifications import queries
from notifications.actions import mark_read
from notifications.forms import ReadForm
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def notifications(request: SignedInRequest) -> HttpResponse:
    page = queries.page(request.user, request.GET.get("after", ""))
    return render(request, "notifications/notifications.html", {"page": page})


@post_only
@signed_in
def read(request: SignedInRequest) -> HttpResponse:
    """Mark what the page showed as read. Idempotent. The page's script sends it once the page is seen."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    mark_read(person=request.user, newest=form.cleaned_data["newest"])
    return HttpResponse(status=204) if is_scripted(request) else back(request, reverse("notifications"))
