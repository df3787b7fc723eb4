"""Who may see a note, and every relation that crosses from notes into profiles, in one place."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL

CAMPUS = "profiles.Campus"
POSITIONING = "profiles.Positioning"

AUTHOR_ACTIVE, ACTIVE = "author__is_active", "is_active"
AUTHOR_COUNTED, COUNTED = "author__is_counted", "is_counted"
AUTHOR_HANDLE, AUTHOR_EMAIL = "author__handle", "author__email"
AUTHOR_NAME, AUTHOR_AVATAR = "author__name", "author__avatar_token"
AUTHOR_INDEXED = "author__is_indexed"
AUTHOR_APPROVES, APPROVES = "author__approves_followers", "approves_followers"
PUBLISHED = "has_published"
FOLLOWER = "followers__follower"
DECLARED, DECLARATION_RETIRED = "positionings__label", "positionings__retired_at__isnull"
HAS_NOTE_ON_TOPIC = {"positionings__newest_on_topic__gt": datetime(1970, 1, 1, tzinfo=UTC)}


_BLOCKS = (
    "SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s"
    " UNION ALL SELECT blocker_id FROM profiles_block WHERE blocked_id = %(viewer)s"
)
_UNWANTED = (
    "SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s"
    " UNION ALL SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s"
)


class Asked(Func):
    """Whether a table of another app has a row about the note, comment or person in the given column.

    Equivalent to Exists at a tenth of its cost in Python, as it is in every query of every page. The people a viewer
    does not want to see are fetched once per query and each row is compared with them: with NOT EXISTS PostgreSQL
    would join, underestimate the remaining rows, and read all an author's notes for one page.
    """

    output_field = BooleanField()
    template: str

    def __init__(self, column: str, viewer: Any = None) -> None:
        super().__init__(F(column), viewer="%s")
        self.viewer = viewer.pk if viewer else None

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, _ = super().as_sql(compiler, connection, *args, **kwargs)
        return sql, [self.viewer] * sql.count("%s")  # a column brings no value of its own


class Follows(Asked):
    template = "EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = %(expressions)s)"


class HasAsked(Asked):
    template = (
        "EXISTS (SELECT FROM profiles_followrequest"
        " WHERE follower_id = %(viewer)s AND followed_id = %(expressions)s)"
    )


class HasMuted(Asked):
    template = "EXISTS (SELECT FROM profiles_mute WHERE muter_id = %(viewer)s AND muted_id = %(expressions)s)"


class NoBlockBetween(Asked):
    template = f"%(expressions)s <> ALL (ARRAY({_BLOCKS}))"


class NoBlockAmong(Asked):
    """As NoBlockBetween, for large sets of people: looked up by hash instead of compared one by one. PostgreSQL
    estimates that half of the rows remain, so do not use it where an index should pick a page's rows.
    """

    template = f"%(expressions)s NOT IN ({_BLOCKS})"


class HasBlocked(Asked):
    template = (
        "EXISTS (SELECT FROM profiles_block WHERE blocker_id = %(viewer)s AND blocked_id = %(expressions)s)"
    )


class IsWanted(Asked):
    template = f"%(expressions)s <> ALL (ARRAY({_UNWANTED}))"


class IsWantedAmong(Asked):
    template = f"%(expressions)s NOT IN ({_UNWANTED})"


class IsReported(Asked):
    template = "EXISTS (SELECT FROM moderation_report WHERE note_id = %(expressions)s AND closed_at IS NULL)"


class IsOnTopic(Func):
    """Whether a note has a topic of its author's label in force: `IsOnTopic("pk", "author", label)`."""

    output_field = BooleanField()
    template = (
        "EXISTS (SELECT FROM notes_taggednote AS tagging"
        " JOIN profiles_positioningtopic AS topic ON topic.tag_id = tagging.tag_id AND topic.taken_at IS NULL"
        " JOIN profiles_positioning AS said ON said.id = topic.positioning_id AND said.retired_at IS NULL"
        " WHERE (tagging.content_object_id, said.person_id, said.label_id) = (%(expressions)s))"
    )


class NamesCampus(Asked):
    """Whether a live public note, or a profile that shows it, names the campus in the column.

    Ordered by the index on purpose: for a campus without either, PostgreSQL would otherwise scan all rows, expecting
    to find one soon.
    """

    template = (
        "((SELECT true FROM notes_note AS said"
        " WHERE said.campus_id BETWEEN %(expressions)s AND %(expressions)s"
        " AND said.status = 'published' AND said.visibility = 'public' AND said.hidden_at IS NULL"
        " AND (SELECT author.is_active AND NOT author.approves_followers"
        " FROM profiles_user AS author WHERE author.id = said.author_id)"
        " ORDER BY said.campus_id LIMIT 1) IS NOT NULL"
        " OR (SELECT true FROM profiles_user AS person"
        " WHERE person.campus_id BETWEEN %(expressions)s AND %(expressions)s"
        " AND person.is_active AND person.shows_campus"
        " ORDER BY person.campus_id LIMIT 1) IS NOT NULL)"
    )


