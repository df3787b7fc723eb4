from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.http import retyped, see_other, signed_in
from people.actions.people import save_languages
from people.forms import LanguagesForm
from people.views.settings import form_view
from profiles.requests import SignedInRequest


@form_view
@signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose the languages of notes in Explore and lists."""
    form = LanguagesForm(
        request.POST if request.method == "POST" else None,
        stored={"languages": request.user.languages},
        initial=retyped(request, LanguagesForm),
    )
    if form.is_valid():
        save_languages(person=request.user, languages=form.cleaned_data["languages"])
        messages.success(request, _("Languages saved"))
        return see_other(request.path)
    status = form.refusal if form.is_bound else 200
    return render(request, "people/settings_languages.html", {"form": form}, status=status)
