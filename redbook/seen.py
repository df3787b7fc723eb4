"""Forms over words that are stored: what another window saved meanwhile is never replaced unseen."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from redbook.text import normal_form

CHANGED = _("Another window changed this after you opened it here. Save again to replace what it says.")


class SeenForm(forms.Form):
    """Comes back once, with status 409, where what is stored changed after the form was opened. Sent again, it replaces
    that.

    `stored` are the words as they are now, by field: also what the form begins with where `initial` says nothing else.
    A form that says just these is taken, as is one without `seen`.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    refusal = 422  # the status with which the form comes back

    def __init__(
        self,
        *args: Any,
        stored: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        stored = stored or {}
        self.stored = {name: _plain(value) for name, value in sorted(stored.items())}
        self.revision = sha256(repr(self.stored).encode()).hexdigest()[:24]
        kwargs["initial"] = {**stored, "seen": self.revision, **(initial or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        seen = said.pop("seen", "")
        is_said = all(_plain(said.get(name)) == value for name, value in self.stored.items())
        if seen and seen != self.revision and not is_said:
            data: Any = self.data
            self.data = data = data.copy()
            data["seen"] = self.revision
            self.refusal = 409
            self.add_error(None, CHANGED)
        return said


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [normal_form(each) for each in value]
    return normal_form(value) if isinstance(value, str) else bool(value)
