"""Which campuses and tags have a page: those that something public names. The others look as if they did not exist."""

from django.db.models import Q, QuerySet

from core.db.conditions import Condition
from notes.models.visibility import LISTED_SQL
from profiles.models import Campus

OFFERED = 200


class NamesCampus(Condition):
    """Whether a live public note, or a profile that shows it, names the campus in the column.

    Ordered by the index on purpose: for a campus without either, PostgreSQL would otherwise scan all rows, expecting
    to find one soon.
    """

    template = (
        "((SELECT true FROM notes_note AS note"  # noqa: S608  put together from our own words alone
        " WHERE note.campus_id BETWEEN %(expressions)s AND %(expressions)s"
        f" AND {LISTED_SQL}"
        " AND (SELECT author.is_active AND NOT author.approves_followers"
        " FROM profiles_user AS author WHERE author.id = note.author_id)"
        " ORDER BY note.campus_id LIMIT 1) IS NOT NULL"
        " OR (SELECT true FROM profiles_user AS person"
        " WHERE person.campus_id BETWEEN %(expressions)s AND %(expressions)s"
        " AND person.is_active AND person.shows_campus"
        " ORDER BY person.campus_id LIMIT 1) IS NOT NULL)"
    )


class ListsNotes(Condition):
    """Whether a live public note has the tag in the column."""

    template = (
        "EXISTS (SELECT FROM notes_taggednote AS tagging"
        " JOIN notes_note AS said ON said.id = tagging.content_object_id"
        " JOIN profiles_user AS author ON author.id = said.author_id"
        " WHERE tagging.tag_id = %(expressions)s AND tagging.listed_at IS NOT NULL"
        " AND author.is_active AND NOT author.approves_followers)"
    )


class NamesTag(Condition):
    """Whether a live public note has the tag in the column, or a visible label in force has it as a topic."""

    template = (
        f"({ListsNotes.template}"
        " OR EXISTS (SELECT FROM profiles_positioningtopic AS topic"
        " JOIN profiles_positioning AS declared ON declared.id = topic.positioning_id"
        " JOIN profiles_label AS label ON label.id = declared.label_id"
        " JOIN profiles_user AS person ON person.id = declared.person_id"
        " WHERE topic.tag_id = %(expressions)s AND topic.taken_at IS NULL AND declared.retired_at IS NULL"
        " AND label.hidden_at IS NULL AND person.is_active))"
    )


def shown_campuses() -> QuerySet[Campus]:
    """Return campuses that have a page: added by moderators or used by something public, and not hidden or merged."""
    named = Q(is_added=True) | Q(NamesCampus("pk"))
    return Campus.objects.filter(named, is_hidden=False, merged_into=None)


def shown_or_merged_campuses() -> QuerySet[Campus]:
    """Return campuses whose address leads somewhere: to their page, or to the campus they were merged into."""
    merged = Campus.objects.filter(merged_into__in=shown_campuses())
    found = Q(pk__in=shown_campuses().values("pk")) | Q(pk__in=merged.values("pk"))
    return Campus.objects.filter(found).select_related("merged_into")


def offered_campuses() -> list[str]:
    """Return the names that campus fields offer."""
    return list(shown_campuses().order_by("name").values_list("name", flat=True)[:OFFERED])
