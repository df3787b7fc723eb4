"""The audit log to read, newest first. Nobody adds, changes or deletes an entry here, and the database refuses it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.db.keyset import keyset
from core.models import AuditEntry
from moderation.admin.site import Moderated, moderator, site
from moderation.audit.queries import entries

SIZE = 50
BIGGEST = 2**63 - 1
LABELS = dict(AuditEntry.Action.choices)


class AuditFilterForm(forms.Form):
    action = forms.ChoiceField(label=_("What was done"), required=False)
    actor = forms.CharField(label=_("Moderator"), max_length=30, required=False)
    case = forms.IntegerField(label=_("Case"), min_value=1, max_value=BIGGEST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("Everything")), *AuditEntry.Action.choices]  # type: ignore[attr-defined]


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(Moderated):
    """A list for superusers, and for whom they give the permission to view it: moderators do not watch one another."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("redbook.view_auditentry")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditFilterForm(request.GET)
        wanted = (
            {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
        )
        page = keyset(entries(to=moderator(request), **wanted), "at", request.GET.get("after", ""), SIZE)
        following = request.GET.copy()
        following["after"] = page.after
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "form": form,
            "rows": [(entry, LABELS.get(entry.action, entry.action), _address(entry)) for entry in page.rows],
            "next": f"?{following.urlencode()}" if page.after else "",
        }
        return render(request, "admin/audit.html", context, status=200 if form.is_valid() else 422)


def _address(entry: AuditEntry) -> str:
    """Return the page of the row in admin; "" where it has none. The row may be gone."""
    if not entry.number:
        return ""
    try:
        return reverse(f"admin:{entry.kind.replace('.', '_')}_change", args=[entry.number])
    except NoReverseMatch:
        return ""
