"""Forms that edit stored text: a change that another window saved meanwhile is never overwritten unseen."""

import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.text import normal_form

CHANGED = _(
    "This was changed in another window after you opened it here. Save again to replace those changes."
)


class SeenField(forms.CharField):
    """A hidden field with the version of the stored text at the time the form was opened. It never counts as a
    change.
    """

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenForm(forms.Form):
    """A form that is rejected once, with status 409, if the stored text changed after the form was opened. Sent
    again, it overwrites.

    `stored` holds the current text by field, which is also the initial data unless `initial` says otherwise. A form
    that equals the stored text is accepted, as is one without `seen`.
    """

    seen = SeenField()
    refusal = 422  # the status with which the form comes back
    looked_up: frozenset[str] = frozenset()  # fields whose words are found in any case, and stored as found

    def __init__(
        self,
        *args: Any,
        stored: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        stored = stored or {}
        self.stored = {name: self._plain(name, value) for name, value in sorted(stored.items())}
        self.revision = _revision(self.stored)
        kwargs["initial"] = {**stored, "seen": self.revision, **(initial or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        seen = data.pop("seen", "")
        is_unchanged = all(self._plain(name, data.get(name)) == value for name, value in self.stored.items())
        if not is_unchanged:
            _refuse_once(self, seen)
        return data

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [normal_form(each) for each in value]
        if isinstance(value, str):
            return normal_form(value) if name in self.looked_up else _one_form(value)
        return bool(value)


class SeenRowForm(forms.ModelForm):
    """The same for a row in admin, whose change page carries `seen` along. `initial` may have fields that the page
    shows and the form lacks.
    """

    seen = SeenField()
    refusal = 422

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = {name: _plain_of_row(value) for name, value in sorted(self.initial.items())}
        self.revision = _revision(stored) if self.instance.pk else ""
        self.initial["seen"] = self.revision

    def is_unchanged(self) -> bool:
        """Return whether the row is already as the form would have it."""
        return not self.changed_data

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.revision and not self.is_unchanged():
            _refuse_once(self, data.get("seen", ""))
        return data


def _revision(stored: Mapping[str, Any]) -> str:
    return sha256(repr(dict(stored)).encode()).hexdigest()[:24]


def _refuse_once(form: Any, seen: str) -> None:
    """Reject a form once if it was opened before the stored text changed; sent again, it overwrites."""
    if not seen or seen == form.revision:
        return
    form.data = form.data.copy()
    form.data["seen"] = form.revision
    form.refusal = 409
    form.add_error(None, CHANGED)


def _one_form(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def _plain_of_row(value: Any) -> Any:
    """Return the primary keys of related rows, in any order."""
    if isinstance(value, list):
        return sorted(each.pk if isinstance(each, Model) else each for each in value)
    return _one_form(value) if isinstance(value, str) else value
