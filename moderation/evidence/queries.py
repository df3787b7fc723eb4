"""Until when copies are kept, and which of them hold some words."""

from datetime import datetime

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat, Replace

from moderation.models import Appeal, Case, Evidence, Seal
from moderation.models.evidence import KEEP, KEEP_SEALED


def kept_until(case: Case) -> datetime | None:
    """Return when the copies of a case are deleted; None while the case or an appeal is open."""
    appeals = Appeal.objects.filter(decision__case=case)
    if case.closed_at is None or appeals.open().exists():
        return None
    answered = appeals.order_by("-decided_at").values_list("decided_at", flat=True).first()
    ended = max(case.closed_at, answered) if answered else case.closed_at
    is_sealed = Seal.objects.in_force().filter(case=case).exists()
    return ended + (KEEP_SEALED if is_sealed else KEEP)


def with_words(pattern: str) -> list[tuple[Evidence, datetime | None]]:
    """Return the copies that match this regular expression, each with the time until which it is kept."""
    kind = TextField()
    text = Concat(Cast("words", kind), Value(" ", kind), Cast("pictures", kind), output_field=kind)
    plain = Replace(text, Value("\\n", kind), Value(" ", kind), output_field=kind)
    found = Evidence.objects.alias(text=plain).filter(text__iregex=pattern).select_related("case")
    return [(each, kept_until(each.case)) for each in found.order_by("pk")]
