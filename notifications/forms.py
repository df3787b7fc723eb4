from django import forms


class ReadForm(forms.Form):
    """Up to which notification the page showed them."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)
