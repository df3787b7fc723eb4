from collections.abc import Collection

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItemBase

from notes.models.visibility import NamesTag


class TaggedNote(TaggedItemBase):
    """A tag of a note. `listed_at`: when the note was published, while everybody may find it in lists; triggers keep
    it, so that an index finds a tag's newest notes.
    """

    content_object = models.ForeignKey("notes.Note", models.CASCADE, related_name="taggings")
    listed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["tag", "-listed_at", "-content_object"],
                name="note_tagged_listed",
                condition=Q(listed_at__isnull=False),
            )
        ]
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="note_tagged_once")]


class TagState(models.Model):
    """What moderators decided about a tag: hidden, or merged into another. Most tags have no row."""

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="state")
    is_hidden = models.BooleanField(_("hidden"), default=False)
    merged_into = models.ForeignKey(
        Tag, models.CASCADE, null=True, related_name="merged", verbose_name=_("merged into")
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return f"{self.tag_id}"


def not_hidden() -> QuerySet[Tag]:
    """Return tags that no moderator has hidden or merged."""
    decided = TagState.objects.filter(Q(is_hidden=True) | Q(merged_into__isnull=False), tag=OuterRef("pk"))
    return Tag.objects.filter(~Exists(decided))


def shown_tags() -> QuerySet[Tag]:
    """Tags that have a page: what everybody may see names them. The others are as if nobody had used them."""
    return not_hidden().filter(NamesTag("pk"))


def merged_into(slug: str) -> Tag | None:
    """Return the tag that the one of this address was merged into, if that has a page."""
    return shown_tags().filter(merged__tag__slug=slug).first()


def target_of(tag: Tag) -> Tag:
    """Return the tag itself, or the one it was merged into; `state__merged_into` is fetched."""
    state: TagState | None = getattr(tag, "state", None)
    return (state.merged_into if state else None) or tag


def hold_tags(names: Collection[str]) -> None:
    """Keep the tags of these names, and those they were merged into, from being merged until the transaction ends.

    Several transactions may hold a tag so.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"names": list(names)})


# As the foreign key of a row that names one would, only sooner.
_HOLD = """
SELECT FROM taggit_tag WHERE name = ANY (%(names)s) OR id IN (
    SELECT merged_into_id FROM notes_tagstate AS state JOIN taggit_tag AS tag ON tag.id = state.tag_id
    WHERE tag.name = ANY (%(names)s)
)
ORDER BY id FOR KEY SHARE
"""
