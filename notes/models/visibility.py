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
    """Whether a table of another app holds a row about the note, comment or person whose column is given.

    What Exists says, at a tenth of its price in Python: it is in every query of every page. Whom one does not want to
    meet is asked for once a query, and each row compared with that: by NOT EXISTS PostgreSQL would join, and by the
    join's guess of how few rows are left read all that an author has published for the sake of one page.
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
    """The same of a crowd: each is looked up, not compared with one after the other. PostgreSQL takes it that half of
    the rows are left, so that this is not for where an index is to pick a page's.
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
    """Whether a note has a topic of the label in force of its author: `IsOnTopic("pk", "author", label)`."""

    output_field = BooleanField()
    template = (
        "EXISTS (SELECT FROM notes_taggednote AS tagging"
        " JOIN profiles_positioningtopic AS topic ON topic.tag_id = tagging.tag_id AND topic.taken_at IS NULL"
        " JOIN profiles_positioning AS said ON said.id = topic.positioning_id AND said.retired_at IS NULL"
        " WHERE (tagging.content_object_id, said.person_id, said.label_id) = (%(expressions)s))"
    )


class NamesCampus(Asked):
    """Whether a live public note or a profile that shows it names the campus in the column.

    Asked for in the order of an index: for a campus that nobody names PostgreSQL would else go through all rows, as it
    expects to meet one soon.
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
    """Whether a live public note names the tag in the column, or the label in force of a person that others see."""

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
    """Return whether the viewer waits for the row's author to approve them."""
    return HasAsked("author", viewer)


def mutes_author(viewer: Any) -> HasMuted:
    """Return whether the viewer has muted the row's author."""
    return HasMuted("author", viewer)


def no_block_between(viewer: Any, column: str = "author") -> Q:
    """Neither the viewer nor the person in the column has blocked the other."""
    return Q() if _sees_all(viewer) else Q(NoBlockBetween(column, viewer))


def is_wanted_by(viewer: Any) -> Q:
    """By somebody whom the viewer has neither muted nor, as a moderator may and still see them, blocked."""
    return Q(IsWanted("author", viewer)) if viewer.is_authenticated else Q()


def is_live() -> Q:
    """Published, not hidden by a moderator, by somebody who is neither suspended nor leaving."""
    return Q(status="published", hidden_at__isnull=True, **{AUTHOR_ACTIVE: True})


def is_public() -> Q:
    """For everyone. Who approves their followers publishes to them at most, whatever the row says."""
    return Q(visibility="public", **{AUTHOR_APPROVES: False})


def moderators_may_see() -> Q:
    """What moderators deal with as it is, and, while a report of it is open, any note."""
    return open_to_moderators() | Q(IsReported("pk"))


def open_to_moderators() -> Q:
    """Published notes that are public, whoever wrote them, or hidden, whatever their visibility: one is dealt with
    already. Never what is for followers, private or a draft.
    """
    return Q(status="published") & (is_public() | Q(hidden_at__isnull=False))


def may_see(viewer: Any) -> Q:
    """Return the one definition of who may open a note: those it is meant for, and moderators what they deal with."""
    meant = is_meant_for(viewer)
    return meant | moderators_may_see() if viewer.is_authenticated and viewer.is_staff else meant


def is_meant_for(viewer: Any) -> Q:
    """Everyone: live public notes. Followers: live notes for followers. Authors: all of their own. Nobody: those of
    somebody whom they have blocked, or who has blocked them.
    """
    if not viewer.is_authenticated:
        return may_see_of_public(viewer)
    for_followers = ~Q(visibility="private") & Q(follows_author(viewer))
    seen = (is_live() & (is_public() | for_followers)) | Q(author=viewer.pk)
    return no_block_between(viewer) & seen


def may_see_of_public(viewer: Any) -> Q:
    """`may_see` where only live public notes are asked for: who follows or wrote them changes nothing."""
    return is_live() & is_public() & no_block_between(viewer)


