"""Admin of campuses: add, correct, hide and merge."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.audit import Action, record
from core.forms import LineField
from core.merging import MergeForm
from core.text import normal_form
from moderation.admin.search import LimitedSearchAdmin
from moderation.admin.site import moderator, site
from moderation.decisions.directly import hide_or_show
from people.actions.campuses import merge_campus
from profiles.models import Campus
from profiles.models.campus import CITY_MAX, NAME_MAX


class CampusForm(MergeForm):
    not_found = _("No other campus has this name.")
    merged_already = _("This campus has been merged already.")
    name = LineField(limit=NAME_MAX, label=_("Name"))
    city = LineField(limit=CITY_MAX, label=_("City"), required=False)
    into = LineField(
        limit=NAME_MAX,
        label=_("Merge into"),
        required=False,
        help_text=_(
            "The name of the campus that this one is. Its notes and people go there, and so does its address."
        ),
    )

    class Meta:
        model = Campus
        fields = ["name", "city", "is_school", "is_hidden"]

    def __init__(self, *args: Any, instance: Campus | None = None, **kwargs: Any) -> None:
        merged = {"merged_into": instance.merged_into_id if instance else None}
        kwargs["initial"] = merged | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Campus.objects.filter(normal=normal_form(name)[:160]).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This campus is here already."))
        return name

    def other(self, name: str) -> Campus | None:
        found = Campus.objects.filter(normal=normal_form(name)[:160], merged_into=None)
        return found.exclude(pk=self.instance.pk).first()


@admin.register(Campus, site=site)
class CampusAdmin(LimitedSearchAdmin):
    """Campuses keep their address when renamed. The list has all that are in use, those of private notes too, without
    revealing whose.
    """

    form = CampusForm
    fields = ["name", "city", "slug", "is_school", "is_hidden", "into", "merged_into"]
    readonly_fields = ["slug", "merged_into"]
    list_display = ["name", "city", "slug", "created_at", "is_school", "is_hidden", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name", "city"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, campus: Campus) -> str:
        return campus.get_absolute_url()

    def save_model(self, request: HttpRequest, campus: Campus, form: CampusForm, change: bool) -> None:
        if not change:
            added = Campus.objects.named(campus.name, campus.city)
            said = {"is_hidden": campus.is_hidden, "is_school": campus.is_school}
            Campus.objects.filter(pk=added.pk).update(is_added=True, **said)
            campus.pk, campus.slug = added.pk, added.slug
            return
        campus.normal = normal_form(campus.name)[:160]
        campus.save(update_fields=["name", "city", "normal", "is_school"])
        if "is_hidden" in form.changed_data:
            hide_or_show(target=campus, by=moderator(request), is_hidden=form.cleaned_data["is_hidden"])
        if into := form.merges_into():
            merge_campus(campus=campus, into=into)
            record(
                request.user, [campus, into], f"{_('Merged')}: {campus.pk} → {into.pk}", action=Action.MERGED
            )
