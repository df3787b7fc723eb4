"""Everything that lowers what a person and their notes reach now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.decisions.names import HiddenName, hidden_names_of
from moderation.decisions.queries import Told, about
from moderation.models import Decision, Step
from notes.models import Note
from profiles.models import User
from profiles.new_accounts import counts_from

SHOWN = 100  # decisions; all of them are at /decisions/


@dataclass(frozen=True)
class State:
    """Something about the account that lowers it by a published rule, or that its owner chose: what, what it does,
    until when, and where it can be changed.
    """

    what: str
    effect: str
    since: datetime | None = None
    until: datetime | None = None
    act: str = ""
    address: str = ""


@dataclass(frozen=True)
class Lowered:
    """A decision in force with what it does."""

    told: Told

    @property
    def pk(self) -> int:
        return self.told.pk

    @property
    def effect(self) -> str:
        decision = self.told.decision
        if decision.is_hold:
            return _("Only you see it until a moderator has looked at it.")
        words = {
            Step.WARNING: _("Readers see the warning on its card and page. Its place in lists is the same."),
            Step.HIDE: _("Only you see it. It is in no list and no search."),
            Step.LIMIT: _("Until then you can’t do this:"),
            Step.SUSPEND: _("Nobody sees your page or anything you posted."),
        }
        return words[Step(decision.step)]


@dataclass(frozen=True)
class Limits:
    """What `limits_of` found. `chosen` lowers too, but by the person's own choice."""

    decisions: list[Lowered]
    is_more: bool
    names: list[HiddenName]
    account: list[State]
    strikes: list[Decision]
    chosen: list[State]

    @property
    def is_clear(self) -> bool:
        """Whether everything counts in full."""
        return not (self.decisions or self.names or self.account)


def limits_of(person: User) -> Limits:
    """Return everything that lowers what the person and their notes reach now, in five queries."""
    held = about(person).filter(undone_at=None, ended_at=None).exclude(step=Step.NOTE).order_by("-pk")
    found = list(held[: SHOWN + 1])
    strikes = Decision.objects.filter(subject=person).strikes().select_related("rule")
    return Limits(
        [Lowered(Told(each)) for each in found[:SHOWN]],
        len(found) > SHOWN,
        hidden_names_of(person),
        account_of(person),
        list(strikes.order_by("strike_until", "pk")[:SHOWN]),
        chosen_by(person),
    )


def account_of(person: User) -> list[State]:
    """Return what the state of the account lowers, by rules that are the same for all."""
    found = []
    if person.leaving_at:
        found.append(
            State(
                _("You asked us to delete your account"),
                _("Nobody sees your page or anything you posted, unless you keep the account."),
                since=person.leaving_at,
                until=person.leaves_at,
                act=_("Keep the account"),
                address="/settings/data/leaving/",
            )
        )
    if not person.is_verified:
        found.append(
            State(
                _("Your e-mail address is not confirmed"),
                _("You can’t publish or comment yet, and what you open and like does not count yet."),
                until=person.unconfirmed_until,
                act=_("Confirm the address"),
                address="/accounts/email/",
            )
        )
    elif at := counts_from(person):
        found.append(
            State(
                _("Your account is new"),
                _(
                    "What you open, like, save and say counts in Explore once the account is a day old, from the day"
                    " you did it. Your notes move no channel until then, and you can do half as much in an hour."
                ),
                since=person.date_joined,
                until=at,
            )
        )
    if person.is_staff:
        found.append(
            State(
                _("You are a moderator"),
                _("What moderators open and like never counts in Explore."),
            )
        )
    return found


def chosen_by(person: User) -> list[State]:
    """Return what the person's own settings lower."""
    found = []
    if person.approves_followers:
        found.append(_private(_("You approve your followers"), _("Your notes reach your followers at most.")))
    if not person.is_indexed:
        found.append(
            _private(
                _("You stay out of search engines"),
                _("Your picture and notes do not stand for a label in Explore either."),
            )
        )
    if person.stage == User.Stage.HIGH_SCHOOL:
        found.append(
            State(
                _("You are in high school"),
                _(
                    "Your picture and notes do not stand for a label in Explore, and nobody picks words for you."
                ),
                act=_("What protects you"),
                address="/young-people/",
            )
        )
    if person.campus_id and not person.shows_campus:
        found.append(
            _private(
                _("Your page does not name your campus"),
                _("Nobody finds you by it, or among its people."),
            )
        )
    return found + _notes_not_for_all(person)


def _private(what: str, effect: str) -> State:
    return State(what, effect, act=_("Privacy"), address="/settings/privacy/")


def _notes_not_for_all(person: User) -> list[State]:
    """Return how many published notes are for followers, or for the person alone."""
    notes = Note.objects.filter(author=person, status=Note.Status.PUBLISHED).exclude(
        visibility=Note.Visibility.PUBLIC
    )
    numbers = dict(
        notes.values("visibility").annotate(number=Count("pk")).values_list("visibility", "number")
    )
    found = []
    if number := numbers.get(Note.Visibility.FOLLOWERS, 0):
        said = ngettext("%(number)s note is for followers", "%(number)s notes are for followers", number)
        found.append(State(said % {"number": number}, _("They are in no list for everyone.")))
    if number := numbers.get(Note.Visibility.PRIVATE, 0):
        said = ngettext("%(number)s note is for you alone", "%(number)s notes are for you alone", number)
        found.append(State(said % {"number": number}, _("They are in no list of others.")))
    return found
