"""The form of the crop page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imaging import CropArea, Refusal, fitted, room, turned

CROP_REFUSALS = {
    Refusal.TOO_SMALL: _("That part is too small. Each side needs at least 64 pixels."),
    Refusal.TOO_NARROW: _("That part is too long and narrow."),
}


class CropForm(forms.Form):
    """Crop and turn of a photo, in pixels of its master, whose dimensions are `size`; `area` is set once the input is
    valid.

    A rectangle that sticks out is moved inside, and one of another ratio than the chosen is brought to it: people move
    one slider after the other.
    """

    RATIOS = {"3:4": (3, 4), "1:1": (1, 1), "4:3": (4, 3)}

    turn = forms.IntegerField(min_value=0, max_value=3)
    ratio = forms.ChoiceField(
        choices=[("free", _("Free")), ("own", _("Original")), *((name, name) for name in RATIOS)],
        required=False,
    )
    left = forms.IntegerField(min_value=0)
    top = forms.IntegerField(min_value=0)
    width = forms.IntegerField(min_value=1)
    height = forms.IntegerField(min_value=1)

    def __init__(self, *args: Any, size: tuple[int, int], **kwargs: Any) -> None:
        self.size = size
        self.area: CropArea | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            raise ValidationError(_("These numbers are no part of the photo."), code="invalid")
        across, down = room(self.size, data["turn"])
        if max(data["left"], data["width"]) > across or max(data["top"], data["height"]) > down:
            raise ValidationError(_("These numbers are no part of the photo."), code="invalid")
        sides = [data[name] for name in ("turn", "left", "top", "width", "height")]
        self.area = self._shaped(CropArea(*sides))
        if problem := self.area.problem:
            raise ValidationError(CROP_REFUSALS[problem], code=problem)
        return data

    def turned(self, quarters: int) -> CropArea:
        """Return the valid crop after this many quarter turns clockwise, in the chosen ratio."""
        assert self.area
        return self._shaped(turned(self.area, self.size, quarters))

    def _shaped(self, area: CropArea) -> CropArea:
        chosen = self.cleaned_data["ratio"]
        ratio = room(self.size, area.turn) if chosen == "own" else self.RATIOS.get(chosen)
        return fitted(area, self.size, ratio)
