"""The tags of a note: found by name, created where missing, and set."""

from collections.abc import Sequence

from taggit.models import Tag

from core.ids import random_name
from core.text import normal_form, slug
from notes.models import Note, TaggedNote
from notes.models.tags import lock_tags, target_of


def set_tags(note: Note, tags: list[Tag]) -> None:
    note.taggings.exclude(tag__in=tags).delete()
    TaggedNote.objects.bulk_create(
        [TaggedNote(content_object=note, tag=tag) for tag in tags], ignore_conflicts=True
    )


def tags_named(names: Sequence[str]) -> list[Tag]:
    """Return the tags with these names, in this order, created where missing.

    A tag's name is in normal form, so case never splits one; a merged tag is replaced by its target. The tags are
    locked until the transaction ends: call this before notes and people are locked, as merging tags locks them in this
    order.
    """
    wanted = list(dict.fromkeys(normal_form(name) for name in names))
    for taken in (False, True):  # "c++" and "c" would have the same slug
        missing = set(wanted).difference(Tag.objects.filter(name__in=wanted).values_list("name", flat=True))
        Tag.objects.bulk_create(
            [
                Tag(name=name, slug=f"{slug(name)}-{random_name()[:6]}" if taken else slug(name))
                for name in sorted(missing)
            ],
            ignore_conflicts=True,
        )
    lock_tags(wanted)
    tags = Tag.objects.filter(name__in=wanted).select_related("state__merged_into")
    found = {tag.name: target_of(tag) for tag in tags}
    return list(dict.fromkeys(found[name] for name in wanted if name in found))
