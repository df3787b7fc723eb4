from django.db import transaction

from notes.models import Note
from profiles.models import Campus, User


@transaction.atomic
def merge_campus(*, campus: Campus, into: Campus) -> None:
    """Merge a campus into another: move its notes and people, and redirect its address and its name."""
    held = Campus.objects.filter(pk__in=[campus.pk, into.pk]).order_by("pk").select_for_update()
    if len(held) < 2 or any(each.merged_into_id for each in held):
        return
    notes, people = Note.objects.filter(campus=campus.pk), User.objects.filter(campus=campus.pk)
    notes.lock()
    people.lock()
    notes.update(campus=into.pk)
    people.update(campus=into.pk)
    Campus.objects.filter(merged_into=campus.pk).update(merged_into=into.pk)
    Campus.objects.filter(pk=campus.pk).update(merged_into=into.pk)
