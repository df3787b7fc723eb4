import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProseField
from moderation.models import DETAILS_MAX, Report


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

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()
