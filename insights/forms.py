from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from insights.models import PICKS_MAX
from insights.word_keys import Key
from insights.words import Offer
from notes.models.note import PHOTOS_MAX


class SeenForm(forms.Form):
    """The furthest photo of a note that was seen, from 1."""

    photo = forms.IntegerField(min_value=1, max_value=PHOTOS_MAX)


class PicksForm(forms.Form):
    """Form to pick up to three words and topics of an offer."""

    words = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("One of these is no longer offered. Choose again.")},
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.choices = [(str(key), str(key)) for key in offer.keys]  # type: ignore[attr-defined]
        self.initial.setdefault("words", [str(key) for key in offer.picked])

    def clean_words(self) -> list[Key]:
        chosen = list(dict.fromkeys(self.cleaned_data["words"]))
        if len(chosen) > PICKS_MAX:
            raise ValidationError(_("Choose up to three."), code="many")
        return [key for text in chosen if (key := Key.read(text))]
