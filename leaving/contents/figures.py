"""Figures of the person's notes, profile and followers: numbers without people (docs/insights.md)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from insights.models import FollowDay, NoteFollowDay, NoteHour, ProfileDay
from leaving.contents.part import Part, in_batches
from notes.models import NoteDay
from profiles.models import User

Rows = Iterator[dict[str, Any]]


def note_days(person: User) -> Rows:
    for some in in_batches(NoteDay.objects.filter(note__author=person)):
        for each in some:
            yield {
                "note": each.note_id,
                "day": each.day,
                "came_from": each.source,
                "shown": each.shown,
                "opened": each.opened,
                "new_readers": each.new_readers,
                "newly_engaged": each.new_engaged,
                "ever_engaged": each.ever_engaged,
                "ever_saved": each.ever_saved,
                "ever_commented": each.ever_commented,
                "visits": each.visits,
            }


def note_hours(person: User) -> Rows:
    for some in in_batches(NoteHour.objects.filter(note__author=person)):
        for each in some:
            yield {"note": each.note_id, "day": each.day, "hour": each.hour, "opened": each.opened}


def note_followers(person: User) -> Rows:
    for some in in_batches(NoteFollowDay.objects.filter(note__author=person)):
        for each in some:
            yield {"note": each.note_id, "day": each.day, "won": each.won, "lost": each.lost}


def follower_days(person: User) -> Rows:
    for some in in_batches(FollowDay.objects.filter(person=person)):
        for each in some:
            yield {"day": each.day, "won": each.won, "lost": each.lost}


def profile_days(person: User) -> Rows:
    for some in in_batches(ProfileDay.objects.filter(person=person)):
        for each in some:
            yield {"day": each.day, "visits": each.visits}


PARTS = [
    Part("note-days", _("how often your notes were shown, opened and answered, by day"), note_days),
    Part("note-hours", _("in which hours your notes were opened"), note_hours),
    Part("note-followers", _("followers your notes won and lost, by day"), note_followers),
    Part(
        "follower-days", _("followers you won and lost, by day"), follower_days, ["insights.FollowDay.person"]
    ),
    Part(
        "profile-days",
        _("how often your profile was opened, by day"),
        profile_days,
        ["insights.ProfileDay.person"],
    ),
]
