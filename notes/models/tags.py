from collections.abc import Collection

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItemBase

from notes.models.public_names import NamesTag


class TaggedNote(TaggedItemBase):
    """A tag of a note. `listed_at` is the note's time of publication while the note is listed publicly; triggers
    maintain it, so that an index finds a tag's newest notes.
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
    """A moderator's decision on a tag: hidden, or merged into another. Most tags have no row."""

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
    """Return tags that have a page: something public has them. The others look as if they did not exist."""
    return not_hidden().filter(NamesTag("pk"))


def merged_into(slug: str) -> Tag | None:
    """Return the tag that the one with this slug was merged into, if that has a page."""
    return shown_tags().filter(merged__tag__slug=slug).first()


def target_of(tag: Tag) -> Tag:
    """Return the tag itself, or the one it was merged into; needs `state__merged_into`."""
    state: TagState | None = getattr(tag, "state", None)
    return (state.merged_into if state else None) or tag


def lock_tags(names: Collection[str]) -> None:
    """Lock the tags with these names, and those they were merged into, against merging until the transaction ends.

    The lock is shared: several transactions may hold a tag.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"names": list(names)})


# As the foreign key of a row that names one would, only sooner.
_LOCK = """
SELECT FROM taggit_tag WHERE name = ANY (%(names)s) OR id IN (
    SELECT merged_into_id FROM notes_tagstate AS state JOIN taggit_tag AS tag ON tag.id = state.tag_id
    WHERE tag.name = ANY (%(names)s)
)
ORDER BY id FOR KEY SHARE
"""
