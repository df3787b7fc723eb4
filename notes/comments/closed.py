"""Why a person cannot comment on a note that they can read."""

from django.utils.translation import gettext as _

from core.commenters import Commenters
from notes.models import Note
from profiles.models import Viewer
from profiles.pauses import COMMENTING, pause


def why_closed(note: Note, viewer: Viewer, *, follows: bool) -> str:
    """Return why the viewer cannot comment, as the note's page says it; "" if they can."""
    if paused := pause(viewer, COMMENTING):
        return paused
    if note.commenters == Commenters.NOBODY:
        return _("Comments are turned off.")
    if note.commenters == Commenters.FOLLOWERS and not follows and viewer.pk != note.author_id:
        return _("Only followers can comment.")
    return ""
