from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProseField
from moderation.models.appeal import APPEAL_MAX


class AppealForm(forms.Form):
    text = ProseField(
        limit=APPEAL_MAX,
        label=_("Why should it be decided otherwise?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what we should look at again.")},
    )


class AnswerForm(forms.Form):
    """What a moderator decides about an appeal."""

    granted = forms.TypedChoiceField(
        choices=[("yes", _("Grant it: undo the decision")), ("no", _("Refuse it: the decision stays"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        label=_("Appeal"),
        error_messages={"required": _("Choose one.")},
    )
    answer = ProseField(
        limit=APPEAL_MAX,
        label=_("Answer to the person"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why: the person reads it.")},
    )
