"""The text of a submitted form, for an error page."""

from typing import Any

from django.http import HttpRequest

from core.http import is_from_here
from core.parked_forms import is_written, submitted_form

# Fields that hold no typed text.
_PLUMBING = {
    "key",
    "draft",
    "seen",
    "photo",
    "remove",
    "parent",
    "cover",
    "action",
    "move",
    "add",
    "crop",
    "show",
}
_PLUMBING |= {
    "keep_out",
    "shows_campus",
    "shows_chapters",
    "approves_followers",
    "shares_stage",
    "shares_campus",
    "shows_focus",
}
_PLUMBING |= {
    "is_hidden",
    "is_offered",
    "is_school",
    "is_shown",
    "languages",
    "remove_avatar",
    "open",
    "words",
}
_PLUMBING |= {"note", "onward"}
_PLUMBING |= {"avatar_zoom", "avatar_across", "avatar_down"}
_PLUMBING |= {
    "commenters",
    "mentioners",
    "kinds",
    "newest",
    "visibility",
    "disclosure",
    "origin",
    "text_tone",
    "confirm",
    "reason",
    "stage",
    "language",
    "time_zone",
    "audience",
}


def typed_in(request: HttpRequest, *, again: bool = True) -> dict[str, Any]:
    """Return the text of the submitted form for an error page, to be copied or sent again.

    Queries neither the session nor the database. Empty for forms of other sites and unreadable ones.
    """
    try:
        words = submitted_form(request)
        token = request.POST.get("csrfmiddlewaretoken", "")
        if request.method != "POST" or not is_from_here(request) or not is_written(words):
            return {}
    except Exception:  # what could not be read is why this page is shown
        return {}
    fields = [(name, value) for name, values in words.data.lists() for value in values]
    said = [(name, value, _is_words(name, value)) for name, value in fields]
    return {
        "typed": said,
        "files": words.files,
        "token": token,
        "again": again,
        "address": request.get_full_path(),
    }


def _is_words(name: str, value: str) -> bool:
    """Return whether a person typed the field. `reason` is a choice in one form and typed in others."""
    is_code = name in _PLUMBING and value.isascii() and " " not in value
    return value.strip() != "" and not is_code
