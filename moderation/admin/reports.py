from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.actions import close_report, reopen_report
from moderation.admin.decisions import Decided, DecidedFilter, Decision
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import moderator, site
from moderation.cases.access import reports_open_to
from moderation.cases.closed import is_open_photo
from moderation.models import Case, Report, Step
from notes.models import Note, Photo
from profiles.models import User

CLOSE = Decision(
    "close",
    _("Close report"),
    _("Closed"),
    "closed_at",
    Step.NONE,
    undo=_("Reopen"),
    undone=_("Reopened"),
    asks=_("Say why no action was needed: those who reported read it."),
)


class ClosedFilter(DecidedFilter):
    title = _("closed")
    parameter_name = "closed"
    answers = (_("Open"), _("Closed"))


@admin.register(Report, site=site)
class ReportAdmin(LimitedSearchAdmin, Decided[Report]):
    list_display = ["reason_said", "about", "reporter", "created_at", "closed_at"]
    list_filter = [ClosedFilter, "reason", "created_at"]
    search_fields = ["details", "reporter__handle", "person__handle"]
    search_help_text = _("Words of the details, the handle of who reported or is reported")
    date_hierarchy = "created_at"
    decision = CLOSE
    fieldsets = [
        (None, {"fields": ["about", "reason", "details", "text_then", "copies", "reporter", "created_at"]}),
        (_("Closed"), {"fields": ["closed_at", "closed_by", "closed_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        reports = Report.objects.select_related("note", "comment", "person", "reporter", "closed_by")
        reports = reports.select_related(
            "case__label", "case__collection__owner", "case__series__author", "case__photo"
        )
        reports = reports_open_to(self.others_matters(request, reports), moderator(request))
        return reports.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def concerns(self, person: User) -> Q:
        """Filter reports about the person, what they wrote and comments under their notes, and reports they made."""
        own = Q(person=person) | Q(note__author=person) | Q(comment__author=person)
        return (
            own | Q(reporter=person) | Q(case__subject=person) | Q(case__label__positionings__person=person)
        )

    def decide(self, row: Report, *, by: User, reason: str) -> bool:
        return close_report(report=row, by=by, reason=reason)

    def undo(self, row: Report, *, by: User) -> bool:
        return reopen_report(report=row, by=by)

    @admin.display(description=_("what is wrong"), ordering="reason")
    def reason_said(self, report: Report) -> str:
        return report.get_reason_display()

    @admin.display(description=_("text when it was reported"))
    def text_then(self, report: Report) -> str:
        """Show what was reported if it reads differently now, to moderators who may read the target."""
        if not report.target:
            return "-"
        if not report.reported_text or report.reported_text == report.text:
            return gettext("As it is now")
        if isinstance(report.target, Photo):
            is_open = is_open_photo(report.target)
        else:
            is_open = not report.note_id or Note.objects.for_moderators().filter(pk=report.note_id).exists()
        return report.reported_text if is_open else "-"

    @admin.display(description=_("kept copies"))
    def copies(self, report: Report) -> str:
        if not report.case_id:
            return "-"
        page = reverse("admin:moderation_evidence_case", args=[report.case_id])
        return format_html('<a href="{}">{}</a>', page, gettext("Open, which is recorded"))

    @admin.display(description=_("about"))
    def about(self, report: Report) -> str:
        if report.target is None:
            return f"{report.about} ({gettext('deleted')})"
        meta = report.target._meta
        if report.case and report.case.kind == Case.Kind.PHOTO:
            page = reverse("admin:case", args=[report.case_id])
        else:
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[report.target.pk])
        return format_html('<a href="{}">{}</a>', page, report.about)