class ListsNotes(Asked):
    """Whether a live public note has the tag in the column."""

    template = (
        "EXISTS (SELECT FROM notes_taggednote AS tagging"
        " JOIN notes_note AS said ON said.id = tagging.content_object_id"
        " JOIN profiles_user AS author ON author.id = said.author_id"
        " WHERE tagging.tag_id = %(expressions)s AND tagging.listed_at IS NOT NULL"
        " AND author.is_active AND NOT author.approves_followers)"
    )


class NamesTag(Asked):
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


def follows_author(viewer: Any) -> Follows:
    """Return whether the viewer follows the row's author."""
    return Follows("author", viewer)


def has_asked_author(viewer: Any) -> HasAsked:
    """Return whether the viewer has a pending follow request to the row's author."""
    return HasAsked("author", viewer)


def mutes_author(viewer: Any) -> HasMuted:
    """Return whether the viewer has muted the row's author."""
    return HasMuted("author", viewer)


def no_block_between(viewer: Any, column: str = "author") -> Q:
    """Match rows where neither the viewer nor the person in the column has blocked the other."""
    return Q() if _sees_all(viewer) else Q(NoBlockBetween(column, viewer))


def is_wanted_by(viewer: Any) -> Q:
    """Match rows whose author the viewer has neither muted nor blocked (a moderator still sees people they block)."""
    return Q(IsWanted("author", viewer)) if viewer.is_authenticated else Q()


def is_live() -> Q:
    """Match published notes that are not hidden, by authors who are neither suspended nor leaving."""
    return Q(status="published", hidden_at__isnull=True, **{AUTHOR_ACTIVE: True})


def is_public() -> Q:
    """Match notes for everyone. An author who approves followers publishes to followers at most, whatever the row
    says.
    """
    return Q(visibility="public", **{AUTHOR_APPROVES: False})


def moderators_may_see() -> Q:
    """Match notes that moderators handle: those always open to them, and any note with an open report."""
    return open_to_moderators() | Q(IsReported("pk"))


def open_to_moderators() -> Q:
    """Match published notes that are public, or hidden, whatever their visibility. Never unhidden followers-only
    notes, private notes or drafts.
    """
    return Q(status="published") & (is_public() | Q(hidden_at__isnull=False))


def may_see(viewer: Any) -> Q:
    """Match the notes a viewer may open. This is the only definition: everyone's own access, and for moderators what
    they handle.
    """
    meant = is_meant_for(viewer)
    return meant | moderators_may_see() if viewer.is_authenticated and viewer.is_staff else meant


def is_meant_for(viewer: Any) -> Q:
    """Match notes by their visibility: live public notes for everyone, live followers-only notes for followers, all
    own notes for their author, and none across a block.
    """
    if not viewer.is_authenticated:
        return may_see_of_public(viewer)
    for_followers = ~Q(visibility="private") & Q(follows_author(viewer))
    seen = (is_live() & (is_public() | for_followers)) | Q(author=viewer.pk)
    return no_block_between(viewer) & seen


def may_see_of_public(viewer: Any) -> Q:
    """Match `may_see` among live public notes, where following and authorship change nothing."""
    return is_live() & is_public() & no_block_between(viewer)


def may_see_of_followed(viewer: Any) -> Q:
    """Match `is_meant_for` among live notes of people the viewer follows, who see public notes too."""
    return is_live() & ~Q(visibility="private") & no_block_between(viewer)


def followed_by(viewer: Any) -> QuerySet[Any]:
    """Return people the viewer follows whose notes their lists may show."""
    return _listable_for(viewer).filter(**{FOLLOWER: viewer.pk})


def declaring(viewer: Any, label: Any) -> QuerySet[Any]:
    """Return people who declare this label now and have a public note on its topics, as far as the viewer's lists may
    show them.
    """
    return _listable_for(viewer).filter(**{DECLARED: label, DECLARATION_RETIRED: True}, **HAS_NOTE_ON_TOPIC)


def newest_on_topic() -> RawSQL:
    """Return when the newest public note on the topics of the label in force of `source.person` (a column of
    notes/explore/newest_by_source.py) was published.
    """
    said = "SELECT newest_on_topic FROM profiles_positioning WHERE person_id = source.person AND retired_at IS NULL"
    return RawSQL(f"({said})", ())  # noqa: S611  our own words alone


