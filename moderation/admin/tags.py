"""Admin of tags: hide and merge."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from core.audit import Action, record
from core.forms import LineField
from core.merging import MergeForm
from core.text import normal_form
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import moderator, site
from moderation.decisions.directly import hide_or_show
from notes.models.tags import TagState
from notes.tags import merge_tag


class TagForm(MergeForm):
    not_found = _("No other tag has this name.")
    merged_already = _("This tag has been merged already.")
    is_hidden = forms.BooleanField(label=_("Hidden"), required=False)
    into = LineField(
        limit=100,
        label=_("Merge into"),
        required=False,
        help_text=_("The tag that this one is. What has it gets that one, and so does its address."),
    )

    class Meta:
        model = Tag
        fields: list[str] = []

    def __init__(self, *args: Any, instance: Tag | None = None, **kwargs: Any) -> None:
        state = TagState.objects.filter(tag=instance).first() or TagState()
        stored = {"is_hidden": state.is_hidden, "merged_into": state.merged_into_id}
        kwargs["initial"] = stored | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)

    def other(self, name: str) -> Tag | None:
        found = Tag.objects.filter(name=normal_form(name.lstrip("#")), state__merged_into=None)
        return found.exclude(pk=self.instance.pk).first()


@admin.register(Tag, site=site)
class TagAdmin(LimitedSearchAdmin):
    """Lists every tag in use, those of private notes too, without revealing whose."""

    form = TagForm
    fields = ["name", "slug", "is_hidden", "into"]
    readonly_fields = ["name", "slug"]
    list_display = ["name", "slug", "hidden", "merged"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return Tag.objects.select_related("state__merged_into").order_by("-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, tag: Tag, form: TagForm, change: bool) -> None:
        if "is_hidden" in form.changed_data:
            hide_or_show(target=tag, by=moderator(request), is_hidden=form.cleaned_data["is_hidden"])
        if into := form.merges_into():
            merge_tag(tag=tag, into=into)
            record(request.user, [tag, into], f"{_('Merged')}: {tag.pk} → {into.pk}", action=Action.MERGED)

    @admin.display(description=_("hidden"), boolean=True)
    def hidden(self, tag: Any) -> bool:
        return hasattr(tag, "state") and tag.state.is_hidden

    @admin.display(description=_("merged into"))
    def merged(self, tag: Any) -> str:
        return str(tag.state.merged_into or "-") if hasattr(tag, "state") else "-"
