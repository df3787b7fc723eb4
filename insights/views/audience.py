from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.http import signed_in
from insights import tables
from insights.audience import audience_of
from insights.pages import share_bar, share_words
from insights.views.mirror import file_of, period_of
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def audience(request: SignedInRequest) -> HttpResponse:
    """Show who the viewer's readers are, in tenths, beside the audience of their label."""
    found = audience_of(request.user)
    shares = [(share, share_words(share), share_bar(share)) for share in found.shares]
    context = {"audience": found, "shares": shares, "place": "audience", "period": period_of(request).value}
    return render(request, "insights/audience.html", context)


@require_safe
@signed_in
def audience_table(request: SignedInRequest, table: str) -> HttpResponseBase:
    return file_of(tables.of_audience(audience_of(request.user)), table)
