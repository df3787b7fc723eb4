from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenForm
from notifications.models import OPTIONAL


class ReadForm(forms.Form):
    """Up to which notification the page showed them."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class SettingsForm(SeenForm):
    kinds = forms.MultipleChoiceField(
        choices=[(kind.value, kind.label) for kind in OPTIONAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Tell me about"),
        help_text=_(
            "You won’t be notified about what you turn off. Decisions of moderators and finished copies of your data"
            " always appear."
        ),
    )

    digest = forms.BooleanField(
        required=False,
        label=_("Send me a daily digest by e-mail"),
        help_text=_("What is new and unread, once a day. On days without anything new there is no mail."),
    )
    digest_hour = forms.ChoiceField(
        choices=[(str(hour), f"{hour:02}:00") for hour in range(24)], required=False, label=_("At this time")
    )

    def clean_kinds(self) -> list[str]:
        """Return the kinds in the order of the list, without duplicates."""
        chosen = set(self.cleaned_data["kinds"])
        return [kind for kind in OPTIONAL if kind in chosen]

    def digest_chosen(self, hour: int) -> dict[str, Any]:
        """Return whether the digest is on, and its hour: this one, where the form says none."""
        return {"is_on": self.cleaned_data["digest"], "hour": int(self.cleaned_data["digest_hour"] or hour)}
