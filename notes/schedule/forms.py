"""The field for the time at which a note is published by itself."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import zone_label, zone_named
from notes.schedule.times import EARLIEST, LATEST, Moment, check_range, current_zone, in_field, moment_of


class ScheduleForm(forms.Form):
    """A local time and its zone, which becomes a `moment`. `stored` is the time at which the note is scheduled already:
    it is accepted however near it is. The field is shown in `shown_zone`: the one it was sent with, if that is known.
    """

    use_required_attribute = False  # the form around it has other buttons

    publish_at = forms.CharField(
        label=_("Day and time"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "step": "60"}),
        error_messages={"required": _("Choose when the note is to be published.")},
    )
    zone = forms.CharField(widget=forms.HiddenInput)
    moment: Moment

    def __init__(
        self, data: Any = None, *, stored: datetime | None = None, typed: str = "", zone_name: str = ""
    ) -> None:
        self.stored = stored
        name = str(data.get("zone", "")) if data else zone_name
        known = zone_named(name)
        self.shown_zone = zone = known if known.key == name else current_zone()
        at = typed or (in_field(stored, zone) if stored else "")
        super().__init__(data, initial={"publish_at": at, "zone": zone.key})
        field = self.fields["publish_at"]
        field.help_text = zone_label(zone, stored)
        now = timezone.now()
        limits = {"min": in_field(now + EARLIEST, zone), "max": in_field(now + LATEST, zone)}
        field.widget.attrs |= {} if stored else limits

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "publish_at" in data:
            if self.stored and self._is_unchanged(data):
                self.moment = Moment(self.stored, self.shown_zone)
                return data
            try:
                self.moment = moment_of(data["publish_at"], data.get("zone", ""))
                if self.moment.at != self.stored:
                    check_range(self.moment)
            except ValidationError as error:
                self.add_error("publish_at", error)
        return data

    def _is_unchanged(self, data: dict[str, Any]) -> bool:
        """Return whether the field says what it showed of the stored time, which clocks may show twice."""
        shown = in_field(self.stored, self.shown_zone) if self.stored else ""
        return data.get("zone") == self.shown_zone.key and data["publish_at"].strip() == shown
