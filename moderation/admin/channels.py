"""Admin of curated channels: a name in each language, several tags, and an order."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from core.concurrent_edits import SeenRowForm
from core.forms import LineField, TagsField
from core.text import isolated, normal_form, slug
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import site
from notes.explore.channel_actions import save_channel
from notes.models import Channel
from notes.models.channel import NAME_MAX, TAGS_MAX
from notes.models.tags import target_of

SIMILAR = 8


class ChannelForm(SeenRowForm):
    en = LineField(limit=NAME_MAX, label=_("In English"))
    zh = LineField(limit=NAME_MAX, label=_("In Chinese"))
    tag_names = TagsField(
        most=TAGS_MAX,
        label=_("Tags"),
        help_text=format_lazy(
            _(
                "Up to {most}, separated by commas. Part of a word is enough to find tags: those that have it are then"
                " listed."
            ),
            most=TAGS_MAX,
        ),
        widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
    )

    class Meta:
        model = Channel
        fields = ["en", "zh", "position", "is_shown"]

    def __init__(self, *args: Any, instance: Channel | None = None, **kwargs: Any) -> None:
        tags = instance.tags.order_by("name") if instance and instance.pk else Tag.objects.none()
        stored = {"tag_names": list(tags.values_list("name", flat=True))}
        kwargs["initial"] = stored | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)

    def clean_tag_names(self) -> list[Tag]:
        """Return the tags with these names; a merged tag is replaced by its target."""
        wanted = [normal_form(name) for name in self.cleaned_data["tag_names"]]
        rows = Tag.objects.filter(name__in=wanted).select_related("state__merged_into")
        found = {tag.name: target_of(tag) for tag in rows}
        refused = [_unknown(name) for name in wanted if name not in found]
        if refused:
            raise ValidationError(refused)
        return list(dict.fromkeys(found[name] for name in wanted))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.instance.pk and "en" in said and "zh" in said:
            address = slug(f"{said['en']} {said['zh']}")
            if not address or Channel.objects.filter(slug=address).exists():
                self.add_error("en", _("Another channel has these names."))
        return said


def _unknown(name: str) -> ValidationError:
    similar = Tag.objects.filter(name__icontains=name, state__merged_into=None).order_by("name")[:SIMILAR]
    if not similar:
        return ValidationError(_("No tag is called “%(name)s”."), params={"name": isolated(name)})
    said = ", ".join(tag.name for tag in similar)
    words = _("No tag is called “%(name)s”. Tags with that in their name: %(similar)s")
    return ValidationError(words, params={"name": isolated(name), "similar": said})


@admin.register(Channel, site=site)
class ChannelAdmin(LimitedSearchAdmin):
    """Channels are never deleted, only no longer shown. A renamed channel keeps its address."""

    form = ChannelForm
    fields = ["en", "zh", "tag_names", "position", "is_shown", "slug"]
    readonly_fields = ["slug"]
    list_display = ["en", "zh", "tagged", "position", "is_shown"]
    list_filter = ["is_shown"]
    search_fields = ["en", "zh"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return Channel.objects.prefetch_related("tags").order_by("position", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, channel: Channel) -> str:
        return channel.get_absolute_url()

    def save_model(self, request: HttpRequest, channel: Channel, form: ModelForm, change: bool) -> None:
        save_channel(channel=channel, tags=form.cleaned_data["tag_names"])

    @admin.display(description=_("tags"))
    def tagged(self, channel: Channel) -> str:
        return " ".join(f"#{tag.name}" for tag in channel.tags.all())
