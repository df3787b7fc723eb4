"""The kept copies of a case: a page with words and blurred pictures, and each picture when it is asked for."""

from base64 import b64decode
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import post_only, see_other
from core.media import CONTENT_TYPES, PRIVATE, serve
from moderation.admin.queue.kept import kept_of
from moderation.admin.site import Moderated, moderator, site
from moderation.decisions.sealing import lift_seal
from moderation.evidence.opening import case_for, open_picture, picture_for
from moderation.models import Evidence, Seal
from moderation.sealing.roles import may_open_sealed


@admin.register(Evidence, site=site)
class EvidenceAdmin(Moderated):
    """No list: copies are reached from their case, by moderators who may open that. Each opening is logged."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [
            path("case/<int:number>/", self._guarded(self.case_page), name="moderation_evidence_case"),
            path(
                "case/<int:number>/unseal/",
                self.admin_site.admin_view(post_only(self.unseal)),
                name="moderation_evidence_unseal",
            ),
            path(
                "<int:pk>/<int:number>.jpg", self._guarded(self.picture), name="moderation_evidence_picture"
            ),
            path(
                "<int:pk>/<int:number>/blurred.jpg",
                self._guarded(self.blurred),
                name="moderation_evidence_blurred",
            ),
        ]

    def _guarded(self, view: Any) -> Any:
        @require_safe
        @wraps(view)
        def inner(request: HttpRequest, **named: int) -> HttpResponseBase:
            if not request.user.has_perm("moderation.view_case"):
                raise PermissionDenied
            response: HttpResponseBase = view(request, **named)
            if "X-Media-Cache-Control" not in response:
                response["Cache-Control"] = PRIVATE
            return response

        return self.admin_site.admin_view(inner, cacheable=True)

    def case_page(self, request: HttpRequest, number: int) -> HttpResponse:
        case = case_for(moderator(request), number)
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "case": case,
            "kept": kept_of(case, moderator(request), opens=True),
            "is_sealed": Seal.objects.in_force().filter(case=case).exists(),
        }
        return render(request, "admin/evidence.html", context)

    def unseal(self, request: HttpRequest, number: int) -> HttpResponse:
        """Lift the seal of a case that the moderator may open, then show it. Done twice, it is done."""
        case = case_for(moderator(request), number)
        if not may_open_sealed(moderator(request)):
            raise Http404
        lift_seal(case=case, by=moderator(request))
        messages.success(request, _("The seal is lifted. All moderators can see the case now."))
        return see_other(reverse("admin:moderation_evidence_case", args=[number]))

    def picture(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        evidence = get_object_or_404(Evidence, pk=pk)
        return serve(
            open_picture(evidence=evidence, number=number, by=moderator(request)),
            is_public=False,
            is_indexed=False,
        )

    def blurred(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Answer with a few pixels, in which nothing can be recognised: looking at them is no opening."""
        evidence = get_object_or_404(Evidence, pk=pk)
        small = picture_for(moderator(request), evidence, number)["blurred"]
        return HttpResponse(b64decode(small), content_type=CONTENT_TYPES["jpg"])
