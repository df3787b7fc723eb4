from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from moderation.admin.decisions import HIDDEN, HIDE, Decided, HiddenFilter
from moderation.admin.search import PublicTextAdmin, numbered
from moderation.admin.site import site
from notes.models import Comment
from notes.moderation import record_opening_of_comment
from profiles.models import User


@admin.register(Comment, site=site)
class CommentAdmin(Decided[Comment], PublicTextAdmin):
    public = Q(hidden_at__isnull=True, note__status="published", note__visibility="public") & Q(
        note__hidden_at__isnull=True, note__author__is_active=True, note__author__approves_followers=False
    )
    list_display = ["said", "author", "under", "like_count", "created_at", "hidden_at"]
    list_filter = [HiddenFilter, "created_at"]
    search_fields = ["author__handle", "author__email"]
    public_text_fields = ("body",)
    hidden_lookups = frozenset({"body"})
    search_help_text = _("Words of a public comment, the author's handle or e-mail address")
    date_hierarchy = "created_at"
    decision = HIDE
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "body",
                    "author",
                    "under",
                    "answers",
                    "like_count",
                    "created_at",
                    "edited_at",
                    "pinned_at",
                ]
            },
        ),
        HIDDEN,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        comments = Comment.objects.for_moderators().select_related("author", "note", "parent", "hidden_by")
        comments = self.with_public(self.others_matters(request, comments))
        return comments.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE)

    def concerns(self, person: User) -> Q:
        """Match comments that the person wrote, and those under their notes."""
        return Q(author=person) | Q(note__author=person)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the comment for its page. Opening one that is not public is logged."""
        found: Any = super().get_object(request, object_id, from_field)
        record_opening_of_comment(comment=found, by=request.user)
        return found

    @admin.display(description=_("comment"))
    def said(self, comment: Comment) -> str:
        return self.name_of(comment)

    @admin.display(description=_("note"))
    def under(self, comment: Any) -> str:
        page = reverse("admin:notes_note_change", args=[comment.note_id])
        return format_html('<a href="{}">{}</a>', page, numbered(comment.note))

    @admin.display(description=_("answers"))
    def answers(self, comment: Comment) -> str:
        if not comment.parent:
            return "-"
        page = reverse("admin:notes_comment_change", args=[comment.parent_id])
        return format_html('<a href="{}">{}</a>', page, numbered(comment.parent))
