from datetime import timedelta
from typing import Any

from django.db import migrations, transaction
from django.db.models.functions import Coalesce, Lower

from core.text import mentions_in
from profiles.models.handle import keyed_hash

AT_ONCE = 200
REST = timedelta(days=90)


def bring_along(apps: Any, schema_editor: Any) -> None:
    """Store the mentions of the notes and comments that are there, some at a time."""
    notes = apps.get_model("notes", "Note").objects.filter(status="published").exclude(visibility="private")
    comments = apps.get_model("notes", "Comment").objects.filter(note__in=notes, deleted_at=None)
    for texts in (notes, comments):
        last = 0
        while True:
            some = list(texts.filter(pk__gt=last, body__contains="@").order_by("pk")[:AT_ONCE])
            if not some:
                break
            with transaction.atomic():
                _store(apps, some)
            last = some[-1].pk


def _store(apps: Any, texts: list[Any]) -> None:
    mentions = apps.get_model("notes", "Mention")
    named = {text: {handle.lower() for handle in mentions_in(text.body)} for text in texts}
    periods = _periods(apps, {handle for handles in named.values() for handle in handles})
    rows = []
    for text, handles in named.items():
        note = {"note_id": text.note_id, "comment_id": text.pk} if hasattr(text, "note_id") else {"note": text}
        changed = text.edited_at or getattr(text, "published_at", None) or text.created_at
        for handle in sorted(handles):
            if person := _meant(periods.get(handle, []), text.created_at, changed):
                said = {"author_id": text.author_id, "person_id": person, "handle": handle}
                rows.append(mentions(**note, **said, created_at=text.created_at))
    mentions.objects.bulk_create(rows, ignore_conflicts=True)


def _periods(apps: Any, handles: set[str]) -> dict[str, list[tuple[Any, Any, Any]]]:
    """Return by handle when it began and ended to mean a person, and which."""
    people, past = apps.get_model("profiles", "User"), apps.get_model("profiles", "PastHandle")
    plain = {keyed_hash(handle): handle for handle in handles} | {handle: handle for handle in handles}
    periods: dict[str, list[tuple[Any, Any, Any]]] = {handle: [] for handle in handles}
    now = people.objects.alias(lower=Lower("handle")).filter(lower__in=handles)
    for handle, person, since in now.values_list(
        Lower("handle"), "pk", Coalesce("handle_since", "date_joined")
    ):
        periods[handle].append((since, None, person))
    for held in past.objects.filter(handle__in=plain):
        periods[plain[held.handle]].append((held.since, held.until + REST, held.person_id))
    return periods


def _meant(periods: list[tuple[Any, Any, Any]], written: Any, changed: Any) -> Any:
    then = [each for each in periods if each[0] <= written and (each[1] is None or written < each[1])]
    if then:
        return max(then, key=lambda each: each[0])[2]
    later = [each for each in periods if written < each[0] <= changed]
    return min(later, key=lambda each: each[0])[2] if later else None


class Migration(migrations.Migration):
    """Store the mentions of texts that were there before 0039, so that their handles go on linking. Done twice, it
    changes nothing.

    Notifications of mentions come after this migration: nobody is told of a mention that was there before.
    """

    atomic = False
    dependencies = [("notes", "0039_mentions"), ("profiles", "0028_mentioners")]
    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
