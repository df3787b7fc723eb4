"""Series of one's own notes, and who may see them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.hiding import Hideable
from core.text import slug
from profiles.models import Viewer
from profiles.models.relations import no_block_between

NAME_MAX = 40
SERIES_MAX = 100  # of one author
NOTES_MAX = 200  # in one series
_SLUG_WORDS_MAX = 80


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return the series whose names this viewer may read where they may open one of the notes, which is asked
        besides (notes/series/queries.py). Their author sees each.
        """
        others = Q(hidden_at__isnull=True, author__is_active=True) & no_block_between(viewer, "author")
        return self.filter(others | Q(author=viewer.pk) if viewer.is_authenticated else others)

    def lock(self) -> set[int]:
        """Lock these series until the transaction ends, in order of id. Return their ids. Lock a series before its
        notes.
        """
        return set(
            self.order_by("pk").select_for_update(of=["self"], no_key=True).values_list("pk", flat=True)
        )


class Series(Hideable):
    """A named list of an author's published notes, in an order of theirs. Which notes, and where, is in `Note.series`
    and `Note.series_place`. Hidden by moderators, only its author finds it; its notes stay as they are.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="series",
        db_index=False,
        verbose_name=_("author"),
    )
    name = models.CharField(_("name"), max_length=400)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.UniqueConstraint("author", Lower("name"), name="series_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="series_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """The words of the name, as far as they fit, and the number, by which alone the series is found."""
        words = slug(self.name)[:_SLUG_WORDS_MAX].strip("-_")
        return f"{words}-{self.pk}" if words else str(self.pk)

    def get_absolute_url(self) -> str:
        """Return the address of its page. Needs the author."""
        return f"{self.author.get_absolute_url()}series/{self.slug}/"
