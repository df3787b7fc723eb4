"""What the queue shows: the filters that its address names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Self
from urllib.parse import urlencode

from django.db.models import QuerySet

from moderation.models import Case, Report, Severity
from profiles.models import User

MINE, APPEALS, CLOSED = "mine", "appeals", "closed"


@dataclass(frozen=True)
class Filters:
    """Which cases are listed; "" is any. `show`: MINE, those the moderator has open; APPEALS, decisions appealed
    against; CLOSED, those decided last.
    """

    severity: str = ""
    kind: str = ""
    reason: str = ""
    show: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Read them from an address; an unknown value filters nothing."""
        said = {field.name: query.get(field.name, "") for field in fields(cls)}
        return cls(**{name: value if value in KNOWN[name] else "" for name, value in said.items()})

    def of(self, cases: QuerySet[Case], by: User) -> QuerySet[Case]:
        if self.show == MINE:
            cases = cases.filter(opened_by=by)
        named = {name: value for name, value in asdict(self).items() if value and name != "show"}
        return cases.filter(**named)

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """The query of an address with these filters, with its "?"; "" without any."""
        named = {name: value for name, value in asdict(self).items() if value}
        return f"?{urlencode(named)}" if named else ""


KNOWN: dict[str, frozenset[str]] = {
    "severity": frozenset(map(str, Severity.values)),
    "kind": frozenset(Case.Kind.values),
    "reason": frozenset(Report.Reason.values),
    "show": frozenset({MINE, APPEALS, CLOSED}),
}
