from insights.models.audience import FLOORS, Batch, Entered, Table, WeekDone
from insights.models.figures import (
    ChapterSum,
    FollowDay,
    Mark,
    NoteFollowDay,
    NoteHour,
    NoteSum,
    PersonSum,
    ProfileDay,
    Summed,
    TopicSum,
)
from insights.models.found_by import FoundBy
from insights.models.words import PICKS_MAX, Pick, SeenWord, StruckWord, Word

__all__ = [
    "FLOORS",
    "PICKS_MAX",
    "Batch",
    "ChapterSum",
    "Entered",
    "FollowDay",
    "FoundBy",
    "Mark",
    "NoteFollowDay",
    "NoteHour",
    "NoteSum",
    "PersonSum",
    "Pick",
    "ProfileDay",
    "SeenWord",
    "StruckWord",
    "Summed",
    "Table",
    "TopicSum",
    "WeekDone",
    "Word",
]
