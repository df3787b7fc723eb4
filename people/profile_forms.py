"""Forms of the profile: the handle, and what a person says of themselves."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import get_language_info, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import text
from core.concurrent_edits import SeenForm
from core.dates import calendar_time
from core.forms import LineField, ProseField, SliderField
from imaging import Refused, Square
from notes.forms import ACCEPT, refusal_of
from notes.photos import pipeline
from people.handles import reserved, suggestion
from profiles.models import PastHandle, User
from profiles.models.campus import CITY_MAX
from profiles.models.campus import NAME_MAX as CAMPUS_MAX
from profiles.models.handle import RENAMES_MAX, RENAMES_WINDOW, is_held_back
from profiles.models.user import BIO_MAX, NAME_MAX

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
