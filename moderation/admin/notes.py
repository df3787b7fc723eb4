from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.languages import NAMES, UNKNOWN
from core.templatetags.redbook import initial
from moderation.admin.decisions import HIDDEN, HIDE, Decided, HiddenFilter
from moderation.admin.search import PublicTextAdmin
from moderation.admin.site import site
from notes.models import Note
from notes.models.visibility import is_live, is_public
from notes.moderation import (
    record_opening,
    record_opening_of_versions,
)
from profiles.models import User

COVER = "cover480"
VERSIONS = (_("Edit history"), {"fields": ["versions"]})


class LanguageFilter(admin.SimpleListFilter):
    """Filter public notes by language. The language of other notes is shown only on their own pages."""

    title = _("language")
    parameter_name = "written_in"
    unknown = "unknown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [*NAMES.items(), (self.unknown, _("Unknown"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> QuerySet[Note]:
        asked = self.value()
        if asked not in {*NAMES, self.unknown}:
            return queryset
        return queryset.filter(is_live() & is_public(), language=UNKNOWN if asked == self.unknown else asked)


@admin.register(Note, site=site)
class NoteAdmin(Decided[Note], PublicTextAdmin):
    public = is_live() & is_public()
    hidden_lookups = frozenset(
        {"title", "title_width", "body", "place", "partner", "cover", "text_tone", "language"}
    )
    list_display = [
        "thumbnail",
        "titled",
        "author",
        "state",
        "like_count",
        "collect_count",
        "comment_count",
        "published_at",
        "hidden_at",
    ]
    list_display_links = ["titled"]
    list_filter = [HiddenFilter, LanguageFilter, "disclosure", "origin", "published_at", "campus"]
    search_fields = ["author__handle", "author__email"]
    public_text_fields = ("title", "body")
    search_help_text = _("Words of a public note, the author's handle or e-mail address")
    date_hierarchy = "published_at"
    decision = HIDE
    fieldsets = [
        (None, {"fields": ["photos", "title", "body", "tags_shown"]}),
        (_("Author"), {"fields": ["author", "label"]}),
        (
            _("Facts"),
            {
                "fields": [
                    "campus",
                    "place",
                    "status",
                    "visibility",
                    "commenters",
                    "disclosed",
                    "origin",
                    "published_at",
                    "pinned_at",
                    "in_language",
                    "answers",
                    "seen",
                ]
            },
        ),
        HIDDEN,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        notes = Note.objects.for_moderators().select_related("author", "cover", "campus", "hidden_by")
        notes = self.with_public(self.others_matters(request, notes))
        return notes.order_by("-published_at", "-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def concerns(self, person: User) -> Q:
        return Q(author=person)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show earlier versions while the note itself is reported."""
        shown = super().get_fieldsets(request, obj)
        return [*shown, VERSIONS] if obj and _has_readable_versions(obj) else shown

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the note for its page, history or decision. Opening a note that is not public is logged."""
        found: Any = super().get_object(request, object_id, from_field)
        record_opening(note=found, by=request.user)
        return found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        note = kwargs.get("obj")
        if note and _has_readable_versions(note):
            record_opening_of_versions(note=note, by=request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("cover"))
    def thumbnail(self, note: Note) -> str:
        if not note.is_readable:  # type: ignore[attr-defined]  # of the list's query
            return format_html('<span class="thumb">{}</span>', "")
        if note.cover and COVER in note.cover.roles:
            return format_html(
                '<img class="thumb" src="{}{}.jpg" width="48" height="64" alt="" loading="lazy">',
                note.cover.base,
                COVER,
            )
        return format_html('<span class="thumb">{}</span>', initial(note.title))

    @admin.display(description=_("title"))
    def titled(self, note: Note) -> str:
        return self.name_of(note)

    @admin.display(description=_("status"), ordering="visibility")
    def state(self, note: Note) -> str:
        return f"{note.get_status_display()} · {note.get_visibility_display()}"

    @admin.display(description=_("photos"))
    def photos(self, note: Note) -> str:
        return render_to_string("admin/photos.html", {"photos": note.photos.all()})

    @admin.display(description=_("tags"))
    def tags_shown(self, note: Note) -> str:
        return " ".join(f"#{name}" for name in note.tags.names())

    @admin.display(description=_("earlier versions"))
    def versions(self, note: Note) -> str:
        rows = note.versions.order_by("-pk")
        return render_to_string("admin/versions.html", {"versions": rows})

    @admin.display(description=_("label"))
    def label(self, note: Note) -> Any:
        return get_user_model().objects.with_label().get(pk=note.author_id).label or "-"

    @admin.display(description=_("language"))
    def in_language(self, note: Note) -> str:
        return NAMES.get(note.language, "-")

    @admin.display(description=_("brand"))
    def disclosed(self, note: Note) -> str:
        return note.disclosed or "-"

    @admin.display(description=_("comments"))
    def answers(self, note: Note) -> str:
        address = reverse("admin:notes_comment_changelist", query={"note__id__exact": note.pk})
        return format_html('<a href="{}">{}</a>', address, note.comment_count)

    @admin.display(description=_("seen"))
    def seen(self, note: Note) -> str:
        """Show figures only: moderators, too, may not see who has read a note."""
        sums = {name: Coalesce(Sum(name), 0) for name in ("new_readers", "ever_engaged", "visits")}
        words = _("people %(new_readers)d · answered %(ever_engaged)d · visits %(visits)d")
        return words % note.days.aggregate(**sums)


def _has_readable_versions(note: Note) -> bool:
    """Return whether the note itself is reported, not only a comment under it, and was edited."""
    return note.reports.open().filter(comment=None).exists() and note.versions.exists()
