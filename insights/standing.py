"""Which readers may be counted, and which followers may pick words."""
# ruff: noqa: S608 (the parts of SQL are ours)

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from profiles.models import User

WEEK = timedelta(days=7)
READ_MIN = 3  # notes of a creator's that a follower has read before picking words

# Active people with a confirmed address, older than a week, who are no moderators, do not mute the creator and are
# not blocked either way.
_SETTLED = """
person.is_active AND NOT person.is_staff AND person.unconfirmed_until IS NULL
    AND person.date_joined <= now() - interval '7 days' AND person.id <> %(creator)s
    AND person.id NOT IN (SELECT blocked_id FROM profiles_block WHERE blocker_id = %(creator)s)
    AND person.id NOT IN (SELECT blocker_id FROM profiles_block WHERE blocked_id = %(creator)s)
    AND person.id NOT IN (SELECT muter_id FROM profiles_mute WHERE muted_id = %(creator)s)
"""
# Readers of the creator's notes who may be counted, whether they have it counted or not.
PRESENT = f"""
SELECT person.* FROM profiles_user AS person
WHERE {_SETTLED} AND person.id IN (
    SELECT person_id FROM notes_note AS note JOIN notes_notereader AS reader ON reader.note_id = note.id
    WHERE note.author_id = %(creator)s AND reader.is_counted AND reader.person_id IS NOT NULL
)
"""
# Followers who may pick words for the creator, whether they do or not.
MAY_PICK = f"""
SELECT person.id FROM profiles_user AS person
JOIN profiles_follow AS follow ON follow.follower_id = person.id AND follow.followed_id = %(creator)s
JOIN notes_notereader AS reader ON reader.person_id = person.id
JOIN notes_note AS note ON note.id = reader.note_id AND note.author_id = %(creator)s
WHERE {_SETTLED} AND person.stage <> 'high_school'
GROUP BY person.id HAVING count(*) >= {READ_MIN}
"""


_STANDING = """
SELECT
    EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = %(creator)s),
    EXISTS (SELECT FROM profiles_mute WHERE muter_id = %(viewer)s AND muted_id = %(creator)s),
    EXISTS (
        SELECT FROM profiles_block WHERE blocker_id = %(viewer)s AND blocked_id = %(creator)s
            OR blocker_id = %(creator)s AND blocked_id = %(viewer)s
    ),
    (SELECT count(*) FROM notes_note AS note JOIN notes_notereader AS reader ON reader.note_id = note.id
        WHERE note.author_id = %(creator)s AND reader.person_id = %(viewer)s)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A follower's conditions for picking words for a creator, and which are not met yet."""

    is_confirmed: bool
    settled_at: datetime  # from when on their account is old enough
    is_muting: bool
    read: int  # notes of the creator's

    @property
    def is_settled(self) -> bool:
        return self.settled_at <= timezone.now()

    @property
    def to_read(self) -> int:
        """The number of notes the follower still has to read."""
        return max(0, READ_MIN - self.read)

    @property
    def may_pick(self) -> bool:
        return self.is_confirmed and self.is_settled and not self.is_muting and not self.to_read


def standing(viewer: User, creator: User) -> Standing | None:
    """Return which conditions the viewer meets for picking words for the creator.

    None if the page does not exist for the viewer: they do not follow, are in high school, are a moderator or blocked
    either way, or the creator takes no words.
    """
    if not creator.is_open_to_words or viewer == creator or viewer.is_staff:
        return None
    if viewer.stage == User.Stage.HIGH_SCHOOL:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"viewer": viewer.pk, "creator": creator.pk})
        follows, is_muting, is_blocked, read = cursor.fetchone()
    if not follows or is_blocked:
        return None
    return Standing(viewer.unconfirmed_until is None, viewer.date_joined + WEEK, is_muting, read)
