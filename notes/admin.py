from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from notes.actions.moderation import (
    hide_comment,
    hide_note,
    record_opening,
    restore_comment,
    restore_note,
)
from notes.models import Comment, Note
from notes.models.visibility import AUTHOR_EMAIL, AUTHOR_HANDLE
from redbook.admin import (
    EVERYWHERE,
    HIDE,
    HiddenFilter,
    Moderated,
    ask_reason,
    decide,
    reason_url,
    restore,
    site,
)
from redbook.templatetags.redbook import initial

COVER = "cover480"
HIDDEN = (_("Hidden"), {"fields": ["hidden_at", "hidden_by", "hidden_reason"]})


@admin.register(Note, site=site)
class NoteAdmin(Moderated):
    list_display = [
        "thumbnail",
        "title",
        "author",
        "state",
        "like_count",
        "collect_count",
        "comment_count",
        "published_at",
        "hidden_at",
    ]
    list_display_links = ["thumbnail", "title"]
    list_filter = [HiddenFilter, "disclosure", "published_at", "campus"]
    search_fields = ["title", "body", AUTHOR_HANDLE, AUTHOR_EMAIL]
    search_help_text = _("Words of the title or the story, the author's handle or e-mail address")
    date_hierarchy = "published_at"
    actions = ["hide", "restore"]
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
                    "disclosed",
                    "published_at",
                    "answers",
                    "seen",
                ]
            },
        ),
        HIDDEN,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        notes = Note.objects.for_moderators().select_related("author", "cover", "campus", "hidden_by")
        return notes.order_by("-published_at", "-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_urls(self) -> list[Any]:
        return [reason_url(self, HIDE, self.hide_page), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        record_opening(note=context["original"], by=request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def hide_page(self, request: HttpRequest, ids: str) -> HttpResponse:
        def act(note: Note, reason: str) -> bool:
            return hide_note(note=note, by=request.user, reason=reason)

        return decide(self, request, ids, rows=self.get_queryset(request), what=HIDE, act=act)

    @admin.action(description=_("Hide"), permissions=["decide"], location=EVERYWHERE)
    def hide(self, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
        return ask_reason(self, request, notes, HIDE)

    @admin.action(description=_("Restore"), permissions=["decide"], location=EVERYWHERE)
    def restore(self, request: HttpRequest, notes: QuerySet[Note]) -> None:
        restore(request, notes, what=HIDE, act=lambda note: restore_note(note=note))

    @admin.display(description=_("cover"))
    def thumbnail(self, note: Note) -> str:
        if note.cover and COVER in note.cover.roles:
            return format_html(
                '<img class="thumb" src="{}{}.jpg" width="48" height="64" alt="" loading="lazy">',
                note.cover.base,
                COVER,
            )
        return format_html('<span class="thumb">{}</span>', initial(note.title))

    @admin.display(description=_("status"), ordering="visibility")
    def state(self, note: Note) -> str:
        return f"{note.get_status_display()} · {note.get_visibility_display()}"

    @admin.display(description=_("photos"))
    def photos(self, note: Note) -> str:
        return render_to_string("admin/photos.html", {"photos": note.photos.all()})

    @admin.display(description=_("tags"))
    def tags_shown(self, note: Note) -> str:
        return " ".join(f"#{name}" for name in note.tags.names())

    @admin.display(description=_("label"))
    def label(self, note: Note) -> Any:
        return get_user_model().objects.with_label().get(pk=note.author_id).label or "-"

    @admin.display(description=_("brand"))
    def disclosed(self, note: Note) -> str:
        return note.disclosed or "-"

    @admin.display(description=_("comments"))
    def answers(self, note: Note) -> str:
        address = reverse("admin:notes_comment_changelist", query={"note__id__exact": note.pk})
        return format_html('<a href="{}">{}</a>', address, note.comment_count)

    @admin.display(description=_("seen"))
    def seen(self, note: Note) -> str:
        """In numbers: who has read what is nobody's business, the moderators' neither."""
        sums = {name: Coalesce(Sum(name), 0) for name in ("new_readers", "ever_engaged", "visits")}
        words = _("people %(new_readers)d · answered %(ever_engaged)d · visits %(visits)d")
        return words % note.days.aggregate(**sums)


@admin.register(Comment, site=site)
class CommentAdmin(Moderated):
    list_display = ["__str__", "author", "note", "created_at", "hidden_at"]
    list_filter = [HiddenFilter, "created_at"]
    search_fields = ["body", AUTHOR_HANDLE, AUTHOR_EMAIL]
    search_help_text = _("Words of the comment, the author's handle or e-mail address")
    date_hierarchy = "created_at"
    actions = ["hide", "restore"]
    fieldsets = [(None, {"fields": ["body", "author", "note", "parent", "created_at"]}), HIDDEN]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        comments = Comment.objects.for_moderators().select_related("author", "note", "parent", "hidden_by")
        return comments.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def get_urls(self) -> list[Any]:
        return [reason_url(self, HIDE, self.hide_page), *super().get_urls()]

    def hide_page(self, request: HttpRequest, ids: str) -> HttpResponse:
        def act(comment: Comment, reason: str) -> bool:
            return hide_comment(comment=comment, by=request.user, reason=reason)

        return decide(self, request, ids, rows=self.get_queryset(request), what=HIDE, act=act)

    @admin.action(description=_("Hide"), permissions=["decide"], location=EVERYWHERE)
    def hide(self, request: HttpRequest, comments: QuerySet[Comment]) -> HttpResponse | None:
        return ask_reason(self, request, comments, HIDE)

    @admin.action(description=_("Restore"), permissions=["decide"], location=EVERYWHERE)
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        restore(request, comments, what=HIDE, act=lambda comment: restore_comment(comment=comment))
