from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.digest.actions import unsubscribe as turn_off
from notifications.digest.models import Subscription
from notifications.digest.tokens import person_of


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then turn off the digest of the person whose mail holds the link. The mail program of RFC 8058 posts without
    cookies and follows no redirect.
    """
    person_id = person_of(token)
    if person_id is None or not Subscription.objects.filter(pk=person_id).exists():
        raise Http404
    if request.method == "POST":
        turn_off(person_id=person_id)
    is_off = not Subscription.objects.filter(pk=person_id, next_at__isnull=False).exists()
    return render(request, "notifications/digest/unsubscribe.html", {"is_off": is_off, "token": token})