def faces_of_label(viewer: Any, label: int, most: int) -> list[Any]:
    """Return people with this label in force, by their newest note on its topics: public, indexed, counted, not in
    high school, and neither blocked nor muted for the viewer. None if a moderator hid the label.
    """
    people = (
        get_user_model()
        ._default_manager.filter(
            no_block_between(viewer, "pk"),
            **{DECLARED: label, DECLARATION_RETIRED: True, "positionings__label__hidden_at__isnull": True},
            **{ACTIVE: True, COUNTED: True, APPROVES: False, "is_indexed": True},
        )
        .exclude(stage="high_school")
    )
    people = people.filter(IsWanted("pk", viewer)) if viewer.is_authenticated else people
    return list(people.order_by("-positionings__newest_on_topic", "-positionings__id")[:most])


def _listable_for(viewer: Any) -> QuerySet[Any]:
    """Return active people who have published, except those whose notes no list shows this viewer."""
    people = get_user_model()._default_manager.filter(**{PUBLISHED: True, ACTIVE: True})
    if viewer.is_authenticated:
        people = people.filter(IsWantedAmong("pk", viewer))
    return people if _sees_all(viewer) else people.filter(NoBlockAmong("pk", viewer))


def _sees_all(viewer: Any) -> bool:
    """Return whether blocks do not apply to the viewer: visitors and staff."""
    return not viewer.is_authenticated or viewer.is_staff


def positioning_of(person: Any) -> Any:
    """Return the person's positioning in force, or None. The person stays locked until the transaction ends, so that
    the positioning is not deleted before a note published under it is stored.
    """
    people = get_user_model()._default_manager.select_for_update(no_key=True, of=["self"])
    people.values_list("pk", flat=True).get(pk=person.pk)
    return person.positionings.current().first()


def approves_followers(author_id: int) -> bool:
    """Return whether the author approves followers. They stay locked, so that it does not change, until the
    transaction ends.
    """
    people = get_user_model()._default_manager.select_for_update(no_key=True, of=["self"])
    return bool(people.values_list(APPROVES, flat=True).get(pk=author_id))


def lock_readers(people: set[int]) -> set[int]:
    """Lock these people until the transaction ends, and return those whose reading counts: active, not staff."""
    if not people:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM profiles_user WHERE id = ANY(%s) AND NOT is_staff AND is_active"
            " ORDER BY id FOR NO KEY UPDATE",
            [list(people)],
        )
        return {pk for (pk,) in cursor.fetchall()}


def due_to_count(people: Collection[int] | None) -> list[int]:
    """Return the ids of those of these people, or of all, who should start to count as readers, in order."""
    due = get_user_model()._default_manager.due_to_count()  # type: ignore[attr-defined]
    due = due if people is None else due.filter(pk__in=people)
    return list(due.order_by("pk").values_list("pk", flat=True))


def start_to_count(person: int) -> None:
    """Start to count the person as a reader. They stay locked until the transaction ends."""
    get_user_model()._default_manager.filter(pk=person).update(**{COUNTED: True})


def campus_named(name: str) -> Any:
    """Return the campus with this name, created if missing."""
    campus = apps.get_model(CAMPUS)
    return campus.objects.named(name)


def campus_with(pk: int) -> Any | None:
    """Return the campus with this id if it has a page, or None."""
    return apps.get_model(CAMPUS).objects.shown().filter(pk=pk).first()


def campus_names() -> list[str]:
    """Return the names that campus fields offer."""
    names: list[str] = apps.get_model(CAMPUS).objects.offered()
    return names


# Parts of SQL that ask for %(person)s as they were at %(moment)s. A label that a moderator hid says nothing.
FOLLOWED = (
    "SELECT id, followed_id FROM profiles_follow WHERE follower_id = %(person)s AND created_at <= %(moment)s"
)
DECLARED_TOPICS = """
SELECT place.tag_id, positioning.person_id
FROM profiles_positioning AS positioning
JOIN profiles_label AS label ON label.id = positioning.label_id AND label.hidden_at IS NULL
JOIN profiles_positioningtopic AS place ON place.positioning_id = positioning.id
WHERE positioning.declared_at <= %(moment)s
    AND (positioning.retired_at IS NULL OR positioning.retired_at > %(moment)s)
    AND (place.given_at IS NULL OR place.given_at <= %(moment)s)
    AND (place.taken_at IS NULL OR place.taken_at > %(moment)s)
"""
