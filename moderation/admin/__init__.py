"""The moderators' site, and every model in it."""

from moderation.admin import (
    appeals,
    audit,
    campuses,
    channels,
    collections,
    comments,
    digests,
    evidence,
    labels,
    notes,
    people,
    queue,
    reader_words,
    reports,
    series,
    tags,
)

__all__ = [
    "appeals",
    "audit",
    "campuses",
    "channels",
    "collections",
    "comments",
    "digests",
    "evidence",
    "labels",
    "notes",
    "people",
    "queue",
    "reader_words",
    "reports",
    "series",
    "tags",
]
