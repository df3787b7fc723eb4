import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProseField
from moderation.models import DETAILS_MAX, Report
from notes.models import Photo


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        label=_("What is wrong?"),
        error_messages={"required": _("Choose what is wrong.")},
    )
    details = ProseField(
        limit=DETAILS_MAX,
        required=False,
        label=_("Anything we should know?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, photos: Sequence[Photo] = (), **options: Any) -> None:
        """Of a note with several `photos`, ask which of them is meant."""
        super().__init__(*args, **options)
        self.photos = {str(photo.pk): photo for photo in photos}
        if len(self.photos) > 1 or self.data.get("photo"):  # chosen, and gone meanwhile
            numbered = [(pk, number) for number, pk in enumerate(self.photos, start=1)]
            self.fields["photo"] = forms.ChoiceField(
                choices=[("", _("The whole note")), *numbered],
                required=False,
                label=_("What is it about?"),
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("This photo is no longer in the note. Choose again.")},
            )

    @property
    def which(self) -> list[tuple[Any, Photo | None]]:
        """The choices of what is meant, each with its photo; none where there is nothing to choose."""
        choices: Any = self["photo"] if "photo" in self.fields else []
        return [(choice, self.photos.get(str(choice.data["value"]))) for choice in choices]

    @property
    def photo(self) -> Photo | None:
        """The photo that is meant; None for the whole note."""
        return self.photos.get(self.cleaned_data.get("photo", ""))

    @property
    def said(self) -> dict[str, Any]:
        """What `report` is to be called with beside its target."""
        return {name: self.cleaned_data[name] for name in ("reason", "details", "key")}

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()
