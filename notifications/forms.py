from django import forms
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenForm
from notifications.models import OPTIONAL


class ReadForm(forms.Form):
    """Up to which notification the page showed them."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class KindsForm(SeenForm):
    kinds = forms.MultipleChoiceField(
        choices=[(kind.value, kind.label) for kind in OPTIONAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Tell me about"),
        help_text=_(
            "What you leave out is not told from now on. Decisions of moderators, and copies of your data that are"
            " ready, are always told."
        ),
    )

    def clean_kinds(self) -> list[str]:
        """Return the kinds in the order of the list, without duplicates."""
        chosen = set(self.cleaned_data["kinds"])
        return [kind for kind in OPTIONAL if kind in chosen]