def may_see_of_followed(viewer: Any) -> Q:
    """`is_meant_for` where only live notes of people whom the viewer follows are asked for: public ones are for
    followers too.
    """
    return is_live() & ~Q(visibility="private") & no_block_between(viewer)


def followed_by(viewer: Any) -> QuerySet[Any]:
    """Return those whom the viewer follows, as far as they are heard."""
    return _heard_by(viewer).filter(**{FOLLOWER: viewer.pk})


def declaring(viewer: Any, label: Any) -> QuerySet[Any]:
    """Return people whose label in force is this one and who have a public note on its topics, as far as the viewer
    hears them.
    """
    return _heard_by(viewer).filter(**{DECLARED: label, DECLARATION_RETIRED: True}, **HAS_NOTE_ON_TOPIC)


def newest_on_topic() -> RawSQL:
    """When the newest public note on the topics of the label in force of `source.person`, a column of notes/heads.py,
    was published.
    """
    said = "SELECT newest_on_topic FROM profiles_positioning WHERE person_id = source.person AND retired_at IS NULL"
    return RawSQL(f"({said})", ())  # noqa: S611  our own words alone


def faces_of_label(viewer: Any, label: int, most: int) -> list[Any]:
    """Return people with the label in force, unless a moderator hid it, by their newest note on its topics: of those
    whom everybody may find, who count as readers and are not in high school, as far as the viewer may see and wants to.
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


def _heard_by(viewer: Any) -> QuerySet[Any]:
    """Return people who have ever published, less those whose notes no list shows this viewer."""
    people = get_user_model()._default_manager.filter(**{PUBLISHED: True, ACTIVE: True})
    if viewer.is_authenticated:
        people = people.filter(IsWantedAmong("pk", viewer))
    return people if _sees_all(viewer) else people.filter(NoBlockAmong("pk", viewer))


def _sees_all(viewer: Any) -> bool:
    """Return whether no block is between them and anybody: nobody keeps out who looks after all, or who is not signed
    in.
    """
    return not viewer.is_authenticated or viewer.is_staff


def positioning_of(person: Any) -> Any:
    """Return the person's positioning in force now, or None. They are held, as by whoever declares one, until the
    transaction ends: it is not deleted before what is published under it is there.
    """
    people = get_user_model()._default_manager.select_for_update(no_key=True, of=["self"])
    people.values_list("pk", flat=True).get(pk=person.pk)
    return person.positionings.current().first()


def approves_followers(author_id: int) -> bool:
    """Return whether they publish to followers at most. They are held, so that it stays so until the transaction ends."""
    people = get_user_model()._default_manager.select_for_update(no_key=True, of=["self"])
    return bool(people.values_list(APPROVES, flat=True).get(pk=author_id))


def hold_readers(people: set[int]) -> set[int]:
    """Return those of these people whose reading counts: who do not look after all, and are there. They are held until
    the transaction ends, as by whoever follows.
    """
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
    """Return who should count as a reader by now and does not yet, of these people or of all, in order of id."""
    due = get_user_model()._default_manager.due_to_count()  # type: ignore[attr-defined]
    due = due if people is None else due.filter(pk__in=people)
    return list(due.order_by("pk").values_list("pk", flat=True))


def begin_to_count(person: int) -> None:
    """Have the person count as a reader. They are held until the transaction ends."""
    get_user_model()._default_manager.filter(pk=person).update(**{COUNTED: True})


def campus_named(name: str) -> Any:
    """Return the campus of this name, added when nobody has named it yet."""
    campus = apps.get_model(CAMPUS)
    return campus.objects.named(name)


def campus_with(pk: int) -> Any | None:
    """Return the campus of this key, if it has a page, or None."""
    return apps.get_model(CAMPUS).objects.shown().filter(pk=pk).first()


def campus_names() -> list[str]:
    """Return names to offer where a campus is asked for."""
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
