"""The moderators' site, and every model in it."""

from moderation.admin import campuses, channels, notes, people, reader_words, reports, tags

__all__ = ["campuses", "channels", "notes", "people", "reader_words", "reports", "tags"]
