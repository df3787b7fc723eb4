"""Compare the lists of the site: those by time with rows, those of Explore with the formula."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from moderation.prove import epochs, served
from moderation.prove.differences import Difference, Tally
from moderation.prove.formula import Frozen, Taste, freshness, joined, ordered
from moderation.prove.lists import NEWEST, OF_PEOPLE, WANTED, Asked, expected, members
from moderation.prove.rows import FROM_NOTES, LISTED, TAG_IS_SHOWN, column, rows
from moderation.prove.tastes import taste_of

PAGE = 24
VIEWERS = 5  # signed-in people whose lists are compared
KINDS = (
    *("tag", "campus", "channel", "label", "holders", "profile", "series"),
    *("collections", "collection", "followers"),
)


def prove_lists(tally: Tally, *, most: int | None, deep: int | None, seed: int) -> None:
    """Compare `most` lists of each kind, or all, each to `deep` places, or to its end."""
    viewers = members("following", VIEWERS, seed)
    asked = [Asked("latest"), *(Asked("latest", viewer=pk) for pk in viewers)]
    asked += [Asked("following", viewer=pk) for pk in viewers]
    asked += [Asked(kind, pk) for kind in KINDS for pk in members(kind, most, seed)]
    for each in asked:
        _prove_list(tally, each, deep)


def _prove_list(tally: Tally, asked: Asked, deep: int | None) -> None:
    due, there = expected(asked, deep), served.served(asked, deep)
    if there is None and due:
        tally.lists += 1
        said = f"there is no such page, and no decision explains it: it should have {len(due)} places"
        tally.found.append(Difference(asked.name, said))
        return
    what = "person" if asked.kind in OF_PEOPLE else "collection" if asked.kind == "collections" else "note"
    tally.add_list(asked.name, due, there or [], what=what, explained=_muted(asked.viewer))


# Notes of others with a word or tag that the viewer has muted: whether it is a whole word is left open.
_MUTED = """
SELECT note.id FROM notes_note AS note, profiles_user AS viewer, unnest(viewer.muted_words) AS word
WHERE viewer.id = %(viewer)s AND note.author_id <> viewer.id AND position(
    lower(normalize(trim(leading '#' from word), NFKC)) IN lower(normalize(note.title || ' ' || note.body || ' ' || (
        SELECT coalesce(string_agg(tag.name, ' '), '') FROM notes_taggednote AS tagging
        JOIN taggit_tag AS tag ON tag.id = tagging.tag_id WHERE tagging.content_object_id = note.id
    ), NFKC))
) > 0
"""


def _muted(viewer: int) -> Collection[int]:
    return set(column(_MUTED, viewer=viewer)) if viewer else ()


_VIEWER = "SELECT campus_id, languages FROM profiles_user WHERE id = %(viewer)s"
_LANGUAGES = "SELECT id, language FROM notes_note WHERE id = ANY (%(notes)s)"
_SHOWN = f"SELECT note.id FROM {FROM_NOTES} WHERE note.id = ANY (%(notes)s) AND {WANTED}"
_IN_SCOPE = {
    "all": "true",
    "campus": "note.campus_id = %(pk)s",
    "topic": "EXISTS (SELECT FROM notes_taggednote AS tagging"
    " WHERE tagging.content_object_id = note.id AND tagging.tag_id = %(pk)s)",
    "channel": "EXISTS (SELECT FROM notes_taggednote AS tagging"
    " JOIN taggit_tag AS tag ON tag.id = tagging.tag_id"
    " JOIN notes_channel_tags AS chosen ON chosen.tag_id = tag.id AND chosen.channel_id = %(pk)s"
    f" WHERE tagging.content_object_id = note.id AND {TAG_IS_SHOWN})",
}
_LATER = f"""
SELECT note.id, note.author_id, note.campus_id, note.published_at,
    ARRAY(SELECT tag_id FROM notes_taggednote WHERE content_object_id = note.id)
