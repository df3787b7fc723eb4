from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from django.conf import settings
from django.db import IntegrityError, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from core.db.prepared_queries import compiled
from core.hiding import Hideable
from core.ids import random_name
from core.text import normal_form, slug

AMEND_WITHIN = timedelta(minutes=60)
CHANGE_EVERY = timedelta(days=7)
TOPICS_MAX = 5
WORDING_MIN, WORDING_MAX = 2, 32  # characters; half-widths
STATEMENT_MAX = 140
NORMAL_MAX = 128
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Declared(NamedTuple):
    """A label as pages show it beside its person; `focus` as in `Positioning.focus_shown`."""

    wording: str = ""
    topics: tuple[str, ...] = ()
    focus: int | None = None


class LabelQuerySet(models.QuerySet["Label"]):
    def shown(self) -> Self:
        return self.filter(hidden_at__isnull=True)

    def worded(self, wording: str) -> "Label":
        """Return the label of this wording, created if missing."""
        normal, words = normal_form(wording), slug(wording)[:80]
        for address in (words, f"{words}-{random_name()[:6]}"):
            self.bulk_create(
                [self.model(normal=normal, slug=address, wording=wording)], ignore_conflicts=True
            )
            found = self.filter(normal=normal).first()
            if found:
                return found
        raise IntegrityError(f"No address is free for the label {wording!r}.")


class Label(Hideable):
    """Wordings that are equal in normal form (NFKC, case-folded)."""

    normal = models.CharField(_("normal form"), max_length=NORMAL_MAX, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    wording = models.CharField(_("first wording"), max_length=64)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")

    def __str__(self) -> str:
        return self.wording

    def get_absolute_url(self) -> str:
        return reverse("label", args=[self.slug])


class PositioningQuerySet(models.QuerySet["Positioning"]):
    def current(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def shown(self) -> Self:
        """Return positionings in force whose label no moderator has hidden."""
        return self.current().filter(label__hidden_at__isnull=True)

    def with_topics(self, topics: "models.QuerySet[PositioningTopic]") -> Self:
        """Fetch these topics, with their tags, for `shown_topics`, in one query."""
        return self.prefetch_related(models.Prefetch("topic_places", topics, to_attr="shown_places"))


class Positioning(models.Model):
    """A person's label, statement, topics and audience, from one time to another. The current one is not retired."""

    class Audience(models.TextChoices):
        HIGH_SCHOOL = "high_school", _("High-school students")
        COLLEGE = "college", _("College students")
        CAMPUS = "campus", _("My campus")
        EVERYONE = "everyone", _("Everyone")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="positionings")
    label = models.ForeignKey(Label, models.PROTECT, related_name="positionings")
    wording = models.CharField(_("label"), max_length=64)
    statement = models.CharField(_("statement"), max_length=1400, blank=True)
    audience = models.CharField(
        _("intended audience"), max_length=12, choices=Audience, default=Audience.EVERYONE
    )
    topics = models.ManyToManyField(  # type: ignore[var-annotated]
        "taggit.Tag", through="PositioningTopic", related_name="positionings"
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    # Of the one in force, kept by triggers: when the person's newest note that everybody may find and that has one of
    # its topics was published, or NEVER, so that one index orders all holders of a label; and where the person shows
    # it, how many in ten of such notes are about its topics (Focus, notes/focus.py), None below five.
    newest_on_topic = models.DateTimeField(default=NEVER, db_default=NEVER, editable=False)
    focus_shown = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = PositioningQuerySet.as_manager()

    shown_places: "list[PositioningTopic]"
    # Attached in Python: the public notes published under it.
    note_count = 0

    class Meta:
        verbose_name = _("positioning")
        verbose_name_plural = _("positionings")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(retired_at__isnull=True), name="positioning_one_current"
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True)
                | models.Q(retired_at__gte=models.F("declared_at")),
                name="positioning_retired_after_declared",
            ),
        ]
        indexes = [
            models.Index(
                fields=["label", "-newest_on_topic", "-id"],
                condition=models.Q(retired_at__isnull=True),
                name="positioning_holders_newest",
            ),
            models.Index(fields=["person", "-declared_at"], name="positioning_history"),
        ]

    def __str__(self) -> str:
        return self.wording

    def topics_in_order(self) -> list[Tag]:
        """Return one to five tags in order, primary first, as they are or were at retirement."""
        return [place.tag for place in _places(positioning=self.pk)]

    @property
    def shown_topics(self) -> tuple[str, ...]:
        """Names of the topics that `with_topics()` fetched, else empty."""
        return tuple(place.tag.name for place in getattr(self, "shown_places", ()))

    @property
    def may_be_amended(self) -> bool:
        """Whether an edit now amends this version in place."""
        return timezone.now() < self.declared_at + AMEND_WITHIN

    @property
    def waits_until(self) -> datetime | None:
        """When another label or primary topic may be declared; None if it may be now."""
        opens = self.declared_at + CHANGE_EVERY
        return None if self.may_be_amended or timezone.now() >= opens else opens


class PositioningTopic(models.Model):
    """A topic of a positioning with the time it was one; position 0 is primary.

    `given_at` is None for topics declared with the label; `taken_at` is None for current ones. A change of topics ends
    all rows and writes new ones, so that the topics at any moment can be read.
    """

    positioning = models.ForeignKey(Positioning, models.CASCADE, related_name="topic_places")
    tag = models.ForeignKey("taggit.Tag", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(_("given"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["positioning", "tag"], condition=models.Q(taken_at__isnull=True), name="topic_once"
            ),
            models.UniqueConstraint(
                fields=["positioning", "position"],
                condition=models.Q(taken_at__isnull=True),
                name="topic_one_a_position",
            ),
            models.CheckConstraint(condition=models.Q(position__lt=TOPICS_MAX), name="topic_at_most_five"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.tag_id}"


@compiled
def _places(*, positioning: int) -> models.QuerySet[PositioningTopic]:
    places = PositioningTopic.objects.filter(positioning=positioning, taken_at__isnull=True)
    return places.select_related("tag")
