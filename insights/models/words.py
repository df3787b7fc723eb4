"""The words that followers pick for a creator who asks for them (docs/insights.md)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.text import normal_form

PICKS_MAX = 3
WORD_MAX = 30


class WordQuerySet(models.QuerySet["Word"]):
    def offered(self) -> Self:
        return self.filter(is_offered=True)


class Word(models.Model):
    """A plain word that moderators offer for describing a creator, in both languages."""

    en = models.CharField(_("in English"), max_length=WORD_MAX, unique=True)
    zh = models.CharField(_("in Chinese"), max_length=WORD_MAX, unique=True)
    is_offered = models.BooleanField(
        _("offered"),
        default=True,
        db_default=True,
        help_text=_("Otherwise it can be picked no more, and stays where it was picked."),
    )

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word for creators")
        verbose_name_plural = _("words for creators")
        ordering = ["en"]

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en

    def is_said_in(self, text: str) -> bool:
        """Return whether the text contains the word, in either language."""
        return f" {_letters(self.en)} " in f" {_letters(text)} " or normal_form(self.zh) in normal_form(text)


def _letters(text: str) -> str:
    """Return the words of a text, separated by single spaces."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in normal_form(text)).split())


_ONE_OF_TWO = models.Q(word__isnull=True) ^ models.Q(tag__isnull=True)


class Pick(models.Model):
    """A word or topic that a follower picked for a creator. Shown to the picker only."""

    picker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    word = models.ForeignKey(Word, models.CASCADE, null=True, related_name="+")
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picked word")
        verbose_name_plural = _("picked words")
        constraints = [
            models.UniqueConstraint(fields=["picker", "creator", "place"], name="pick_one_a_place"),
            models.UniqueConstraint(fields=["picker", "creator", "word"], name="pick_word_once"),
            models.UniqueConstraint(fields=["picker", "creator", "tag"], name="pick_topic_once"),
            models.CheckConstraint(condition=models.Q(place__lt=PICKS_MAX), name="pick_at_most_three"),
            models.CheckConstraint(condition=_ONE_OF_TWO, name="pick_word_or_topic"),
            models.CheckConstraint(
                condition=~models.Q(picker=models.F("creator")), name="pick_not_for_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.picker_id} about {self.creator_id}"


class SeenWord(models.Model):
    """A word or topic that enough followers had picked for a creator at the end of the last week."""

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    word = models.ForeignKey(Word, models.CASCADE, null=True, related_name="+")
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = _("word that creators are seen by")
        verbose_name_plural = _("words that creators are seen by")
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "word", "tag"], name="seen_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=_ONE_OF_TWO, name="seen_word_or_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.word_id or self.tag_id} of {self.creator_id}"


class StruckWord(models.Model):
    """A word or topic that a creator struck: neither offered for them nor shown."""

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    word = models.ForeignKey(Word, models.CASCADE, null=True, related_name="+")
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = _("struck word")
        verbose_name_plural = _("struck words")
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "word", "tag"], name="struck_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=_ONE_OF_TWO, name="struck_word_or_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.word_id or self.tag_id} of {self.creator_id}"
