"""Forms of series, and every message about their input."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenForm
from core.forms import LineField
from notes.models import Series
from notes.models.series import NAME_MAX, NOTES_MAX, SERIES_MAX

NONE = "none"


def too_many() -> str:
    return str(_("You have %(most)d series, which is the limit. Delete one first.")) % {"most": SERIES_MAX}


def is_full() -> str:
    return str(_("This series has %(most)d notes, which is the limit.")) % {"most": NOTES_MAX}


class ChooseForm(SeenForm):
    """The series that a note is in, or the name of a new one, which goes first."""

    series = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Series"))
    name = LineField(limit=NAME_MAX, required=False, label=_("New series"))

    def __init__(self, *args: Any, own: Sequence[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["series"]
        field.choices = [(NONE, _("In no series")), *((str(each.pk), each.name) for each in own)]
        field.error_messages["invalid_choice"] = _("That series is gone. Choose another one.")

    def clean_series(self) -> str:
        return self.cleaned_data["series"] or NONE


class AddForm(forms.Form):
    """Which notes come into a series."""

    note = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one note.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whose they are, and whether they are there, is asked where they are added.
        field: Any = self.fields["note"]
        field.valid_value = lambda value: value.isascii() and value.isdecimal() and len(value) < 19


class SeriesForm(SeenForm):
    name = LineField(limit=NAME_MAX, label=_("Name"), error_messages={"required": _("Give it a name.")})

    def refuse_name(self) -> None:
        self.add_error("name", _("You have another series with this name."))
