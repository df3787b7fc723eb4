from collections.abc import Collection

from django.db import connection, transaction
from taggit.models import Tag

from notes.models import Channel, Note
from notes.models.tags import TaggedNote, TagState
from profiles.models import User

# If a label had both as topics at the same time, the first one stays.
_MOVE_TOPICS = """
DELETE FROM profiles_positioningtopic AS topic USING profiles_positioningtopic AS other
WHERE other.positioning_id = topic.positioning_id AND other.position < topic.position
    AND other.taken_at IS NOT DISTINCT FROM topic.taken_at
    AND topic.tag_id IN (%(tag)s, %(into)s) AND other.tag_id IN (%(tag)s, %(into)s);
UPDATE profiles_positioningtopic SET tag_id = %(into)s WHERE tag_id = %(tag)s;
"""


def hide_tag(*, tag: Tag, is_hidden: bool) -> None:
    """Hide a tag from every page, or restore it. Idempotent."""
    TagState.objects.update_or_create(tag=tag, defaults={"is_hidden": is_hidden})


@transaction.atomic
def merge_tag(*, tag: Tag, into: Tag) -> None:
    """Merge a tag into another: move its notes and topics, and redirect its address and its name."""
    held = Tag.objects.filter(pk__in=[tag.pk, into.pk]).order_by("pk").select_for_update()
    if len(held) < 2 or TagState.objects.filter(tag__in=held, merged_into__isnull=False).exists():
        return
    notes = Note.objects.filter(taggings__tag=tag.pk)
    notes.lock()
    people = {*notes.values_list("author", flat=True), *_declaring([tag.pk, into.pk])}
    User.objects.filter(pk__in=people).lock()  # a trigger locks the person of each row that changes
    tagged = TaggedNote.objects.filter(tag=tag.pk)
    twice = TaggedNote.objects.filter(tag=into.pk, content_object__in=tagged.values("content_object"))
    tagged.filter(content_object__in=list(twice.values_list("content_object", flat=True))).delete()
    tagged.update(tag=into.pk)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_TOPICS, {"tag": tag.pk, "into": into.pk})
    for channel in Channel.objects.filter(tags=tag.pk):
        channel.tags.remove(tag)
        channel.tags.add(into)
    TagState.objects.filter(merged_into=tag.pk).update(merged_into=into.pk)
    TagState.objects.update_or_create(tag=tag, defaults={"merged_into": into})


def _declaring(tags: Collection[int]) -> set[int]:
    """Return the people who declare one of these tags, or did."""
    with connection.cursor() as cursor:
        cursor.execute(_DECLARING, [list(tags)])
        return {person for (person,) in cursor}


_DECLARING = """
SELECT DISTINCT said.person_id
FROM profiles_positioningtopic AS place JOIN profiles_positioning AS said ON said.id = place.positioning_id
WHERE place.tag_id = ANY (%s)
"""
