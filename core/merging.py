"""Merge a duplicate row into another one: the form that campuses and tags share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from core.concurrent_edits import SeenRowForm


class MergeForm(SeenRowForm):
    """Form to merge a row into the one named in `into`; `initial["merged_into"]` is the row it was merged into."""

    not_found: Any  # a translated sentence
    merged_already: Any  # another

    def other(self, name: str) -> Model | None:
        """Return the row with this name, if others may be merged into it."""
        raise NotImplementedError

    def clean_into(self) -> Model | None:
        name = self.cleaned_data["into"]
        found = self.other(name) if name else None
        if name and found is None:
            raise ValidationError(self.not_found)
        if found and self.initial["merged_into"] not in {None, found.pk}:
            raise ValidationError(self.merged_already)
        return found

    def merges_into(self) -> Any:
        """Return the row that a valid form merges into, unless that is done already."""
        into = self.cleaned_data.get("into")
        return into if into and into.pk != self.initial["merged_into"] else None

    def is_unchanged(self) -> bool:
        """Return whether the merge is done already and the form changes nothing else."""
        is_done = bool(self.cleaned_data.get("into")) and not self.merges_into()
        return set(self.changed_data) <= ({"into"} if is_done else set())
