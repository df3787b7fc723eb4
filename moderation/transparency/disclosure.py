"""What the figures of a month may show: no number below a floor, and none from which such a number follows."""

from typing import Any, NamedTuple

from moderation.transparency.counting import Figures

FLOOR = 10
REST = "*"  # the group of those that are too few by themselves


class Shown(NamedTuple):
    """The figures of a month as everybody may read them: None where one is withheld."""

    reports: int | None
    decisions: int | None
    by_program: int | None
    rules: list[tuple[str, int]]
    days: float | None
    appeals: int | None
    overturned: int | None
    appeal_days: float | None
    taken_back: int | None

    @property
    def row(self) -> tuple[int | None, ...]:
        """What the list of months shows."""
        return self.reports, self.decisions, self.appeals, self.overturned


def shown_of(figures: Figures) -> Shown:
    return Shown(
        reports=at_least(figures["reports"]),
        decisions=at_least(figures["decisions"]),
        by_program=part_of(figures["decisions"], figures["by_program"]),
        rules=groups_of(figures["rules"]),
        days=_median(figures, "waited"),
        appeals=at_least(figures["appeals"]),
        overturned=part_of(figures["appeals"], figures["overturned"]),
        appeal_days=_median(figures, "appeal_waited"),
        taken_back=at_least(figures["taken_back"]),
    )


def at_least(number: int) -> int | None:
    return number if number >= FLOOR else None


def part_of(whole: int, part: int) -> int | None:
    """Return a part of a whole; None if it or what it leaves is below the floor."""
    return part if min(part, whole - part) >= FLOOR else None


def groups_of(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return the counts, the largest first, with those below the floor as one group at the end that is not below it.

    Where these are too few even together, the smallest others join them: their sum would follow from the whole. The
    list is empty where the whole is below the floor.
    """
    if sum(counts.values()) < FLOOR:
        return []
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    single = [each for each in ordered if each[1] >= FLOOR]
    few = sum(number for _name, number in ordered[len(single) :])
    while 0 < few < FLOOR:
        few += single.pop()[1]
    return [*single, (REST, few)] if few else single


def _median(figures: Figures, name: str) -> Any:
    return figures[f"{name}_days"] if figures[name] >= FLOOR else None
