"""The decisions about a person, as that person reads them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from core.db.keyset import Page, keyset
from moderation.decisions.names import hidden_names_of
from moderation.models import Appeal, Case, Decision, Limit, Step, text_of
from notes.models import Collection, Photo, Series
from profiles.models import Campus, User

APPEAL_WITHIN = timedelta(days=183)
TARGETS = (
    "note",
    "comment",
    "person",
    "collection__owner",
    "series__author",
    "photo__note",
    "photo__hidden_in",
    *("label", "tag", "campus"),
)
NAMES = {Case.Kind.LABEL, Case.Kind.TAG, Case.Kind.CAMPUS}


@dataclass(frozen=True)
class Told:
    """A decision with what its page says of it."""

    decision: Decision

    @property
    def pk(self) -> int:
        return self.decision.pk

    @property
    def heading(self) -> str:
        """What was decided, in a line."""
        decision = self.decision
        if decision.is_hold:
            return _("Your note was held for review") if self.state else _("Your note is held for review")
        words = {
            Step.NOTE: _("Moderators have a word for you"),
            Step.WARNING: _("Your note carries a warning"),
            Step.HIDE: _HIDDEN.get(Case.Kind(decision.case.kind), _HIDDEN[Case.Kind.NOTE])(),
            Step.LIMIT: _("Your account is limited for a time"),
            Step.SUSPEND: _("Your account is suspended"),
        }
        return words[Step(decision.step)]

    @property
    def state(self) -> str:
        """ "undone", "ended" or "" while it holds."""
        if self.decision.undone_at:
            return "undone"
        ends_at = self.decision.ends_at
        return "ended" if self.decision.ended_at or (ends_at and ends_at <= timezone.now()) else ""

    @property
    def seen(self) -> str:
        """The facts; of a hold what the program found."""
        if self.decision.is_hold:
            return _(
                "A program found that a photo in it looks like one that moderators have taken down before. It can be "
                "wrong: a moderator looks at your note, and shows it again unless it breaks the rule."
            )
        return self.decision.facts

    @property
    def limits(self) -> list[str]:
        return [str(Limit(limit).label) for limit in self.decision.limits]

    @property
    def about(self) -> str:
        """What the decision is about: the words of its author, as they are now; "" once they are deleted."""
        target = self.decision.case.target
        match target:
            case None:
                return ""
            case Photo():
                return target.alt or _("A photo of “%(title)s”") % {"title": target.note or target.hidden_in}
            case Tag():
                return f"#{target.name}"
            case Collection() | Series() | Campus():
                return target.name
        return text_of(target)

    @property
    def address(self) -> str:
        """The page of what it is about, where there is one to open."""
        target = self.decision.case.target
        if target is None or getattr(target, "deleted_at", None) or self.decision.case.kind in NAMES:
            return ""
        hidden_comment = self.decision.case.kind == Case.Kind.COMMENT and target.hidden_at
        return "" if hidden_comment else str(target.get_absolute_url())

    @property
    def appeal(self) -> Appeal | None:
        return getattr(self.decision, "appeal", None)

    @property
    def appeal_until(self) -> datetime:
        return self.decision.created_at + APPEAL_WITHIN

    @property
    def may_appeal(self) -> bool:
        """Whether an appeal can still be made."""
        if self.decision.is_hold and self.state:  # what a person decided can be appealed against instead
            return False
        return self.appeal is None and not self.decision.undone_at and timezone.now() < self.appeal_until


_HIDDEN = {
    Case.Kind.NOTE: lambda: _("Your note is hidden"),
    Case.Kind.PHOTO: lambda: _("A photo of yours is hidden"),
    Case.Kind.COMMENT: lambda: _("Your comment is hidden"),
    Case.Kind.COLLECTION: lambda: _("Your collection is hidden"),
    Case.Kind.SERIES: lambda: _("Your series is hidden"),
    Case.Kind.LABEL: lambda: _("A label you use is hidden"),
    Case.Kind.TAG: lambda: _("A tag you use is hidden"),
    Case.Kind.CAMPUS: lambda: _("A campus you named is hidden"),
}


def about(person: User) -> QuerySet[Decision]:
    """Return the decisions that the person is told of, with what their pages show."""
    return _whole(Q(subject=person))


def told_to(person: User) -> QuerySet[Decision]:
    """Return `about`, and what the person appealed against."""
    return _whole(Q(subject=person) | Q(appeal__author=person))


def readable_by(person: User) -> QuerySet[Decision]:
    """Return `about`, what holds for names that the person uses, and what they appealed against."""
    named = [each.decision.pk for each in hidden_names_of(person) if each.decision]
    return _whole(Q(subject=person) | Q(pk__in=named) | Q(appeal__author=person))


def _whole(which: Q) -> QuerySet[Decision]:
    rows = Decision.objects.filter(which).exclude(step=Step.NONE)
    related = [f"case__{name}" for name in TARGETS]
    return rows.select_related("rule", "appeal", *related).fetch_mode(settings.LAZY_FETCH_MODE)


def page_about(person: User, after: str = "") -> Page[Decision]:
    return keyset(about(person), "pk", after)


def about_target(person: User, kind: str, number: str) -> Decision | None:
    """Return the newest decision in force about what is the person's, by its kind and number. That about a note may be
    one about its photos, which are all hidden.
    """
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    named = Q(case__kind=kind, case__number=int(number))
    rows = about(person).filter(undone_at__isnull=True, ended_at__isnull=True).order_by("-pk")
    found = rows.filter(named).first()
    if found is None and kind == Case.Kind.NOTE:
        found = rows.filter(case__photo__hidden_in=int(number)).first()
    return found


def cannot_restore(told: Told) -> list[str]:
    """Return what undoing the decision does not bring back, as its author reads it."""
    decision, lost = told.decision, []
    if decision.case.target is None or getattr(decision.case.target, "deleted_at", None):
        lost.append(_("What you posted was deleted meanwhile, and cannot come back."))
    if decision.case.kind == Case.Kind.PHOTO and decision.case.photo and decision.case.photo.hidden_in_id:
        lost.append(
            _("The note is full: there is no room to put the photo back. You find it beside the note.")
        )
    if decision.step == Step.HIDE and decision.case.kind == Case.Kind.NOTE:
        lost.append(_("Its photos have new addresses: links to the old ones stay dead."))
    if decision.step == Step.SUSPEND:
        lost.append(_("You have to sign in again. Notes that were scheduled meanwhile are drafts."))
    if decision.step in {Step.HIDE, Step.LIMIT, Step.SUSPEND}:
        lost.append(_("The time until now does not come back."))
    return lost
