from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.http import retyped, see_other, signed_in
from core.zones import is_zone, site_zone, zone_label
from people.actions.people import save_time_zone
from people.views.settings import form_view
from people.zone_form import TimeZoneForm
from profiles.requests import SignedInRequest


@form_view
@signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose the time zone in which pages and mails show times."""
    person = request.user
    form = TimeZoneForm(
        request.POST if request.method == "POST" else None,
        stored={"time_zone": person.time_zone if is_zone(person.time_zone) else ""},
        initial=retyped(request, TimeZoneForm),
    )
    if form.is_valid():
        save_time_zone(person=person, time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("Time zone saved"))
        return see_other(request.path)
    context = {"form": form, "zone": zone_label(person.zone), "site_zone": zone_label(site_zone())}
    status = form.refusal if form.is_bound else 200
    return render(request, "people/settings_time_zone.html", context, status=status)
