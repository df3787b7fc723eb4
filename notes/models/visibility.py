"""Who may see a note: the one definition. Its `author` is a person; what people are to one another is asked of
profiles/models/relations.py.
"""

from django.db.models import Q

from profiles.models import Viewer
from profiles.models.relations import Follows, no_block_between

# What indexes and SQL repeat of it, of a row called `note`: LISTED is in lists for everyone, SHARED may be opened by
# others than its author. Whether the author is active and approves followers is asked besides.
LISTED = Q(status="published", visibility="public", hidden_at__isnull=True)
LISTED_SQL = "note.status = 'published' AND note.visibility = 'public' AND note.hidden_at IS NULL"
SHARED_SQL = "note.status = 'published' AND note.visibility <> 'private' AND note.hidden_at IS NULL"


def is_live() -> Q:
    """Match published notes that are not hidden, by authors who are neither suspended nor leaving."""
    return Q(status="published", hidden_at__isnull=True, author__is_active=True)


def is_public() -> Q:
    """Match notes for everyone. An author who approves followers publishes to followers at most, whatever the row
    says.
    """
    return Q(visibility="public", author__approves_followers=False)


def moderators_may_see() -> Q:
    """Match notes that moderators handle: those always open to them, and any note with an open report."""
    return open_to_moderators() | Q(open_report_count__gt=0, is_sealed=False)


def open_to_moderators() -> Q:
    """Match published notes that are public, or hidden, whatever their visibility. Never unhidden followers-only
    notes, private notes or drafts, nor those that are hidden in a sealed case.
    """
    return Q(status="published", is_sealed=False) & (is_public() | Q(hidden_at__isnull=False))


def may_see(viewer: Viewer) -> Q:
    """Match the notes a viewer may open. This is the only definition: everyone's own access, and for moderators what
    they handle.
    """
    meant = is_meant_for(viewer)
    return meant | moderators_may_see() if viewer.is_authenticated and viewer.is_staff else meant


def is_meant_for(viewer: Viewer) -> Q:
    """Match notes by their visibility: live public notes for everyone, live followers-only notes for followers, all
    own notes for their author, and none across a block.
    """
    if not viewer.is_authenticated:
        return may_see_of_public(viewer)
    for_followers = ~Q(visibility="private") & Q(Follows("author", viewer))
    seen = (is_live() & (is_public() | for_followers)) | Q(author=viewer.pk)
    return no_block_between(viewer, "author") & seen


def may_see_of_public(viewer: Viewer) -> Q:
    """Match `may_see` among live public notes, where following and authorship change nothing."""
    return is_live() & is_public() & no_block_between(viewer, "author")


def may_see_of_followed(viewer: Viewer) -> Q:
    """Match `is_meant_for` among live notes of people the viewer follows, who see public notes too."""
    return is_live() & ~Q(visibility="private") & no_block_between(viewer, "author")
