"""Forms of settings and of a label, and every message about their input."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core import text
from core.commenters import Commenters
from core.concurrent_edits import SeenForm
from core.dates import calendar_day
from core.forms import LineField, TagsField, WidthField
from core.languages import NAMES
from people.actions.labels import LabelHidden, TooSoon
from profiles.models import Positioning, User
from profiles.models.label import NORMAL_MAX, STATEMENT_MAX, TOPICS_MAX, WORDING_MAX, WORDING_MIN
from profiles.models.user import MUTED_WORD_MAX


class PrivacyForm(SeenForm):
    keep_out = forms.BooleanField(
        required=False,
        label=_("Keep me out of search engines"),
        help_text=_(
            "They are asked not to list your profile, your notes and your photos. Our list of addresses for them"
            " leaves you out within twenty minutes; pages they already list can take weeks to disappear."
        ),
    )
    shows_campus = forms.BooleanField(
        required=False,
        label=_("Show my campus"),
        help_text=_("On your profile, and filled in when you write a note."),
    )
    shows_chapters = forms.BooleanField(
        required=False,
        label=_("Show my earlier labels"),
        help_text=_(
            "On your profile, each with the notes you published under it. Otherwise only you see them."
        ),
    )
    approves_followers = forms.BooleanField(
        required=False,
        label=_("Approve who follows me"),
        help_text=_(
            "People who want to follow you wait until you approve them. What you post is for followers or for yourself,"
            " never for everyone."
        ),
    )
    commenters = forms.ChoiceField(
        choices=Commenters.choices,
        widget=forms.RadioSelect,
        required=False,
        label=_("Who can comment on my new notes"),
        help_text=_(
            "You can choose otherwise for each note. Notes you have already posted stay as they are."
        ),
    )
    mentioners = forms.ChoiceField(
        choices=User.Mentioners.choices,
        widget=forms.RadioSelect,
        required=False,
        label=_("Who can mention me"),
        help_text=_(
            "A mention links to your profile and tells you. For everyone else your handle stays plain text, and they"
            " are not told why."
        ),
    )
    shares_stage = forms.BooleanField(
        required=False,
        label=_("Count my stage in audience statistics"),
        help_text=_(
            "The authors of notes you open may then learn what share of their readers is in high school: in tenths,"
            " over 40 people or more, never who. Off unless you turn it on. If you turn it off, you are left out of"
            " every count that is not closed; closed ones hold no names."
        ),
    )
    shares_campus = forms.BooleanField(
        required=False,
        label=_("Count my campus in audience statistics"),
        help_text=_(
            "The same for whether you are on their campus or another: in tenths, over 20 people or more. Schools are"
            " never counted."
        ),
    )
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def ask_first(self, notes: int) -> None:
        """Ask to confirm that this many public notes become followers-only.

        The page then sends `confirm`.
        """
        message = ngettext(
            "%(number)d public note of yours will be for followers only. Save again if you mean it.",
            "%(number)d public notes of yours will be for followers only. Save again if you mean it.",
            notes,
        )
        self.add_error("approves_followers", message % {"number": notes})


def still_waiting(requests: int) -> str:
    """Return the message about pending follow requests when approval is turned off."""
    return ngettext(
        "%(number)d follow request still waits: nobody is approved without you. They may follow you now.",
        "%(number)d follow requests still wait: nobody is approved without you. They may follow you now.",
        requests,
    ) % {"number": requests}


class LanguagesForm(SeenForm):
    languages = forms.MultipleChoiceField(
        choices=[(code, format_html('<bdi lang="{}">{}</bdi>', code, name)) for code, name in NAMES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Show notes in"),
        help_text=_(
            "Choose none to see all languages. Your own notes, and notes whose language we can’t detect, are"
            " always shown."
        ),
    )

    def clean_languages(self) -> list[str]:
        """Return the languages in the order of the list, without duplicates."""
        chosen = set(self.cleaned_data["languages"])
        return [code for code in NAMES if code in chosen]


MUTED_AT_ONCE = 10
_BETWEEN_WORDS = re.compile(r"(?<!\d),|,(?!\d)|[，、;；]")


class MutedWordForm(forms.Form):
    word = LineField(limit=MUTED_WORD_MAX)

    def clean_word(self) -> str:
        """Normalise a word or tag; a tag may begin with a full-width #."""
        word = self.cleaned_data["word"]
        if word[0] not in "#＃":
            if len(text.normal_form(word)) > 2 * MUTED_WORD_MAX:
                raise ValidationError(_("Write this in plainer characters."), code="long")
            return word
        name = text.tidy_line(word.lstrip("#＃"))
        if not text.is_tag(name):
            raise ValidationError(_("This is not a tag."), code="tag")
        return f"#{name}"


