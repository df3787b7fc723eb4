"""Form fields for typed text, and their error messages."""

import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import text

NOTHING_SEEN = _("This has no visible text.")
_CODE_POINTS_A_CHARACTER = 10
_ROOM = 2_000  # code points that any field looks at, for white space and what is tidied away


def check_first(value: str, longest: int) -> None:
    """Validate a text before it is normalised, split or counted, in time linear in its length.

    Raises ValidationError for too many code points, and for more marks on one character than any script writes.
    """
    over = len(value) - max(longest, _ROOM)
    if over > 0:
        raise _too_long(over)
    if text.is_piled(value):
        raise ValidationError(
            _("Too many marks on one character. The limit is %(most)d."),
            code="piled",
            params={"most": text.PILE_MAX},
        )


def as_typed(value: Any) -> Any:
    """Remove the joiners that forms insert between stacked marks."""
    return value.replace("\u034f", "") if isinstance(value, str) else value


def check_controls(value: str) -> None:
    """Raise ValidationError, quoting the text before it, for a control character or an unpaired surrogate."""
    before = text.forbidden(value)
    if before:
        raise ValidationError(
            _("Remove the invisible control characters behind “%(before)s”."),
            code="control",
            params={"before": text.isolated(before)},
        )
    if before == "":
        raise ValidationError(_("Remove the invisible control characters at the start."), code="control")


def _too_long(over: int) -> ValidationError:
    message = ngettext_lazy(
        "This is %(over)d character too long.", "This is %(over)d characters too long.", "over"
    )
    return ValidationError(message, code="long", params={"over": over})


class LineField(forms.CharField):
    """One line of text in any script. `limit` counts characters as people do, but at least one for every ten code
    points.

    Raises ValidationError for control characters, unpaired surrogates, stacked marks, and text that is invisible.
    """

    tidy = staticmethod(text.tidy_line)

    def __init__(self, *, limit: int, **options: Any) -> None:
        self.limit = limit
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        check_first(value, self.limit * _CODE_POINTS_A_CHARACTER)
        tidied = self.tidy(value)
        check_controls(tidied)
        if not tidied and value.strip():
            raise ValidationError(NOTHING_SEEN, code="blank")
        return tidied

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and text.is_blank(value):
            raise ValidationError(NOTHING_SEEN, code="blank")
        over = self.used(value) - self.limit
        if over > 0:
            raise _too_long(over)

    def used(self, value: str) -> int:
        """Return how much of the limit a tidied text takes. The counter beside the field counts the same way."""
        return max(text.length(value), math.ceil(len(value) / _CODE_POINTS_A_CHARACTER))

    def prepare_value(self, value: Any) -> Any:
        return as_typed(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-limit": str(self.limit), "dir": "auto"}


class ProseField(LineField):
    """A field of several lines."""

    widget = forms.Textarea
    tidy = staticmethod(text.tidy_prose)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-lines": True}


class WidthField(LineField):
    """One line whose `limit` counts half-widths, but at least one for every two code points: 32 are 32 Latin letters
    or 16 Chinese characters.
    """

    def used(self, value: str) -> int:
        return max(text.half_widths(value), math.ceil(len(value) / 2))


class SliderField(forms.IntegerField):
    """A whole number from `least` to `most`; `middle` if nothing is sent."""

    def __init__(self, *, least: int, most: int, middle: int, **options: Any) -> None:
        widget = forms.NumberInput({"type": "range"})
        super().__init__(
            min_value=least, max_value=most, initial=middle, required=False, widget=widget, **options
        )

    def clean(self, value: Any) -> int:
        found = super().clean(value)
        return self.initial if found is None else found


class TagsField(forms.CharField):
    """A field of tags separated by commas, line breaks or #, cleaned to a list without repeats."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        value = super().to_python(value)
        check_first(value, 0)
        check_controls(text.tidy_prose(value))
        unique: dict[str, str] = {}
        for word in text.words_between(value):
            unique.setdefault(text.normal_form(word), word)
        return list(unique.values())

    def validate(self, value: list[str]) -> None:  # type: ignore[override]
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(
                ngettext_lazy("At most %(most)d tag.", "At most %(most)d tags.", "most"),
                code="many",
                params={"most": self.most},
            )
        for word in value:
            if not text.has_letter(word):
                raise ValidationError(
                    _("“%(word)s” needs a letter to be a tag."),
                    code="slug",
                    params={"word": text.isolated(word[:20])},
                )
            if not text.is_tag(word):
                raise ValidationError(
                    _("“%(word)s…” is too long for a tag."),
                    code="long",
                    params={"word": text.isolated(word[:20])},
                )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else as_typed(value)
