"""How explore is ordered.

score = log2(HEAD_START · 2^(t/H) + Σ weight · 2^(tᵢ/H)), t the hour of publication, tᵢ those of the note's
reactions, H the half-life. At any moment this orders notes as the sum of reactions would, each decayed by half every
H hours, with a new note entering as if it had just met HEAD_START likes; but the value itself does not decay, so
only notes with new reactions are written. An author's own reactions do not count. The idea of a score that grows
with the clock instead of decaying is Reddit's "hot" ranking.
"""

import math
from datetime import UTC, datetime, timedelta

from django.db import connection

HALF_LIFE = timedelta(hours=48)
HEAD_START = 10
LIKE, COLLECT, COMMENT = 1, 2, 3
RECENT = timedelta(days=14)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

_REFRESH = """
WITH recent AS (
    SELECT id, author_id, published_at FROM notes_note
    WHERE status = 'published' AND published_at > now() - %(recent)s
), reactions AS (
    SELECT note_id, person_id, created_at, %(like)s AS weight FROM notes_like
    UNION ALL
    SELECT note_id, person_id, created_at, %(collect)s FROM notes_collect
    UNION ALL
    SELECT note_id, author_id, created_at, %(comment)s FROM notes_comment
    WHERE deleted_at IS NULL AND hidden_at IS NULL
), scores AS (
    SELECT recent.id,
        extract(epoch FROM recent.published_at - %(epoch)s) / %(half_life)s + ln(
            %(head_start)s + coalesce(sum(
                weight * power(
                    2, extract(epoch FROM reactions.created_at - recent.published_at)::float8 / %(half_life)s
                )
            ), 0)
        ) / ln(2) AS score
    FROM recent LEFT JOIN reactions ON reactions.note_id = recent.id AND reactions.person_id <> recent.author_id
    GROUP BY recent.id, recent.published_at
)
, moved AS (
    SELECT notes_note.id, scores.score FROM notes_note JOIN scores USING (id)
    WHERE abs(notes_note.score - scores.score) > 0.001
    ORDER BY id FOR NO KEY UPDATE OF notes_note
)
UPDATE notes_note SET score = moved.score FROM moved WHERE notes_note.id = moved.id
"""


def first_score(published_at: datetime) -> float:
    """The score of a note nobody has reacted to yet, in half-lives since EPOCH."""
    return (published_at - EPOCH) / HALF_LIFE + math.log2(HEAD_START)


def refresh_scores(published_within: timedelta = RECENT) -> int:
    """Scores the notes of the last two weeks, or of another time up to now, again; gives how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REFRESH,
            {
                "recent": published_within,
                "like": LIKE,
                "collect": COLLECT,
                "comment": COMMENT,
                "epoch": EPOCH,
                "half_life": HALF_LIFE.total_seconds(),
                "head_start": HEAD_START,
            },
        )
        return cursor.rowcount
