from django import forms

from notes.models.note import PHOTOS_MAX


class SeenForm(forms.Form):
    """The furthest photo of a note that was seen, from 1."""

    photo = forms.IntegerField(min_value=1, max_value=PHOTOS_MAX)
