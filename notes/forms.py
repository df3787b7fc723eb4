"""Compose and comment forms, and every message about their input."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.commenters import Commenters
from core.concurrent_edits import SeenForm
from core.forms import LineField, ProseField, TagsField
from core.text import isolated, normal_form, tags_in
from imaging import Refusal
from notes.models import Note, Photo
from notes.models.comment import COMMENT_MAX
from notes.models.note import BODY_MAX, PHOTOS_MAX, PLACE_MAX, TAGS_MAX, TITLE_MAX, TONES

PARTNER_MAX, CAMPUS_MAX, ALT_MAX = 40, 60, 500

# Types for file choosers. Some recognise HEIC and AVIF only by their extension.
ACCEPT = (
    "image/jpeg, image/png, image/webp, image/gif, image/heic, image/heif, image/avif, .heic, .heif, .avif"
)
# The tones, as paper of a text cover.
PAPERS = {
    "warm": _("Cream"),
    "rose": _("Rose"),
    "leaf": _("Pine"),
    "sky": _("Sky"),
    "dark": _("Ink"),
    "pale": _("Paper"),
}

REFUSALS = {
    Refusal.EMPTY: _("“%(name)s” is empty."),
    Refusal.UNSUPPORTED: _(
        "“%(name)s” is not a photo we can read. Choose a JPEG, PNG, WebP, GIF, HEIC or AVIF file."
    ),
    Refusal.RARE_JPEG: _(
        "“%(name)s” is a rare kind of JPEG (arithmetic, lossless or 12-bit) that browsers cannot show. "
        "Save it again as an ordinary JPEG."
    ),
    Refusal.MALFORMED: _(
        "“%(name)s” breaks the rules of its format, so browsers cannot show it. Save it again as a JPEG."
    ),
    Refusal.TOO_HEAVY: _("“%(name)s” is larger than 25 MB."),
    Refusal.TOO_LARGE: _(
        "“%(name)s” has too many pixels. Save it again as an ordinary JPEG of up to 70 megapixels."
    ),
    Refusal.TOO_SMALL: _("“%(name)s” is too small. Each side needs at least 64 pixels."),
    Refusal.TOO_LONG: _("“%(name)s” is too long. A side may have at most 20,000 pixels."),
    Refusal.TOO_NARROW: _(
        "“%(name)s” is too long and narrow. The longer side may be at most 20 times the shorter."
    ),
    Refusal.TOO_MANY_SCANS: _(
        "“%(name)s” has a structure we cannot process. Save it again as an ordinary JPEG."
    ),
    Refusal.TOO_HARD: _("“%(name)s” is too complex to process. Save it again as an ordinary JPEG."),
    Refusal.DAMAGED: _("“%(name)s” is damaged or cut short."),
    Refusal.LOST: _("We couldn’t process “%(name)s”. Remove it and add it again."),
}
STORAGE_AWAY = _("Photos cannot be stored right now. Choose them again in a few minutes.")


def refusal_of(file_name: str | None, reason: Refusal) -> str:
    """Return why an uploaded file is refused."""
    return str(REFUSALS[reason]) % {"name": isolated(file_name or "")}


def processing_errors(photos: Iterable[Photo]) -> list[str]:
    """Return why photos could not be processed, one sentence each, naming the photo by its file."""
    return [
        REFUSALS[Refusal(photo.reason)]
        % {"name": isolated(photo.file_name) or _("Photo %(number)d") % {"number": number}}
        for number, photo in enumerate(photos, start=1)
        if photo.state == photo.State.FAILED
    ]


class NoteForm(forms.Form):
    """The text fields of a note. Publishing needs a title; a draft needs any content."""

    title = LineField(
        limit=TITLE_MAX,
        required=False,
        label=_("Title"),
        widget=forms.TextInput(attrs={"placeholder": _("What should people remember?")}),
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
        help_text=_("Up to ten, separated by commas. #tags in the story count too."),
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
    commenters = forms.ChoiceField(
        choices=Commenters.choices,
        required=False,
        widget=forms.RadioSelect,
        label=_("Who can comment"),
    )
    disclosure = forms.ChoiceField(
        choices=Note.Disclosure.choices,
        initial=Note.Disclosure.NONE,
        required=False,
        widget=forms.RadioSelect,
        label=_("Is a brand part of this?"),
    )
    partner = LineField(limit=PARTNER_MAX, required=False, label=_("Brand’s name"))
    origin = forms.ChoiceField(
        choices=[choice for choice in Note.Origin.choices if choice[0]],
        required=False,
        widget=forms.RadioSelect,
        label=_("How was it made?"),
        help_text=_("“Made with AI” is filled in where the file of a photo says so."),
    )
    text_tone = forms.ChoiceField(
        choices=[(tone, PAPERS[tone]) for tone in TONES],
        required=False,
        widget=forms.RadioSelect,
        label=_("Colour of the cover"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, publishing: bool = True, approves: bool = False, **kwargs: Any) -> None:
        """`approves`: the author approves followers, so "everyone" is not offered."""
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
        """Return the tags of the field, then those of the body, without duplicates."""
        tags = list({normal_form(tag): tag for tag in [*typed, *tags_in(body)]}.values())
        if len(tags) > TAGS_MAX:
            message = ngettext_lazy(
                "At most %(most)d tag, with those in the story.",
                "At most %(most)d tags, with those in the story.",
                "most",
            )
            self.add_error("tags", ValidationError(message, code="many", params={"most": TAGS_MAX}))
        return tags


class UploadForm(forms.Form):
    """One photo ahead of its note: its key, the key of the note, and its position, from 0."""

    photos = forms.FileField(
        allow_empty_file=True, max_length=None, error_messages={"required": _("Choose a photo.")}
    )
    key = forms.UUIDField()
    note = forms.UUIDField(required=False)
    place = forms.IntegerField(required=False, min_value=0, max_value=PHOTOS_MAX - 1)


class CommentTextForm(forms.Form):
    body = ProseField(
        limit=COMMENT_MAX, label=_("Comment"), error_messages={"required": _("Write something first.")}
    )


class CommentEditForm(SeenForm, CommentTextForm):
    """The text of one's own comment; what another window saved meanwhile is not replaced unseen."""


class CommentForm(CommentTextForm):
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
