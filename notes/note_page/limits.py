"""What lowers a note, as its author alone reads it on its page. That it is hidden or held stands in notices.html."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from taggit.models import Tag

from core.dates import calendar_time
from core.text import isolated
from notes.models import Note
from profiles.new_accounts import counts_from


@dataclass(frozen=True)
class NoteLimit:
    """One thing that lowers the note, and where its author reads more and can act."""

    said: str
    address: str
    act: str


def limits_on(note: Note) -> list[NoteLimit]:
    """Return what lowers a published note, in one query. Needs author and campus."""
    if note.status != Note.Status.PUBLISHED:
        return []
    found = []
    if note.warning:
        said = _("Readers are warned of this note: %(warning)s") % {"warning": note.get_warning_display()}
        found.append(NoteLimit(said, f"/decisions/?note={note.pk}", _("Read why, and how to appeal")))
    hidden = Tag.objects.filter(state__is_hidden=True, notes_taggednote_items__content_object=note)
    for tag in hidden.order_by("name"):
        said = _("Moderators hid the tag %(tag)s: nobody finds this note by it.") % {
            "tag": isolated(f"#{tag.name}")
        }
        found.append(NoteLimit(said, f"/settings/standing/#tag-{tag.pk}", _("Read why")))
    if note.campus and note.campus.is_hidden:
        said = _("Moderators hid the campus %(campus)s: it has no page that lists this note.") % {
            "campus": isolated(note.campus.name)
        }
        found.append(NoteLimit(said, f"/settings/standing/#campus-{note.campus.pk}", _("Read why")))
    if at := counts_from(note.author):
        said = _("Your account is new: this note moves no channel until %(time)s.") % {
            "time": calendar_time(at)
        }
        found.append(NoteLimit(said, "/settings/standing/#account", _("Read more")))
    return found
