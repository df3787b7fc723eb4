from notes.models.arrival import Arrival
from notes.models.channel import Channel
from notes.models.collection import Collection, CollectionFollow, CollectPlace
from notes.models.comment import Comment, CommentLike
from notes.models.epoch import Epoch, EpochInput, EpochScope
from notes.models.framing import Framing
from notes.models.less import Less
from notes.models.mention import Mention
from notes.models.note import Note
from notes.models.pending_edit import PendingEdit
from notes.models.photo import Photo
from notes.models.reactions import Collect, Like
from notes.models.readers import Measured, NetworkKey, NoteDay, NoteReader, Source
from notes.models.reading_history import HistoryEntry, ReadingHistory
from notes.models.series import Series
from notes.models.tags import TaggedNote
from notes.models.upload import Upload
from notes.models.version import NoteVersion

__all__ = [
    "Arrival",
    "Channel",
    "Collect",
    "CollectPlace",
    "Collection",
    "CollectionFollow",
    "Comment",
    "CommentLike",
    "Epoch",
    "EpochInput",
    "EpochScope",
    "Framing",
    "HistoryEntry",
    "Less",
    "Like",
    "Measured",
    "Mention",
    "NetworkKey",
    "Note",
    "NoteDay",
    "NoteReader",
    "NoteVersion",
    "PendingEdit",
    "Photo",
    "ReadingHistory",
    "Series",
    "Source",
    "TaggedNote",
    "Upload",
]
