"""The form in which people choose their time zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import zones
from core.concurrent_edits import SeenForm


class ZoneSelect(forms.Select):
    """A list of zones that also knows them by the older names that some browsers use."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if former := zones.former_name(str(value)):
            option["attrs"]["data-former"] = former
        return option


class ZoneField(forms.ChoiceField):
    def to_python(self, value: Any) -> str:
        return zones.current_name(super().to_python(value))


def _choices() -> list[Any]:
    of_site = gettext("Like the site: %(zone)s") % {"zone": zones.zone_option(zones.site_zone())}
    return [("", of_site), *zones.zone_choices()]


class TimeZoneForm(SeenForm):
    time_zone = ZoneField(
        choices=_choices,
        required=False,
        widget=ZoneSelect,
        label=_("Show times in"),
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )
