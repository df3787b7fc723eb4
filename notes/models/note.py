import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import Tag

from core.commenters import Commenters
from core.hiding import Hideable
from core.languages import language_of
from core.text import cover_snap, isolated, title_width, word_width
from notes.models.declared import LabelWording
from notes.models.muting import without_muted
from notes.models.series import Series
from notes.models.tags import TaggedNote
from notes.models.visibility import (
    LISTED,
    is_live,
    is_meant_for,
    is_public,
    may_see,
    may_see_of_public,
    moderators_may_see,
)
from profiles.models import Campus, Positioning, Viewer
from profiles.models.relations import Follows, is_wanted_by

TITLE_MAX = 40
BODY_MAX = 2000
PLACE_MAX = 40
TAGS_MAX = 10
PHOTOS_MAX = 18
PINS_MAX = 3  # notes on one profile
TONES = ("warm", "rose", "leaf", "sky", "dark", "pale")


ON_CARDS = [
    *(
        "title",
        "title_width",
        "text_tone",
        "status",
        "visibility",
        "hidden_at",
        "is_held",
        "disclosure",
        "partner",
        "origin",
    ),
    *("warning", "like_count", "collect_count", "published_at", "language"),
    *("author__handle", "author__name", "author__avatar_token"),
    *("cover__state", "cover__token", "cover__snap", "cover__tone", "cover__alt"),
    *("cover__width", "cover__height", "cover__roles"),
]


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return the notes this viewer may open. Every page and file starts here."""
        return self.filter(may_see(viewer))

    def meant_for(self, viewer: Viewer) -> Self:
        """Return the notes that lists show this viewer. A moderator may open more, and each such opening is logged."""
        return self.filter(is_meant_for(viewer))

    def public_to(self, viewer: Viewer) -> Self:
        """Return public notes for lists of many people's notes: those the viewer may open, without what they mute."""
        return self.filter(may_see_of_public(viewer)).wanted_by(viewer)

    def public_before_words(self, viewer: Viewer) -> Self:
        """Return `public_to` before muted words and tags are filtered, which pages do themselves (`keyset`)."""
        return self.filter(may_see_of_public(viewer)).by_wanted(viewer)

    def wanted_by(self, viewer: Viewer) -> Self:
        """Leave out notes by people, and with words and tags, that the viewer has muted. They can still be opened."""
        return self.by_wanted(viewer).filter(without_muted(viewer) or Q())

    def by_wanted(self, viewer: Viewer) -> Self:
        """Leave out notes by people the viewer has muted; pages filter words themselves."""
        return self.filter(is_wanted_by(viewer, "author"))

    def for_moderators(self) -> Self:
        """Return the notes that the admin lists and opens, for superusers too."""
        return self.filter(moderators_may_see())

    def live(self) -> Self:
        """Return published, unhidden notes by active authors: what lists show."""
        return self.filter(is_live())

    def public(self) -> Self:
        return self.live().filter(is_public())

    def published_publicly(self) -> Self:
        """Return published public notes: those that restricting to followers would change."""
        return self.exclude(status=Note.Status.DRAFT).filter(visibility=Note.Visibility.PUBLIC)

    def commentable_by(self, viewer: Viewer) -> Self:
        """Return live notes whose author lets this viewer comment; that the viewer may open them is not asked here."""
        follower = Q(author=viewer.pk) | Q(Follows("author", viewer))
        return self.live().filter(
            Q(commenters=Commenters.EVERYONE) | Q(commenters=Commenters.FOLLOWERS) & follower
        )

    def lock(self) -> set[int]:
        """Lock these notes until the transaction ends, in order of id. Return their ids.

        Lock the note before changing or deleting anything it counts. The triggers lock it too, but after the row,
        while a deletion of the note locks it before the row: that would deadlock.
        """
        return set(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def tagged(self, tag: Tag | int) -> Self:
        """Return public notes with this tag; with `listed_at`, their time of publication as the index of a tag's notes
        has it.
        """
        tagged = self.filter(taggings__tag=tag, taggings__listed_at__isnull=False)
        return tagged.annotate(listed_at=F("taggings__listed_at"))

    def for_cards(self) -> Self:
        """Fetch everything a card shows, in one query. Accessing other fields raises in development."""
        rows = self.select_related("author", "cover").only(*ON_CARDS)
        return rows.annotate(author_label=LabelWording("author")).fetch_mode(settings.LAZY_FETCH_MODE)


class Note(Hideable):
    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everyone")
        FOLLOWERS = "followers", _("Followers")
        PRIVATE = "private", _("Only me")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROCESSING = "processing", _("Preparing photos")
        PUBLISHED = "published", _("Published")

    class Disclosure(models.TextChoices):
        NONE = "none", _("No brand involved")
        GIFTED = "gifted", _("Gifted")
        PAID = "paid", _("Paid partnership")
        OWN = "own", _("My own brand")

    class Warning(models.TextChoices):
        """What a moderator warns readers of; "" is nothing."""

        SENSITIVE = "sensitive", _("May be upsetting")
        DOUBTFUL = "doubtful", _("May not be true")
        AD = "ad", _("Looks like an ad")

    class Origin(models.TextChoices):
        """How the note was made, as its author says. UNSAID declares nothing."""

        UNSAID = "", _("Not said")
        OWN = "own", _("My own, as it was")
        AI = "ai", _("Made with AI")
        STAGED = "staged", _("Staged")
        REPOST = "repost", _("Not mine")

    class NotPublished(models.TextChoices):
        """Why a scheduled note became a draft again when its time came."""

        PHOTO = "photo", _("A photo could not be prepared.")
        HIDDEN = "hidden", _("The note was hidden.")
        ACCOUNT = "account", _("Your account was suspended or was about to be deleted.")
        UNCONFIRMED = "unconfirmed", _("Your e-mail address was not confirmed.")
        UNFINISHED = "unfinished", _("The note was not complete.")
        FAILED = "failed", _("Something went wrong on our side.")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notes",
        db_index=False,
        verbose_name=_("author"),
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=400, blank=True)
    title_width = models.PositiveSmallIntegerField(default=0, editable=False)
    body = models.TextField(_("story"), blank=True)
    # The language of title and story as found when they were saved, "" where none was (core/languages.py).
    language = models.CharField(
        _("language"), max_length=2, blank=True, default="", db_default="", editable=False
    )
    # What was typed into a draft, as JSON, fit to be published or not; "" once it is published (compose/revisions.py).
    typed = models.TextField(blank=True, default="", db_default="", editable=False)
    campus = models.ForeignKey(
        Campus,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        db_index=False,
        verbose_name=_("campus"),
    )
    place = models.CharField(_("place"), max_length=400, blank=True)
    visibility = models.CharField(
        _("who can see it"), max_length=9, choices=Visibility, default=Visibility.PUBLIC
    )
    commenters = models.CharField(
        _("who can comment"),
        max_length=9,
        choices=Commenters,
        default=Commenters.EVERYONE,
        db_default=Commenters.EVERYONE,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    disclosure = models.CharField(_("brand"), max_length=6, choices=Disclosure, default=Disclosure.NONE)
    partner = models.CharField(_("partner"), max_length=400, blank=True)
    # What a moderator warns readers of: filled by decisions of moderation.
    warning = models.CharField(
        _("warning"), max_length=10, choices=Warning, blank=True, default="", db_default="", editable=False
    )
    origin = models.CharField(
        _("how it was made"), max_length=6, choices=Origin, blank=True, default=Origin.UNSAID, db_default=""
    )
    positioning = models.ForeignKey(
        Positioning, models.SET_NULL, null=True, blank=True, related_name="notes", editable=False
    )
    cover = models.ForeignKey(
        "notes.Photo", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # The series of its author that it is in, and where: places order the notes, they may have gaps.
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="notes", db_index=False, editable=False
    )
    series_place = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Which of the PINS_MAX pins of its author it has, and since when, which orders them.
    pin_slot = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True, editable=False)
    text_tone = models.CharField(max_length=4, choices=[(tone, tone) for tone in TONES], default="warm")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # When a draft was last saved; of published notes it says nothing.
    saved_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    # When a draft is to be published by itself (notes/schedule/), and why one was not.
    scheduled_for = models.DateTimeField(null=True, blank=True, editable=False)
    not_published = models.CharField(
        max_length=12, choices=NotPublished, blank=True, default="", db_default="", editable=False
    )
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Hidden by a program, until a moderator has looked at it. Says nothing of a note that is not hidden.
    is_held = models.BooleanField(default=False, db_default=False, editable=False)
    # When its author last took it out of the public: from then on its drawn picture has another address.
    closed_at = models.DateTimeField(null=True, editable=False)

    like_count = models.PositiveIntegerField(_("likes"), default=0, db_default=0, editable=False)
    collect_count = models.PositiveIntegerField(_("collects"), default=0, db_default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("comments"), default=0, db_default=0, editable=False)
    # Open reports of the note and its comments, kept by triggers of moderation; for moderators alone.
    open_report_count = models.IntegerField(default=0, db_default=0, editable=False)
    # Whether it is hidden only because all its photos are: then one that is added shows it again.
    is_hidden_with_photos = models.BooleanField(default=False, db_default=False, editable=False)
    # Hidden in a sealed case: from moderators too.
    is_sealed = models.BooleanField(default=False, db_default=False, editable=False)

    tags = TaggableManager(through=TaggedNote, blank=True, verbose_name=_("tags"))
    objects = NoteQuerySet.as_manager()

    # Attached in Python to the notes of a list, for its viewer.
    liked = False
    collected = False
    # On a profile: whether its card has the mark of a pinned note, and for its author a button that pins or unpins it.
    shows_pin = False
    offers_pin = False
    # The wording of the author's label as others see it; fetched by `for_cards()`.
    author_label: str | None = None

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="note_key_once"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="note_published_when"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | ~Q(title=""), name="note_published_titled"
            ),
            models.CheckConstraint(
                condition=Q(partner="") | ~Q(disclosure="none"), name="note_partner_disclosed"
            ),
            models.CheckConstraint(
                condition=Q(pin_slot__isnull=True, pinned_at__isnull=True)
                | Q(pin_slot__isnull=False, pin_slot__range=(1, PINS_MAX), pinned_at__isnull=False),
                name="note_pin_among_three",
            ),
            models.UniqueConstraint(
                fields=["author", "pin_slot"], condition=Q(pin_slot__isnull=False), name="note_pin_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="note_latest",
                condition=LISTED,
            ),
            models.Index(
                fields=["campus", "-published_at", "-id"],
                name="note_campus",
                condition=LISTED,
            ),
            models.Index(fields=["author", "-published_at", "-id"], name="note_author"),
            models.Index(fields=["created_at"], name="note_drafts", condition=Q(status="draft")),
            models.Index(
                fields=["author", "-saved_at", "-id"], name="note_own_drafts", condition=Q(status="draft")
            ),
            models.Index(
                fields=["series", "series_place", "id"],
                name="note_in_series",
                condition=Q(series__isnull=False),
            ),
            models.Index(
                fields=["scheduled_for", "id"],
                name="note_scheduled",
                condition=Q(scheduled_for__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or gettext("Untitled note")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_width = title_width(self.title)
        if kwargs.get("update_fields") is None:
            self.language = language_of(f"{self.title}\n{self.body}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/notes/{self.pk}/"

    @property
    def word_width(self) -> int:
        """Width of the longest word of the title, in the units of `title_width`."""
        return word_width(self.title)

    @property
    def snap(self) -> int:
        """Height of the card's cover, in 24ths of its width."""
        return self.cover.snap if self.cover else cover_snap(self.title)

    @property
    def is_live(self) -> bool:
        """Whether the note may be liked, saved and commented on."""
        return self.status == self.Status.PUBLISHED and self.hidden_at is None

    @property
    def is_listed(self) -> bool:
        """Whether it is published for everyone and not hidden, as LISTED matches it."""
        return self.is_live and self.visibility == self.Visibility.PUBLIC

    @property
    def is_open(self) -> bool:
        """Whether everyone may read the note; needs the author."""
        return self.is_listed and not self.author.approves_followers

    @property
    def badge(self) -> str:
        """The badge of a card: restricted visibility, or what it waits for."""
        if self.hidden_at:
            return gettext("Held for review") if self.is_held else gettext("Hidden")
        if self.status != self.Status.PUBLISHED:
            return str(self.get_status_display())
        if self.visibility != self.Visibility.PUBLIC:
            return str(self.get_visibility_display())
        return ""

    @property
    def brand(self) -> str:
        """The disclosure in one word, for a card: "Ad" or "Gifted"; "" without a brand."""
        if self.disclosure == self.Disclosure.NONE:
            return ""
        if self.disclosure == self.Disclosure.GIFTED:
            return pgettext("on a card", "Gifted")
        return pgettext("on a card", "Ad")

    @property
    def origin_on_card(self) -> str:
        """How the note was made in one word, for a card; "" where nothing is to be known."""
        words = {
            self.Origin.AI: pgettext("on a card", "AI"),
            self.Origin.STAGED: pgettext("on a card", "Staged"),
            self.Origin.REPOST: pgettext("on a card", "Not theirs"),
        }
        return words.get(self.Origin(self.origin), "")

    @property
    def origin_told(self) -> str:
        """How the note was made, as its page shows it; "" where nothing is to be known."""
        words = {
            self.Origin.AI: gettext("Made with AI"),
            self.Origin.STAGED: gettext("Staged for the photos"),
            self.Origin.REPOST: gettext("Not the author’s own photos or words"),
        }
        return words.get(self.Origin(self.origin), "")

    @property
    def warned(self) -> str:
        """The moderators' warning in a word, for a card; "" without one."""
        words = {
            self.Warning.SENSITIVE: pgettext("on a card", "Sensitive"),
            self.Warning.DOUBTFUL: pgettext("on a card", "Doubtful"),
            self.Warning.AD: pgettext("on a card", "Ad"),
        }
        return words[self.Warning(self.warning)] if self.warning else ""

    @property
    def disclosed(self) -> str:
        """The disclosure as the note page shows it, with the partner's name; "" without a brand."""
        if self.disclosure == self.Disclosure.NONE:
            return ""
        if not self.partner:
            return str(self.get_disclosure_display())
        words = {
            self.Disclosure.GIFTED: gettext("Gifted by %(partner)s"),
            self.Disclosure.PAID: gettext("Paid partnership with %(partner)s"),
            self.Disclosure.OWN: gettext("My own brand: %(partner)s"),
        }
        return words[self.Disclosure(self.disclosure)] % {"partner": isolated(self.partner)}
