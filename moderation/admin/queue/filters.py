"""What the queue shows: the filters that its address names."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from urllib.parse import urlencode

from moderation.models import Case, Report, Severity
from moderation.models.case import CaseQuerySet
from moderation.pictures.labels import RULE as AI_LABEL
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

    def of(self, cases: CaseQuerySet, by: User) -> CaseQuerySet:
        narrowed: CaseQuerySet = self.narrowed(cases, self.names, by.pk, self.values)
        return narrowed

    @staticmethod
    def narrowed(cases: Any, names: Collection[str], moderator: Any, values: Mapping[str, Any]) -> Any:
        """Filter by what is named: MINE by the key of the moderator, columns by their values."""
        if MINE in names:
            cases = cases.filter(opened_by=moderator)
        return cases.filter(**{name: value for name, value in values.items() if name in names})

    @property
    def names(self) -> frozenset[str]:
        """The columns that are filtered by, and what `show` says: what the query looks like."""
        return frozenset({name for name, value in self.values.items() if value} | {self.show} - {""})

    @property
    def values(self) -> dict[str, Any]:
        return {"severity": int(self.severity or 0), "kind": self.kind, "reason": self.reason}

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
    "reason": frozenset({*Report.Reason.values, AI_LABEL}),
    "show": frozenset({MINE, APPEALS, CLOSED}),
}