class MutedWordsForm(forms.Form):
    """One or more words and #tags to mute, separated by commas. A comma inside a number does not separate."""

    word = LineField(
        limit=MUTED_AT_ONCE * (MUTED_WORD_MAX + 2),
        label=_("Words or #tags"),
        help_text=_(
            "Separate them with commas. A word is found in titles, text, tags and comments, whatever its case."
            " Put # in front to mute only that tag."
        ),
        # With autocomplete off, Back would forget the word.
        widget=forms.TextInput({"autocapitalize": "none"}),
    )

    def clean_word(self) -> list[str]:
        pieces = [piece for piece in _BETWEEN_WORDS.split(self.cleaned_data["word"]) if piece.strip()]
        if not pieces:
            raise ValidationError(_("This field is required."), code="required")
        return [self._one(piece) for piece in pieces]

    def _one(self, piece: str) -> str:
        """Return the cleaned value of one word, with its errors added to this field."""
        form = MutedWordForm({"word": piece})
        if not form.is_valid():
            raise ValidationError(form.errors.as_data()["word"])
        word: str = form.cleaned_data["word"]
        return word

    def refuse(self) -> None:
        """Say that no more can be muted."""
        self.add_error(
            "word", ValidationError(_("You have muted 100 words and tags. Unmute one first."), code="many")
        )


class LabelForm(SeenForm):
    label = WidthField(
        limit=WORDING_MAX,
        label=pgettext_lazy("one’s own", "Label"),
        help_text=_("Up to 32 letters, or 16 Chinese characters."),
    )
    statement = LineField(
        limit=STATEMENT_MAX,
        required=False,
        label=_("What you post, and who it’s for"),
        widget=forms.Textarea({"rows": 2}),
    )
    topics = TagsField(
        most=TOPICS_MAX,
        label=_("Topics"),
        help_text=_("Up to five, separated by commas. The first is the one your label promises."),
        error_messages={"required": _("Name at least one topic.")},
    )
    audience = forms.ChoiceField(
        choices=Positioning.Audience.choices,
        required=False,
        widget=forms.RadioSelect,
        label=_("Who it’s for"),
    )
    shows_focus = forms.BooleanField(
        required=False,
        label=_("Show how many of my notes are about it"),
        help_text=_(
            "Beside your label, as “7 in 10 notes about it”: counted from your public notes alone, new ones more than"
            " old ones, once there are five."
        ),
    )

    def clean_label(self) -> str:
        wording = self.cleaned_data["label"]
        if text.length(wording) < WORDING_MIN:
            raise ValidationError(_("A label has at least two characters."), code="short")
        if not text.slug(wording):
            raise ValidationError(_("A label needs a letter or a digit."), code="blank")
        if len(text.normal_form(wording)) > NORMAL_MAX:
            raise ValidationError(_("Write this label in plainer characters."), code="long")
        return wording

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or Positioning.Audience.EVERYONE

    def refuse(self, error: LabelHidden | TooSoon) -> None:
        """Add the error for why the label could not be declared."""
        if isinstance(error, LabelHidden):
            words, params = _("A moderator has hidden this label. Choose another."), {}
        else:
            words = _("You can declare a new label or first topic from %(date)s. The rest can change now.")
            params = {"date": calendar_day(error.until)}
        self.add_error("label", ValidationError(words, code="refused", params=params))
