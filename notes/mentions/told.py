from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notes.mentions.actions import MENTIONS_MAX, handles_in
from notes.models import Comment, Mention, Note


def say_if_some_stay_text(request: HttpRequest, *, note: Note, comment: Comment | None = None) -> None:
    """Show a message on the next page if a comment, or else the note, names more people than it may tell."""
    text = comment or note
    if len(handles_in(text.body)) <= MENTIONS_MAX:
        return
    if Mention.objects.standing().filter(note=note, comment=comment).count() >= MENTIONS_MAX:
        messages.info(request, _("10 people were told. Mentions beyond ten stay text."))
