"""The topics of the overview: declared, posted and read."""

from collections.abc import Sequence
from typing import Any

from insights import formulas
from insights.formulas import Part, Whole, rate
from insights.note_figures import rows
from insights.reports import Missing, Period, Topic
from notes.focus import NOTES_MIN
from profiles.models import User

ASKERS_MIN = 10

_TOPICS = """
SELECT tag.slug, tag.name, sums.tag_id, sums.notes, weight, read_notes, readers, readings, engaged, vv, x_readings,
    x_engaged, xx_readings, xx_vv, askers, CASE WHEN askers >= %(askers)s THEN asked END AS asked
FROM insights_topicsum AS sums JOIN taggit_tag AS tag ON tag.id = sums.tag_id
WHERE sums.person_id = %(person)s AND sums.period = %(period)s
    AND NOT EXISTS (SELECT FROM notes_tagstate AS state WHERE state.tag_id = tag.id AND state.is_hidden)
"""

type Declared = dict[
    int, tuple[str, str]
]  # slug and name of each topic by the key of its tag, in their order


def topic_rows(person: User, period: Period) -> list[dict[str, Any]]:
    found = rows(_TOPICS, {"person": person.pk, "period": period, "askers": ASKERS_MIN})
    for row in found:
        row["x_readings"] = round(row["x_readings"], formulas.DIGITS)
        row["x_engaged"] = round(row["x_engaged"], formulas.DIGITS)
    return found


def whole_of(sums: dict[str, Any]) -> Whole:
    return Whole(sums["read_notes"], sums["readings"], sums["engaged"], sums["vv"], sums["ve"], sums["ee"])


def topics(
    sums: dict[str, Any], found: Sequence[dict[str, Any]], declared: Declared
) -> tuple[tuple[Topic, ...], Topic | None]:
    """Return a row for each topic that is declared, posted or read, most posted first; and the topic that readers
    come for: the most answered of those clearly answered more than the rest.
    """
    whole = whole_of(sums)
    found = [row for row in found if row["notes"] or row["read_notes"] or row["tag_id"] in declared]
    withheld = {
        row["tag_id"]: formulas.missing(
            notes=row["read_notes"],
            readers=row["readers"],
            readings=row["x_readings"],
            average=whole.average,
        )
        for row in found
    }
    compared = sum(reason is None for reason in withheld.values())
    made = [_topic(row, sums, declared, withheld[row["tag_id"]], compared) for row in found]
    known = {row["tag_id"] for row in found}
    made += [
        (Topic(slug, name, True, 0, share(sums, 0), 0, None, None, Missing.NOTES, None), 0)
        for tag, (slug, name) in declared.items()
        if tag not in known
    ]
    made.sort(key=lambda each: (-(each[0].posted or 0), -each[0].notes, -each[0].readers, each[0].name))
    above = [topic for topic, apart in made if apart > 0 and (topic.lift or 0) > 1]
    return tuple(topic for topic, _apart in made), max(above, key=lambda topic: topic.lift or 0, default=None)


def _topic(
    row: dict[str, Any], sums: dict[str, Any], declared: Declared, withheld: Missing | None, compared: int
) -> tuple[Topic, int]:
    """Return a topic, and which way it is clearly answered apart from the rest: 1 more, -1 less, 0 neither.

    `withheld` is why its lift is not shown; `compared` is how many topics are compared.
    """
    whole, posted, lift = whole_of(sums), share(sums, row["weight"]), None
    if withheld is None and whole.average:
        lift = formulas.lift(row["x_engaged"], row["x_readings"], whole.average)
    is_declared = row["tag_id"] in declared
    is_told = lift is not None and (lift > 1 or (is_declared and lift <= formulas.LOW))
    apart = formulas.answered_apart(whole, _part(row), compared) if is_told else 0
    topic = Topic(
        slug=row["slug"],
        name=row["name"],
        is_declared=is_declared,
        notes=row["notes"],
        posted=posted,
        readers=row["readers"],
        lift=lift,
        rate=rate(row["x_engaged"], row["x_readings"]),
        missing=withheld,
        finding=formulas.finding(declared=is_declared, posted=posted, lifted=lift, apart=apart),
        read_notes=row["read_notes"],
    )
    return topic, apart


def focus(sums: dict[str, Any], found: Sequence[dict[str, Any]], declared: Declared) -> dict[str, Any]:
    """Return `focus`, `cover` and `without_note` of the overview: how posts match the declared topics."""
    posted = {row["tag_id"] for row in found if row["notes"]}
    without = tuple(topic for tag, topic in declared.items() if tag not in posted)
    weight = sum(row["weight"] for row in found if row["tag_id"] in declared)
    met = share(sums, weight) if declared else None
    cover = None if met is None else (len(declared) - len(without), len(declared))
    return {"focus": met, "cover": cover, "without_note": without}


def share(sums: dict[str, Any], weight: float) -> float | None:
    """Return P, the share of posts on a topic, from the weight of its notes; None below five notes."""
    if sums["notes"] < NOTES_MIN or not sums["weight"]:
        return None
    return min(round(weight / sums["weight"], formulas.DIGITS), 1.0)


def _part(row: dict[str, Any]) -> Part:
    names = ("readings", "engaged", "vv", "x_readings", "x_engaged", "xx_readings", "xx_vv")
    return Part(**{name: row[name] for name in names})
