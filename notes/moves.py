"""Read how a list is put in order, one note at a time."""

import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

_MOVE = re.compile(r"([1-9][0-9]{0,17}):(before|after):([1-9][0-9]{0,17})", re.ASCII)


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
