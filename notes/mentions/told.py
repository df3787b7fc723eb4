from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notes.mentions.actions import MENTIONS_MAX, handles_in, keeps_text
from notes.models import Comment, Mention, Note


def say_if_some_stay_text(request: HttpRequest, *, note: Note, comment: Comment | None = None) -> None:
    """Show a message on the next page if a comment, or else the note, names more people than it may tell."""
    text = comment or note
    if keeps_text(request.user):
        if set(handles_in(text.body)) - set(_standing(note, comment).values_list("handle", flat=True)):
            messages.info(request, _("Your mentions stay text for now: moderators decided so."))
        return
    if len(handles_in(text.body)) <= MENTIONS_MAX:
        return
    if _standing(note, comment).count() >= MENTIONS_MAX:
        messages.info(request, _("10 people were told. Mentions beyond ten stay text."))


def _standing(note: Note, comment: Comment | None) -> QuerySet[Mention]:
    return Mention.objects.standing().filter(note=note, comment=comment)
