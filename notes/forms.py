"""What compose and comment forms take, and every message about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notes.models import Note
from notes.models.comment import COMMENT_MAX
from notes.models.note import BODY_MAX, PLACE_MAX, TAGS_MAX, TITLE_MAX
from notes.photos import Refusal
from redbook.forms import LineField, ProseField, TagsField
from redbook.text import normal_form, tags_in

PARTNER_MAX, CAMPUS_MAX, ALT_MAX = 40, 60, 500

REFUSALS = {
    Refusal.EMPTY: _("“%(name)s” is empty."),
    Refusal.UNSUPPORTED: _("“%(name)s” is not a photo we can read. Choose a JPEG, PNG or WebP file."),
    Refusal.TOO_HEAVY: _("“%(name)s” is larger than 25 MB."),
    Refusal.TOO_LARGE: _("“%(name)s” has more pixels than we can take."),
    Refusal.TOO_SMALL: _("“%(name)s” is too small. Each side needs at least 64 pixels."),
    Refusal.TOO_LONG: _("“%(name)s” is too long and narrow."),
    Refusal.TOO_MANY_SCANS: _(
        "“%(name)s” is built in a way we cannot take. Save it again as an ordinary JPEG."
    ),
    Refusal.DAMAGED: _("“%(name)s” is damaged or cut short."),
}


def problems_of(note: Note) -> list[str]:
    """Why photos of a note could not be prepared, one sentence each, naming the photo by its place."""
    return [
        REFUSALS[Refusal(photo.reason)] % {"name": _("Photo %(number)d") % {"number": photo.position + 1}}
        for photo in note.photos.all()
        if photo.state == photo.State.FAILED
    ]


class NoteForm(forms.Form):
    """The words of a note. Publishing needs a title; a draft may be anything but empty."""

    title = LineField(
        limit=TITLE_MAX,
        required=False,
        label=_("Title"),
        widget=forms.TextInput(
            attrs={"placeholder": _("What should people remember?"), "autocomplete": "off"}
        ),
    )
    body = ProseField(
        limit=BODY_MAX,
        required=False,
        label=_("Story"),
        widget=forms.Textarea(attrs={"placeholder": _("Where, when, how. Details help."), "rows": 5}),
    )
    tags = TagsField(
        most=TAGS_MAX,
        required=False,
        label=_("Tags"),
        help_text=_("Up to ten, with commas between. #tags in the story count too."),
    )
    campus = LineField(
        limit=CAMPUS_MAX,
        required=False,
        label=_("Campus"),
        widget=forms.TextInput(attrs={"list": "campuses"}),
    )
    place = LineField(limit=PLACE_MAX, required=False, label=_("Place"))
    visibility = forms.ChoiceField(
        choices=Note.Visibility.choices,
        initial=Note.Visibility.PUBLIC,
        required=False,
        widget=forms.RadioSelect,
        label=_("Who can see it"),
    )
    disclosure = forms.ChoiceField(
        choices=Note.Disclosure.choices,
        initial=Note.Disclosure.NONE,
        required=False,
        widget=forms.RadioSelect,
        label=_("Is a brand part of this?"),
    )
    partner = LineField(limit=PARTNER_MAX, required=False, label=_("Brand’s name"))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, publishing: bool = True, approves: bool = False, **kwargs: Any) -> None:
        """`approves`: the author approves their followers, and publishes to nobody else."""
        self.publishing = publishing
        super().__init__(*args, **kwargs)
        if approves:
            self._leave_out_everyone(self.fields["visibility"])

    def _leave_out_everyone(self, field: Any) -> None:
        everyone, followers = Note.Visibility.PUBLIC, Note.Visibility.FOLLOWERS
        field.choices = [choice for choice in Note.Visibility.choices if choice[0] != everyone]
        field.initial = followers
        field.help_text = _("You approve your followers, so nothing you post is for everyone.")
        field.error_messages["invalid_choice"] = _("You approve your followers: choose them, or only you.")
        if self.initial.get("visibility") == everyone:
            self.initial["visibility"] = followers

    @property
    def says_something(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("title", "body", "tags", "place"))

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or self.fields["visibility"].initial

    def clean_disclosure(self) -> str:
        return self.cleaned_data["disclosure"] or Note.Disclosure.NONE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.publishing and not data.get("title") and "title" not in self.errors:
            self.add_error("title", ValidationError(_("Give the note a title."), code="required"))
        if "tags" in data and "body" in data:
            data["tags"] = self._all_tags(data["tags"], data["body"])
        if data.get("disclosure", Note.Disclosure.NONE) == Note.Disclosure.NONE:
            data["partner"] = ""
        return data

    def _all_tags(self, typed: list[str], body: str) -> list[str]:
        """The tags of the field and then those of the story, without repeats."""
        tags = list({normal_form(tag): tag for tag in [*typed, *tags_in(body)]}.values())
        if len(tags) > TAGS_MAX:
            message = ngettext_lazy(
                "At most %(most)d tag, with those in the story.",
                "At most %(most)d tags, with those in the story.",
                "most",
            )
            self.add_error("tags", ValidationError(message, code="many", params={"most": TAGS_MAX}))
        return tags


class CommentForm(forms.Form):
    body = ProseField(
        limit=COMMENT_MAX, label=_("Comment"), error_messages={"required": _("Write something first.")}
    )
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
