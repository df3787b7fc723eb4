"""Collections of saved notes, and who may see them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.hiding import Hideable
from core.text import slug
from notes.models.reactions import Collect
from profiles.models import Viewer
from profiles.models.relations import Follows, no_block_between

NAME_MAX, DESCRIPTION_MAX = 40, 300
COLLECTIONS_MAX = 500  # of one person
PLACES_MAX = 10_000  # notes in one collection
_SLUG_WORDS_MAX = 80


class CollectionQuerySet(models.QuerySet["Collection"]):
    def named(self) -> Self:
        """Leave out the nameless collections that saves went to before there were others. Nothing shows those."""
        return self.filter(is_default=False)

    def of(self, owner: object) -> Self:
        return self.named().filter(owner=owner)

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the collections this viewer may open: their own, and public ones of people whose pages they may open.
        Of a person who approves followers, only followers see them. What is in one is asked besides.
        """
        known = Q(owner__approves_followers=False)
        if viewer.is_authenticated:
            known |= Q(Follows("owner", viewer))
        shown = Q(is_private=False, hidden_at__isnull=True, owner__is_active=True) & known
        others = shown & no_block_between(viewer, "owner")
        return self.named().filter(others | Q(owner=viewer.pk) if viewer.is_authenticated else others)

    def for_moderators(self) -> Self:
        """Return the collections that the admin lists: public and hidden ones."""
        return self.named().filter(Q(is_private=False) | Q(hidden_at__isnull=False))

    def lock(self) -> list["Collection"]:
        """Lock these collections until the transaction ends, in order of id, and return them.

        Lock a collection before its notes are added, moved or merged, and after the note and its save.
        """
        return list(self.order_by("pk").select_for_update(of=["self"], no_key=True))


class Collection(Hideable):
    """A named list of notes that its owner saved, in the owner's order."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="collections", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=400, blank=True)
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    is_default = models.BooleanField(default=False, editable=False)
    is_private = models.BooleanField(_("only you"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # When a note was last added: the order of lists.
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    # Those of Hideable, for a table that a release without them still fills.
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("hidden by"),
    )
    hidden_reason = models.CharField(
        _("reason"), max_length=300, blank=True, default="", db_default="", editable=False
    )

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="collection_one_default"
            ),
            models.CheckConstraint(condition=Q(is_default=True) | ~Q(name=""), name="collection_named"),
            models.UniqueConstraint(
                "owner", Lower("name"), condition=Q(is_default=False), name="collection_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Saved"))

    @property
    def slug(self) -> str:
        """The words of the name, as far as they fit, and the number, by which alone the collection is found."""
        words = slug(self.name)[:_SLUG_WORDS_MAX].strip("-_")
        return f"{words}-{self.pk}" if words else str(self.pk)

    def get_absolute_url(self) -> str:
        """Return the address of its page. Needs the owner."""
        return f"{self.owner.get_absolute_url()}collections/{self.slug}/"


class CollectPlace(models.Model):
    """A saved note's place in one collection.

    Places are ordered by `PLACE`, descending: a new note comes first. Moving one exchanges these numbers among the
    places of its collection (notes/collections/order.py), so that none is there twice.
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="places", db_index=False)
    collect = models.ForeignKey(Collect, models.CASCADE, related_name="places")
    position = models.BigIntegerField(null=True, editable=False)  # null: the id

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "collect"], name="collect_place_once"),
            models.UniqueConstraint(
                "collection", Coalesce("position", "id").desc(), name="collect_place_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collect_id} in {self.collection_id}"


PLACE = Coalesce("position", "id", output_field=models.BigIntegerField())


class CollectionFollow(models.Model):
    """A person wants to find another's public collection again, in the list of those they follow."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(auto_now_add=True)
    # The place given last in any collection when the follower last opened this one; null where that is not known.
    seen_place = models.BigIntegerField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "collection"], name="collection_follow_once")
        ]
        indexes = [models.Index(fields=["follower", "-id"], name="collection_follow_of_person")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows collection {self.collection_id}"
