"""The data of the audience page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from insights.models import FLOORS, Batch, Table
from profiles.models import Campus, Positioning, User


@dataclass(frozen=True, slots=True)
class Share:
    """A table of a creator's readers: how many in ten are on its first side, None if that is withheld. `floor` is how
    many people each side needs before anything is shown.
    """

    table: Table
    tenths: int | None
    floor: int


@dataclass(frozen=True, slots=True)
class Audience:
    """A creator's readers, beside the audience that their label in force names ("" without a label)."""

    shares: tuple[Share, ...]
    wording: str
    declared: str
    why_no_campus: str  # "young", "school", "none" or ""

    @property
    def declared_words(self) -> str:
        return str(Positioning.Audience(self.declared).label) if self.declared else ""


def audience_of(person: User) -> Audience:
    """Return what the creator may see of who their readers are."""
    label = person.positionings.shown().first()
    shares = []
    for table in tables_of(person):
        last = closed_batches(person, table).values_list("tenths", flat=True).last()
        shares.append(Share(table, last, FLOORS[table][0]))
    return Audience(
        shares=tuple(shares),
        wording=label.wording if label else "",
        declared=label.audience if label else "",
        why_no_campus=_why_no_campus(person, person.campus),
    )


def tables_of(creator: User) -> Sequence[Table]:
    """Return the tables a creator has. There is no table of campuses for a creator whose campus is a school or who is
    in one.
    """
    campus = creator.campus
    has_campus = campus and not campus.is_school and creator.stage != User.Stage.HIGH_SCHOOL
    return [Table.STAGE, Table.CAMPUS] if has_campus else [Table.STAGE]


def closed_batches(creator: User, table: Table) -> Any:
    """Return the closed batches of a table, oldest first; for campuses, those counted against today's campus."""
    closed = Batch.objects.filter(creator=creator, table=table, first__isnull=False).order_by("pk")
    if table == Table.CAMPUS:
        own = creator.campus_id
        closed = closed.filter(Q(campus=own) | Q(campus__merged_into=own))
    return closed


def _why_no_campus(person: User, campus: Campus | None) -> str:
    if person.stage == User.Stage.HIGH_SCHOOL:
        return "young"
    if campus is None:
        return "none"
    return "school" if campus.is_school else ""
