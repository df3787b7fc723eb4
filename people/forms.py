"""Forms of profiles and settings, and every message about their input."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import text
from core.commenters import Commenters
from core.concurrent_edits import SeenForm
from core.dates import calendar_day, calendar_time
from core.forms import LineField, ProseField, SliderField, TagsField, WidthField
from core.languages import NAMES
from imaging import Refused, Square
from notes.forms import ACCEPT, refusal_of
from notes.photos import pipeline
from people.actions.labels import LabelHidden, TooSoon
from people.handles import reserved, suggestion
from profiles.models import PastHandle, Positioning, User
from profiles.models.campus import CITY_MAX
from profiles.models.campus import NAME_MAX as CAMPUS_MAX
from profiles.models.handle import RENAMES_MAX, RENAMES_WINDOW, is_held_back
from profiles.models.label import NORMAL_MAX, STATEMENT_MAX, TOPICS_MAX, WORDING_MAX, WORDING_MIN
from profiles.models.user import BIO_MAX, MUTED_WORD_MAX, NAME_MAX

FILE_CHANGED = _("This file changed or is gone since you chose it. Choose it again.")
HANDLE_TAKEN = _("This handle is taken.")
_SUGGESTED_FROM = 100  # code points of the typed text
# Each by its own name, for those who can read no other.
LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


class HandleField(forms.CharField):
    """A handle that is not taken, in any case. `person` is the account that may have it already."""

    person: User | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_length=3,
            max_length=30,
            label=_("Handle"),
            help_text=_("Your name in links and mentions: letters, digits and underscores."),
            widget=forms.TextInput(
                {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
            **options,
        )

    def run_validators(self, value: str) -> None:
        if not value:
            return
        try:
            User._meta.get_field("handle").run_validators(value)
        except ValidationError:
            raise self._refusal(value) from None
        if value.lower() in reserved():
            raise ValidationError(_("This handle is reserved. Choose another."), code="reserved")
        others = User.objects.by_handle(value)
        if (others.exclude(pk=self.person.pk) if self.person else others).exists():
            raise ValidationError(HANDLE_TAKEN, code="taken")
        if is_held_back(value, self.person):
            raise ValidationError(HANDLE_TAKEN, code="rests")

    def _refusal(self, value: str) -> ValidationError:
        better = suggestion(value[:_SUGGESTED_FROM])
        if better:
            words = _("Use 3 to 30 letters, digits and underscores: try %(better)s")
            return ValidationError(words, code="shape", params={"better": better})
        return ValidationError(_("Use 3 to 30 letters, digits and underscores."), code="shape")


def _wait_until(until: datetime) -> str:
    """Return the message for a person who has used up their changes. The time is rounded up to the minute."""
    return gettext("You can change your handle again on %(date)s.") % {
        "date": calendar_time(until + timedelta(minutes=1))
    }


def _renames_left(person: User) -> str:
    """Return the text about changing the handle, and how many changes are left."""
    recent = list(PastHandle.objects.recent(person).values_list("until", flat=True))
    left = RENAMES_MAX - len(recent)
    if left <= 0:
        return _wait_until(recent[-RENAMES_MAX] + RENAMES_WINDOW)
    words = ngettext(
        "Your name in links and mentions: letters, digits and underscores. You can change it %(left)d more time within"
        " 30 days. The old one leads to you and is kept for you for 90 days.",
        "Your name in links and mentions: letters, digits and underscores. You can change it %(left)d more times within"
        " 30 days. The old one leads to you and is kept for you for 90 days.",
        left,
    )
    return words % {"left": left}


class IntroductionForm(SeenForm):
    """The first profile fields of a newcomer."""

    looked_up = frozenset({"campus"})
    avatar = forms.FileField(
        required=False,
        label=_("Photo"),
        help_text=_("A JPEG, PNG, WebP, GIF, HEIC or AVIF file, shown as a circle."),
        widget=forms.FileInput({"accept": ACCEPT, "data-changed": FILE_CHANGED}),
    )
    avatar_zoom = SliderField(least=100, most=400, middle=100, label=_("Zoom"))
    avatar_across = SliderField(least=0, most=100, middle=50, label=_("From the left"))
    avatar_down = SliderField(least=0, most=100, middle=50, label=_("From the top"))
    remove_avatar = forms.BooleanField(required=False, label=_("Remove the photo"))
    name = LineField(limit=NAME_MAX, label=pgettext_lazy("of a person", "Name"))
    campus = LineField(
        limit=CAMPUS_MAX,
        required=False,
        label=_("Campus"),
        help_text=_("Choose one that is offered, or write a new one."),
        widget=forms.TextInput({"list": "campuses", "autocomplete": "organization"}),
    )
    city = LineField(
        limit=CITY_MAX,
        required=False,
        label=_("City of the campus"),
        help_text=_("Needed for a new campus only."),
    )
    words: tuple[str, ...] = ("name",)  # fields that are the person's own, of the same names

    def __init__(
        self, *args: Any, person: User, initial: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        campus = person.campus
        city = {"city": campus.city if campus else ""}  # of a new campus alone: never changed here
        stored = {field: getattr(person, field) for field in self.words}
        stored |= {"campus": campus.name if campus else ""}
        super().__init__(*args, stored=stored, initial=city | (initial or {}), **kwargs)

    def ask_again(self) -> None:
        """Add an error if a form comes back that had a photo: browsers cannot fill in files again."""
        file = self.files.get("avatar")
        if file and "avatar" not in self.errors:
            said, name = _("Choose the photo again: “%(name)s” was not kept."), str(file.name)[:60]
            self.add_error("avatar", ValidationError(said, params={"name": text.isolated(name)}))

    def clean_avatar(self) -> Any:
        file = self.cleaned_data["avatar"]
        if file:
            try:
                pipeline.check(file)
            except Refused as error:
                raise ValidationError(refusal_of(file.name[:60], error.reason), code=error.reason) from None
        return file

    @property
    def avatar_part(self) -> list[BoundField]:
        """The fields that say which part of the photo is shown."""
        return [self[f"avatar_{name}"] for name in ("zoom", "across", "down")]

    def take_avatar(self) -> tuple[Any, Square, bool]:
        """Return the uploaded photo, its crop, and whether to remove the old one; removes them from the cleaned
        data.
        """
        said = self.cleaned_data
        square = Square(*(said.pop(f"avatar_{name}") for name in ("zoom", "across", "down")))
        return said.pop("avatar"), square, said.pop("remove_avatar")


class ProfileForm(IntroductionForm):
    handle = HandleField()
    bio = ProseField(limit=BIO_MAX, required=False, label=_("Bio"), widget=forms.Textarea({"rows": 3}))
    stage = forms.ChoiceField(
        choices=[("", _("Prefer not to say")), *User.Stage.choices],
        required=False,
        widget=forms.RadioSelect,
        label=_("Stage"),
        help_text=_("Never shown to others."),
    )
    language = forms.ChoiceField(
        choices=[("", _("As the browser asks")), *LANGUAGES],
        required=False,
        widget=forms.RadioSelect,
        label=_("Language"),
    )

    words = ("name", "handle", "bio", "stage", "language")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["handle"].person = person  # type: ignore[attr-defined]
        self.fields["handle"].help_text = _renames_left(person)

    def refuse_rename(self, until: datetime) -> None:
        """Say when the handle can be changed again."""
        self.add_error("handle", ValidationError(_wait_until(until), code="renames"))


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
