import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from insights.actions.recounting import wrong_follow_days, wrong_hours
from moderation.models import Report
from moderation.recount import wrong_cases
from notes.models import Collect, Comment, CommentLike, Like, Note
from notes.recount import Wrong, wrong_days, wrong_readers, wrong_taggings, wrongly_counted
from notifications.recount import wrong_notifications
from people.actions.recounting import wrong_labels
from profiles.models import Follow, User
from search.recount import wrong_documents

# Whose counter, the rows it counts, and which of their columns names its owner.
COUNTERS: list[tuple[type[models.Model], str, QuerySet[Any], str]] = [
    (Note, "like_count", Like.objects.all(), "note"),
    (Note, "collect_count", Collect.objects.all(), "note"),
    (Note, "comment_count", Comment.objects.counted(), "note"),
    (Note, "open_report_count", Report.objects.open().filter(is_sealed=False), "note"),
    (Comment, "like_count", CommentLike.objects.all(), "comment"),
    (User, "follower_count", Follow.objects.all(), "followed"),
    (User, "following_count", Follow.objects.all(), "follower"),
]


class Command(BaseCommand):
    help = (
        "Compares every stored counter, and what else triggers keep, with the rows they are of; exits with 1 when one"
        " differs and is not mended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what differs")

    def handle(self, *args: object, fix: bool, **options: object) -> None:
        different = 0
        found = chain(
            wrong_counters(),
            wrong_readers(),
            wrongly_counted(),
            wrong_days(),
            wrong_taggings(),
            unheard(),
            wrong_follow_days(),
            wrong_hours(),
            wrong_labels(),
            wrong_notifications(),
            wrong_cases(),
            wrong_documents(),
        )
        for words, mend in found:
            different += 1
            self.stdout.write(words)
            if fix:
                mend()
        self.stdout.write(f"Counters that differ: {different}{' (mended)' if fix and different else ''}")
        if different and not fix:
            sys.exit(1)


def wrong_counters() -> Iterator[Wrong]:
    for model, counter, rows, owner in COUNTERS:
        truth = counted(rows, owner)
        owners = model._default_manager.annotate(truth=truth).exclude(**{counter: F("truth")}).order_by("pk")
        for pk, stored, true in owners.values_list("pk", counter, "truth"):
            words = f"{model._meta.model_name} {pk}: {counter} is {stored}, counted {true}"
            yield words, partial(mend, model, pk, counter, truth)


def unheard() -> Iterator[Wrong]:
    """Yield people who have published, although feeds would not query their notes."""
    people = User.objects.filter(has_published=False, notes__published_at__isnull=False)
    for person in people.distinct().order_by("pk"):
        mend = partial(User.objects.filter(pk=person.pk).update, has_published=True)
        yield f"user {person.pk}: has_published is False, but they have", mend


def counted(rows: QuerySet[Any], owner: str) -> Coalesce:
    """Return how many of the rows belong to the object of the outer query."""
    own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


@transaction.atomic
def mend(model: type[models.Model], pk: int, counter: str, truth: Coalesce) -> None:
    """Count again under the lock of the counting trigger, in a statement that begins after the lock is held."""
    model._default_manager.select_for_update(no_key=True).only("pk").get(pk=pk)
    model._default_manager.filter(pk=pk).update(**{counter: truth})