FROM {FROM_NOTES} WHERE {LISTED} AND note.published_at > %(moment)s AND {{scope}} AND (
    cardinality(%(languages)s::text[]) = 0 OR note.language = '' OR note.language = ANY (%(languages)s)
    OR note.author_id = %(viewer)s
) AND {{whose}} {NEWEST} LIMIT {{most}}
"""
_TAIL = f"""
SELECT note.id FROM {FROM_NOTES} WHERE {WANTED} AND {{scope}}
    AND note.published_at <= %(moment)s AND note.id <> ALL (%(notes)s) {NEWEST} LIMIT %(most)s
"""


def prove_explore(tally: Tally, *, most: int | None, deep: int | None, seed: int) -> None:
    """Compare the stored epochs, and the pages of the newest one, with the formula."""
    stored = epochs.newest(timezone.now())
    for epoch, made_at in stored:
        epochs.prove_stored(tally, epoch, made_at)
    if not stored:
        return
    epoch, made_at = stored[0]
    scopes = served.scopes_of(epoch)
    for viewer in [0, *members("following", VIEWERS, seed)]:
        names = sorted(scopes)[:most] if not viewer else ["all"]
        for name in names:
            _prove_order(tally, name, scopes[name], made_at, served.unread_quality_of(epoch), viewer, deep)


def _prove_order(
    tally: Tally,
    name: str,
    candidates: Sequence[Frozen],
    made_at: datetime,
    unread: float,
    viewer: int,
    deep: int | None,
) -> None:
    """Compare the pages of a scope as a viewer sees them."""
    kind, _, pk = name.partition("-")
    campus, languages = rows(_VIEWER, viewer=viewer)[0] if viewer else (None, [])
    asked: dict[str, Any] = {"viewer": viewer, "pk": int(pk or 0), "moment": made_at, "languages": languages}
    taste = taste_of(viewer, campus, made_at) if viewer else Taste()
    order = ordered(_in_languages(candidates, viewer, languages), taste)
    arrivals = _arrivals(asked, _IN_SCOPE[kind], unread)
    own = [each for each in arrivals if each.author == viewer]
    first = own + joined(order[:PAGE], [each for each in arrivals if each not in own], taste)
    due = [each.note for each in [*first, *order[PAGE:]]]
    shown = set(column(_SHOWN, notes=due, **asked))
    due = [note for note in due if note in shown]
    ranked = [each.note for each in order]
    due += column(_TAIL.format(scope=_IN_SCOPE[kind]), notes=ranked, most=deep, **asked)
    there = served.explored(name, served.viewer_of(viewer), deep)
    whose = f" for person {viewer}" if viewer else ""
    tally.add_list(f"Explore ({name}){whose}", due[:deep], there, explained=_muted(viewer))


def _in_languages(candidates: Sequence[Frozen], viewer: int, languages: Sequence[str]) -> list[Frozen]:
    if not languages:
        return list(candidates)
    of = dict(rows(_LANGUAGES, notes=[each.note for each in candidates]))
    wanted = {"", *languages}
    return [each for each in candidates if each.author == viewer or of.get(each.note, "") in wanted]


def _arrivals(asked: dict[str, Any], scope: str, unread: float) -> list[Frozen]:
    """Return what was published since the epoch: two of the viewer's own at most, then the latest four."""
    parts = [("note.author_id = %(viewer)s", 2), ("true", 4)]
    found: dict[int, tuple[Any, ...]] = {}
    for whose, most in parts:
        for row in rows(_LATER.format(scope=scope, whose=whose, most=most), **asked):
            found.setdefault(row[0], row)
    latest = sorted(found.values(), key=lambda row: (row[1] == asked["viewer"], row[3], row[0]), reverse=True)
    now = timezone.now()
    return [
        Frozen(
            note,
            author,
            campus,
            tuple(topics),
            unread,
            0,
            freshness((now - at).total_seconds() / 3600),
            0,
            0,
        )
        for note, author, campus, at, topics in latest
    ]
