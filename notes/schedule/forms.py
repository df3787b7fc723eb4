"""The field for the time at which a note is published by itself."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import zone_label
from notes.schedule.times import EARLIEST, LATEST, Moment, check_range, current_zone, in_field, moment_of


class ScheduleForm(forms.Form):
    """A local time and its zone, which becomes a `moment`. `stored` is the time at which the note is scheduled already:
    it is accepted however near it is.
    """

    use_required_attribute = False  # the form around it has other buttons

    publish_at = forms.CharField(
        label=_("Day and time"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "step": "60"}),
        error_messages={"required": _("Choose when the note is to be published.")},
    )
    zone = forms.CharField(widget=forms.HiddenInput)
    moment: Moment

    def __init__(self, data: Any = None, *, stored: datetime | None = None, typed: str = "") -> None:
        self.stored = stored
        zone = current_zone()
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
            try:
                self.moment = moment_of(data["publish_at"], data.get("zone", ""))
                if self.moment.at != self.stored:
                    check_range(self.moment)
            except ValidationError as error:
                self.add_error("publish_at", error)
        return data
