"""Curated channels: several tags under one name in each language, ordered by moderators."""

from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from notes.models.public_names import ListsNotes
from notes.models.tags import not_hidden

NAME_MAX = 20
TAGS_MAX = 20  # each is looked up on every page


class ChannelQuerySet(models.QuerySet["Channel"]):
    def shown(self) -> Self:
        """Return the channels that have a page, in order."""
        return self.filter(is_shown=True).order_by("position", "pk")

    def offered(self) -> Self:
        """Return the shown channels that have at least one public note, with their tags."""
        return self.shown().filter(Exists(_tags().filter(ListsNotes("pk")))).with_tags()

    def with_tags(self) -> Self:
        """Fetch the ids and names of the tags that no moderator has hidden, as `tag_ids` and `tag_names`."""
        tags = _tags().order_by("pk")
        return self.annotate(
            tag_ids=ArraySubquery(tags.values("pk")), tag_names=ArraySubquery(tags.values("name"))
        )


class Channel(models.Model):
    """A channel of the row above Explore. `slug` is made from both names when the channel is created and never
    changes.
    """

    slug = models.CharField(_("address"), max_length=100, unique=True, editable=False)
    en = models.CharField(_("in English"), max_length=200)
    zh = models.CharField(_("in Chinese"), max_length=200)
    position = models.PositiveSmallIntegerField(_("place in the row"), default=0, db_default=0)
    is_shown = models.BooleanField(_("shown"), default=True, db_default=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="channels")

    objects = ChannelQuerySet.as_manager()

    tag_ids: list[int]
    tag_names: list[str]

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/?{urlencode({'channel': self.slug})}"

    @property
    def name(self) -> str:
        """The name in the current language."""
        return self.zh if (get_language() or "").startswith("zh") else self.en


def _tags() -> QuerySet[Any]:
    return not_hidden().filter(channels=OuterRef("pk"))
