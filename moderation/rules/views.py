from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.models import Report, Rule


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, each with an anchor that decisions lead to."""
    context = {
        "rules": list(Rule.objects.in_force()),
        "reasons": Report.Reason.labels,
        "minimum_age": settings.MINIMUM_AGE,
    }
    return render(request, "moderation/rules.html", context)
