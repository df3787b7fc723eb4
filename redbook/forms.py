"""Form fields for what people type, and the messages they read about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from redbook import text

_CODE_POINTS_A_CHARACTER = 10


class LineField(forms.CharField):
    """One line of any script. `limit` counts characters as people do; code points are limited to ten times that.

    Raises ValidationError for control characters, direction overrides, half surrogates, and what no reader sees.
    """

    tidy = staticmethod(text.tidy_line)

    def __init__(self, *, limit: int, **options: Any) -> None:
        self.limit = limit
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        if text.has_forbidden(value):
            raise ValidationError(_("Take out the invisible control characters."), code="control")
        return self.tidy(value)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and text.is_blank(value):
            raise ValidationError(_("Nothing in this can be seen."), code="blank")
        over = self.over(value)
        if over > 0:
            raise ValidationError(
                ngettext_lazy(
                    "This is %(over)d character too long.", "This is %(over)d characters too long.", "over"
                ),
                code="long",
                params={"over": over},
            )

    def over(self, value: str) -> int:
        """By how many characters the text is too long."""
        longest = self.limit * _CODE_POINTS_A_CHARACTER
        if len(value) > longest:
            return len(value) - longest
        return text.length(value) - self.limit

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-limit": str(self.limit)}


class ProseField(LineField):
    """Several lines."""

    widget = forms.Textarea
    tidy = staticmethod(text.tidy_prose)


class WidthField(LineField):
    """One line whose `limit` counts half-widths: 32 are 32 Latin letters or 16 Chinese characters.

    Characters that add no width count half as much, so that code points are limited to twice the limit.
    """

    def over(self, value: str) -> int:
        return max(text.half_widths(value) - self.limit, len(value) - 2 * self.limit)


class TagsField(forms.CharField):
    """Comma-separated tags, with or without #, as a list without repeats."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        value = super().to_python(value)
        if text.has_forbidden(value):
            raise ValidationError(_("Take out the invisible control characters."), code="control")
        words = (
            word.strip().lstrip("#＃").strip()
            for word in value.replace("，", ",").replace("、", ",").split(",")
        )
        unique: dict[str, str] = {}
        for word in filter(None, words):
            unique.setdefault(text.normal_form(word), text.tidy_line(word))
        return list(unique.values())

    def validate(self, value: list[str]) -> None:  # type: ignore[override]
        super().validate(value)
        for word in value:
            if not text.slug(word):
                raise ValidationError(
                    _("“%(word)s” needs a letter or a digit to be a tag."),
                    code="slug",
                    params={"word": word[:20]},
                )
            if not text.is_tag(word):
                raise ValidationError(
                    _("“%(word)s…” is too long for a tag."), code="long", params={"word": word[:20]}
                )
        if len(value) > self.most:
            raise ValidationError(
                ngettext_lazy("At most %(most)d tag.", "At most %(most)d tags.", "most"),
                code="many",
                params={"most": self.most},
            )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value
