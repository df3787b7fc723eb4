"""Forms of series, and every message about their input."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenForm
from core.forms import LineField
from notes.models import Series
from notes.models.series import NAME_MAX, NOTES_MAX, SERIES_MAX

NONE = "none"
_MOVE = re.compile(r"([1-9][0-9]{0,17}):(before|after):([1-9][0-9]{0,17})", re.ASCII)


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


class SeriesForm(SeenForm):
    name = LineField(limit=NAME_MAX, label=_("Name"), error_messages={"required": _("Give it a name.")})

    def refuse_name(self) -> None:
        self.add_error("name", _("You have another series with this name."))


class Move(NamedTuple):
    """That a note is to stand right before or after another."""

    note: int
    other: int
    is_before: bool


class MoveForm(forms.Form):
    """One move, as "<note>:before:<other>" or "<note>:after:<other>"."""

    move = forms.CharField(max_length=60)

    def clean_move(self) -> Move:
        found = _MOVE.fullmatch(self.cleaned_data["move"])
        if not found:
            raise ValidationError("malformed", code="malformed")
        return Move(int(found[1]), int(found[3]), found[2] == "before")
