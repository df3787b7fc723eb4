"""Hidden tags, labels and campuses that a person's notes or profile name: who uses one reads why, and may appeal."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from moderation.models import Case, Decision, Seal, Step
from profiles.models import User

SHOWN = 50


@dataclass(frozen=True)
class HiddenName:
    """A name that moderators hid, how many of the person's notes have it, and the decision."""

    kind: str
    pk: int
    name: str
    notes: int
    decision: Decision | None

    @property
    def may_appeal(self) -> bool:
        return self.decision is not None and getattr(self.decision, "appeal", None) is None

    @property
    def what(self) -> str:
        words = {
            Case.Kind.TAG: _("The tag is hidden"),
            Case.Kind.LABEL: _("Your label is hidden"),
            Case.Kind.CAMPUS: _("The campus is hidden"),
        }
        return words[Case.Kind(self.kind)]

    @property
    def effect(self) -> str:
        """What that means for the person."""
        words = {
            Case.Kind.TAG: _("It has no page, and lists and search do not find your notes by it."),
            Case.Kind.LABEL: _(
                "It has no page and is not shown beside your name. You can choose another one."
            ),
            Case.Kind.CAMPUS: _("It has no page and is not linked. Your notes stay in all other lists."),
        }
        return words[Case.Kind(self.kind)]


_NAMES = """
SELECT 'tag', tag.id, tag.name, count(used.note) FROM (
    SELECT tagging.tag_id, note.id AS note FROM notes_note AS note
    JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id
    WHERE note.author_id = %(person)s AND note.status = 'published'
    UNION ALL
    SELECT topic.tag_id, NULL FROM profiles_positioning AS said
    JOIN profiles_positioningtopic AS topic ON topic.positioning_id = said.id AND topic.taken_at IS NULL
    WHERE said.person_id = %(person)s AND said.retired_at IS NULL
) AS used
JOIN notes_tagstate AS state ON state.tag_id = used.tag_id AND state.is_hidden
JOIN taggit_tag AS tag ON tag.id = used.tag_id
GROUP BY tag.id
UNION ALL
SELECT 'label', label.id, said.wording, 0
FROM profiles_positioning AS said JOIN profiles_label AS label ON label.id = said.label_id
WHERE said.person_id = %(person)s AND said.retired_at IS NULL AND label.hidden_at IS NOT NULL
UNION ALL
SELECT 'campus', campus.id, campus.name, count(used.note) FROM (
    SELECT campus_id, id AS note FROM notes_note WHERE author_id = %(person)s AND status = 'published'
    UNION ALL
    SELECT campus_id, NULL FROM profiles_user WHERE id = %(person)s
) AS used
JOIN profiles_campus AS campus ON campus.id = used.campus_id AND campus.is_hidden
GROUP BY campus.id
ORDER BY 1, 3 LIMIT %(most)s
"""


def hidden_names_of(person: User) -> list[HiddenName]:
    """Return the hidden names that the person's published notes or profile have, in two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"person": person.pk, "most": SHOWN})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    held = (
        Decision.objects.in_force()
        .filter(
            step=Step.HIDE,
            case__kind__in=[Case.Kind.TAG, Case.Kind.LABEL, Case.Kind.CAMPUS],
            case__number__in={pk for _kind, pk, *_more in found},
        )
        .exclude(case__in=Seal.objects.in_force().values("case"))
    )
    rows = held.select_related("case", "rule", "appeal").order_by("-created_at", "-pk")
    decisions = {
        (row.case.kind, row.case.number): row for row in rows
    }  # the first of each comes last, and stays
    return [HiddenName(kind, pk, name, notes, decisions.get((kind, pk))) for kind, pk, name, notes in found]
