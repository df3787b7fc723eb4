"""Forms of collections, and every message about their input."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.concurrent_edits import SeenForm
from core.forms import LineField, ProseField
from core.text import isolated
from notes.models import Collection
from notes.models.collection import COLLECTIONS_MAX, DESCRIPTION_MAX, NAME_MAX, PLACES_MAX

REMARK_MAX = 200
PRIVATE, PUBLIC = "private", "public"


def too_many() -> str:
    said = _("You have %(most)d collections, which is the limit. Delete or merge some first.")
    return str(said) % {"most": COLLECTIONS_MAX}


def is_full(name: str) -> str:
    said = _("“%(name)s” would have more than %(most)d notes, which is the limit.")
    return str(said) % {"name": isolated(name), "most": PLACES_MAX}


class CollectionForm(SeenForm):
    """Name and description of a collection, and who sees it."""

    name = LineField(limit=NAME_MAX, label=_("Name"), error_messages={"required": _("Give it a name.")})
    description = ProseField(
        limit=DESCRIPTION_MAX,
        required=False,
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visibility = forms.ChoiceField(
        choices=[(PRIVATE, _("Only me")), (PUBLIC, _("Everyone"))],
        required=False,
        initial=PRIVATE,
        widget=forms.RadioSelect,
        label=_("Who can see it"),
        help_text=_(
            "In a collection for everyone, others see its name and which notes you saved in it. Each person finds "
            "only the notes that they can open anyway."
        ),
    )

    def __init__(self, *args: Any, approves: bool = False, **kwargs: Any) -> None:
        """`approves`: the owner approves followers, who are the only ones to see their public collections."""
        super().__init__(*args, **kwargs)
        if approves:
            self.fields["visibility"].choices = [(PRIVATE, _("Only me")), (PUBLIC, _("Followers"))]  # type: ignore[attr-defined]

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or PRIVATE

    @property
    def written(self) -> dict[str, Any]:
        """What to store of a valid form."""
        words = {name: self.cleaned_data[name] for name in ("name", "description")}
        return {**words, "is_private": self.cleaned_data["visibility"] == PRIVATE}

    def refuse_name(self) -> None:
        self.add_error("name", _("You have another collection with this name."))


def stored(collection: Collection) -> dict[str, str]:
    """Return what the form of a collection begins with."""
    visibility = PRIVATE if collection.is_private else PUBLIC
    return {
        "name": collection.name,
        "description": collection.description,
        "visibility": visibility,
    }


class ChooseForm(SeenForm):
    """In which of one's collections a note is, a new one for it, and a remark.

    `was` are those that had the note when the form was opened: only what was ticked and unticked since is changed, so
    that two windows do not undo one another.
    """

    collection = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Collections")
    )
    name = LineField(limit=NAME_MAX, required=False, label=_("New collection"))
    remark = ProseField(
        limit=REMARK_MAX,
        required=False,
        label=_("Remark"),
        help_text=_("Only you see it, wherever you keep the note."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, collections: Sequence[Collection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["collection"]
        field.choices = [(str(each.pk), each.name) for each in collections]
        # A collection that was deleted in another window may still be ticked here: it is passed over, and is no error.
        field.valid_value = str.isdecimal

    def chosen(self) -> set[int]:
        return {int(pk) for pk in self.cleaned_data["collection"] if len(pk) < 19}

    def was(self) -> set[int]:
        said = self.data.getlist("was") if isinstance(self.data, QueryDict) else []
        return {int(pk) for pk in said if pk.isascii() and pk.isdecimal() and len(pk) < 19}


class MergeForm(forms.Form):
    """Into which other collection one is merged."""

    into = forms.ModelChoiceField(
        Collection.objects.none(),
        label=_("Move its notes into"),
        empty_label=None,
        error_messages={
            "required": _("Choose a collection."),
            "invalid_choice": _("That collection is gone. Choose another one."),
        },
    )

    def __init__(self, *args: Any, collection: Collection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Collection.objects.of(collection.owner_id).exclude(pk=collection.pk)
        self.fields["into"].queryset = others.order_by("-changed_at", "-pk")  # type: ignore[attr-defined]
