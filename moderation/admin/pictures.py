"""Known pictures: the list, and the buttons of a case that add a photo to it or take a picture off it."""

import re
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.http import post_only, see_other
from core.messages import say
from moderation.admin.decisions import EVERYWHERE, DecidedFilter
from moderation.admin.site import Moderated, moderator, site
from moderation.cases.access import may_decide, open_to
from moderation.models import Case, KnownPicture
from moderation.pictures.actions import NotAdded, add_photo, set_retired
from moderation.pictures.queries import hidden_by
from notes.models import Photo
from profiles.models import User


class RetiredFilter(DecidedFilter):
    title = gettext_lazy("retired")
    parameter_name = "retired"
    answers = (gettext_lazy("In force"), gettext_lazy("Retired"))


@admin.register(KnownPicture, site=site)
class KnownPictureAdmin(Moderated):
    list_display = ["said", "rule", "source", "added_by", "added_at", "retired_at"]
    list_filter = [RetiredFilter, "rule"]
    search_fields = ["fingerprint"]
    search_help_text = gettext_lazy("A fingerprint of 16 digits")
    fields = ["said", "rule", "why", "source", "added_by", "added_at", "retired_at"]
    actions = ["retire", "renew"]
    view_on_site = False  # type: ignore[assignment]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_decide_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_decide_permission(request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return may_decide(moderator(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnownPicture]:
        pictures = KnownPicture.objects.whole().select_related("rule", "added_by")
        return pictures.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole fingerprint, that of a picture with a part cut off too."""
        said = search_term.strip().lower()
        if not said:
            return queryset, False
        if not re.fullmatch("[0-9a-f]{16}", said):
            return queryset.none(), False
        number = int.from_bytes(bytes.fromhex(said), signed=True)
        return queryset.filter(Q(fingerprint=number) | Q(cuts__fingerprint=number)).distinct(), False

    @admin.display(description=gettext_lazy("fingerprint"), ordering="pk")
    def said(self, known: KnownPicture) -> str:
        return known.said

    @admin.action(description=gettext_lazy("Retire"), permissions=["decide"], location=EVERYWHERE)  # type: ignore[call-overload]
    def retire(self, request: HttpRequest, rows: QuerySet[KnownPicture]) -> None:
        _set_all(request, rows, is_retired=True)

    @admin.action(description=gettext_lazy("Put in force again"), permissions=["decide"], location=EVERYWHERE)  # type: ignore[call-overload]
    def renew(self, request: HttpRequest, rows: QuerySet[KnownPicture]) -> None:
        _set_all(request, rows, is_retired=False)


def _set_all(request: HttpRequest, rows: QuerySet[KnownPicture], *, is_retired: bool) -> None:
    by = moderator(request)
    changed = sum(set_retired(known=known, by=by, is_retired=is_retired) for known in rows.order_by("pk"))
    say(request, _("Pictures changed: %(number)d") % {"number": changed})


def _decider(request: HttpRequest) -> User:
    by = moderator(request)
    if not may_decide(by):
        raise PermissionDenied
    return by


@site.page("cases/<int:number>/recognise/<int:photo>/", "case_recognise")
@post_only
def recognise(request: HttpRequest, number: int, photo: int) -> HttpResponse:
    """Add a photo of a case by which it is hidden to the known pictures, for the rule of that decision."""
    by = _decider(request)
    case = get_object_or_404(open_to(Case.objects.all(), by), pk=number)
    hiding = hidden_by(list(case.decisions.select_related("rule")))
    of_case = Q(note=case.note_id) | Q(hidden_in=case.note_id) if case.note_id else Q(pk=case.photo_id)
    row = get_object_or_404(Photo.objects.filter(of_case), pk=photo)
    if hiding is None or hiding.rule is None:
        raise Http404
    try:
        add_photo(photo=row, rule=hiding.rule, by=by, case=case)
        say(request, _("This photo is recognised from now on, and looked for in all notes."))
    except NotAdded:
        say(request, _("This photo cannot be recognised: it is of one tone, or its files are gone."))
    return see_other(reverse("admin:case", args=[number]))


@site.page("cases/<int:number>/retire/<int:known>/", "case_retire")
@post_only
@transaction.atomic
def retire_known(request: HttpRequest, number: int, known: int) -> HttpResponse:
    """Take the known picture off the list that a photo of the case was found by."""
    by = _decider(request)
    case = get_object_or_404(open_to(Case.objects.all(), by), pk=number)
    match = get_object_or_404(case.matches.select_related("known__cut_of"), known=known)
    set_retired(known=match.known.cut_of or match.known, by=by, is_retired=True)
    say(request, _("The picture is off the list: no photo is compared with it any more."))
    return see_other(reverse("admin:case", args=[number]))
