from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.commenters import Commenters
from core.limits import NEW_ACCOUNT
from core.zones import zone_named
from profiles.addresses import AddressModelField, tidy_address
from profiles.models.campus import Campus
from profiles.models.handle import PastHandle, holders
from profiles.models.label import Declared, Positioning, PositioningTopic
from profiles.models.relations import HasBlocked, IsFollowing, NoBlockBetween, no_block_between
from profiles.passwords import GIVEN_MAX, normal_password

HANDLE = r"[A-Za-z0-9_]{3,30}"
NAME_MAX, BIO_MAX = 30, 160
LEAVE_AFTER = UNCONFIRMED_FOR = timedelta(days=14)
MUTED_MAX, MUTED_WORD_MAX = 100, 30
MUTED_LETTERS_MAX = 1500  # of all, in code points: a search for them is made for each connection
TONES = ("warm", "rose", "leaf", "sky", "dark", "pale")


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, viewer: "User | AnonymousUser") -> Self:
        """Return people whose pages this viewer may open: active, and without a block either way."""
        return self.filter(no_block_between(viewer, "pk"), is_active=True)

    def in_reach_of(self, viewer: "User") -> Self:
        """Return the people this viewer may block or unblock: those they can see, and those they have blocked."""
        seen = no_block_between(viewer, "pk")
        reached = seen | models.Q(HasBlocked("pk", viewer)) if seen else seen
        return self.filter(reached, is_active=True)

    def mentionable_by(self, writer: "User") -> Self:
        """Return active people who let this person mention them, without a block either way, for moderators too."""
        chosen = models.Q(mentioners=User.Mentioners.EVERYONE)
        chosen |= models.Q(IsFollowing("pk", writer), mentioners=User.Mentioners.FOLLOWED)
        return self.filter(
            chosen | models.Q(pk=writer.pk), models.Q(NoBlockBetween("pk", writer)), is_active=True
        )

    def with_label(self, *, topics: models.QuerySet[PositioningTopic] | None = None) -> Self:
        """Fetch each person's current label for `User.label`, in one query; those of its topics that are among
        `topics` in another.
        """
        current = Positioning.objects.shown()
        current = current if topics is None else current.with_topics(topics)
        return self.prefetch_related(models.Prefetch("positionings", current, to_attr="shown_positionings"))

    def due_to_count(self) -> Self:
        """Return active people who should start to count as readers: with a confirmed address and an account older
        than a day.
        """
        confirmed = models.Exists(EmailAddress.objects.filter(user=models.OuterRef("pk"), verified=True))
        since = timezone.now() - NEW_ACCOUNT
        return self.filter(confirmed, is_counted=False, is_active=True, date_joined__lte=since)

    def lock(self) -> None:
        """Lock these people until the transaction ends, in order of id. Lock people before their follows."""
        list(self.order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def confirmed(self) -> Self:
        """Return people with a confirmed address: by a mailed link or by the operator."""
        return self.filter(unconfirmed_until__isnull=True)

    def unconfirmed(self) -> Self:
        """Return people whose sign-up address is not confirmed yet and whose time has not run out."""
        return self.filter(unconfirmed_until__isnull=False, going_at__isnull=True)

    def by_email(self, email: str) -> Self:
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.lower())

    def by_handle(self, handle: str) -> Self:
        return self.by_lower_handle(handle.lower())

    def formerly_called(self, handle: str) -> Self:
        """Return the person this former handle is reserved for."""
        resting = PastHandle.objects.called(handle).resting().filter(person__isnull=False)
        return self.filter(pk__in=resting.values("person"))

    def known_as(self, handle: str) -> Self:
        """Return the person who has this handle, or the one it is reserved for."""
        now = self.by_handle(handle)
        return now if now.exists() else self.formerly_called(handle)

    def by_lower_handle(self, handle: str) -> Self:
        return self.alias(handle_lower=Lower("handle")).filter(handle_lower=handle)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def holders(self, handles: Collection[str], *, written: datetime, changed: datetime) -> dict[str, int]:
        """Return the people that these lower-case handles mean in a text written and last changed at these times."""
        return holders(self.all(), handles, written=written, changed=changed)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Return the person with this confirmed address.

        Raises User.DoesNotExist, and ValidationError for an invalid address.
        """
        return self.confirmed().by_email(tidy_address(email or "")).get()

    def create_user(self, email: str, handle: str, password: str | None = None, **fields: Any) -> "User":
        fields.setdefault("name", handle)
        user = self.model(email=tidy_address(email), handle=handle, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, handle: str, password: str | None = None, **fields: Any) -> "User":
        """Create a superuser, with the address taken as confirmed."""
        with transaction.atomic():
            user = self.create_user(email, handle, password, is_staff=True, is_superuser=True, **fields)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    class Stage(models.TextChoices):
        HIGH_SCHOOL = "high_school", _("High school")
        COLLEGE = "college", _("College")
        ALUMNI = "alumni", _("Alumni")
        OTHER = "other", _("Something else")

    class Mentioners(models.TextChoices):
        """Who may mention a person; by "I" the setting means them."""

        EVERYONE = "everyone", _("Everyone")
        FOLLOWED = "followed", _("People I follow")
        NOBODY = "nobody", pgettext_lazy("who can mention me", "No one")

    # The same as their primary EmailAddress: actions/addresses.py changes both.
    email = AddressModelField(_("e-mail address"), max_length=254)
    # When the account ends unless its address is confirmed; null once it is. A trigger on EmailAddress keeps it.
    unconfirmed_until = models.DateTimeField(_("unconfirmed until"), null=True, blank=True, editable=False)
    handle = models.CharField(
        _("handle"),
        max_length=30,
        validators=[RegexValidator(rf"\A{HANDLE}\Z", _("Use 3 to 30 letters, digits and underscores."))],
    )
    # Since when the handle is theirs; empty where they signed up with it.
    handle_since = models.DateTimeField(null=True, editable=False)
    name = models.CharField(_("name"), max_length=300)
    bio = models.CharField(_("bio"), max_length=1600, blank=True)
    campus = models.ForeignKey(
        "profiles.Campus",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("campus"),
        related_name="people",
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    # A name of the time zone database; empty is the site's. Use `zone`.
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_default="", editable=False
    )

    is_indexed = models.BooleanField(_("in search engines"), default=True, db_default=True, editable=False)
    shows_campus = models.BooleanField(_("shows the campus"), default=True, db_default=True, editable=False)
    approves_followers = models.BooleanField(
        _("approves followers"), default=False, db_default=False, editable=False
    )
    # What new notes start with.
    commenters = models.CharField(
        _("who can comment on new notes"),
        max_length=9,
        choices=Commenters,
        default=Commenters.EVERYONE,
        db_default=Commenters.EVERYONE,
        editable=False,
    )
    mentioners = models.CharField(
        _("who can mention them"),
        max_length=8,
        choices=Mentioners,
        default=Mentioners.EVERYONE,
        db_default=Mentioners.EVERYONE,
        editable=False,
    )
    shares_stage = models.BooleanField(
        _("shares the stage for audience statistics"), default=False, db_default=False, editable=False
    )
    shares_campus = models.BooleanField(
        _("shares the campus for audience statistics"), default=False, db_default=False, editable=False
    )
    # Whether followers may pick words for them; never while they are in high school: use `is_open_to_words`.
    takes_words = models.BooleanField(
        _("lets followers pick words"), default=False, db_default=False, editable=False
    )

    # Whether the year of birth given at sign-up makes the person old enough. The year is not kept.
    is_old_enough = models.BooleanField(default=False, db_default=False, editable=False)

    shows_chapters = models.BooleanField(
        _("shows earlier labels"), default=True, db_default=True, editable=False
    )
    shows_focus = models.BooleanField(
        _("shows how many notes are about the label"), default=False, db_default=False, editable=False
    )

    # As they were typed; those that begin with # are tags. Read with every page: notes/models/muting.py.
    muted_words = ArrayField(
        models.TextField(), verbose_name=_("muted words"), default=list, db_default=[], editable=False
    )

    # The languages of notes that Explore and lists show them; none are all. Read with every page.
    languages = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("languages of notes"),
        default=list,
        db_default=[],
        editable=False,
    )

    # Public name and folder in storage of the picture shown; folder of one that waits to be decoded, or why it was
    # refused.
    avatar_token = models.CharField(max_length=32, blank=True, editable=False)
    avatar_folder = models.CharField(max_length=32, blank=True, editable=False)
    avatar_waiting = models.CharField(max_length=32, blank=True, editable=False)
    avatar_refused = models.CharField(max_length=16, blank=True, editable=False)

    # Whether what they open and answer counts in what orders notes: since they had a confirmed address and an account
    # older than a day. It does not end again.
    is_counted = models.BooleanField(default=False, db_default=False, editable=False)

    # Whether they have ever published a note: kept by a trigger, so that feeds pass over those who are silent.
    has_published = models.BooleanField(default=False, db_default=False, editable=False)

    follower_count = models.PositiveIntegerField(_("followers"), default=0, db_default=0, editable=False)
    following_count = models.PositiveIntegerField(_("following"), default=0, db_default=0, editable=False)

    is_staff = models.BooleanField(_("moderator"), default=False)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True, editable=False)
    suspended_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("suspended by"),
    )
    suspended_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    # Until when a decision of moderators keeps them from publishing notes, commenting and following: filled by
    # moderation, which says why.
    posting_until = models.DateTimeField(_("publishes no notes until"), null=True, editable=False)
    commenting_until = models.DateTimeField(_("does not comment until"), null=True, editable=False)
    following_until = models.DateTimeField(_("follows no one until"), null=True, editable=False)
    # When they asked to be deleted; and when that began, after which it cannot be taken back.
    leaving_at = models.DateTimeField(_("leaving"), null=True, blank=True, editable=False)
    going_at = models.DateTimeField(_("deletion began"), null=True, blank=True, editable=False)
    # Inactive people have no session, and neither they nor their content is visible to others.
    is_active = models.GeneratedField(
        expression=models.Q(suspended_at__isnull=True, leaving_at__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["handle"]

    shown_positionings: list[Positioning]
    # Whether the viewer of a page follows this person, None where there is nothing to follow; has asked to; mutes
    # them; and whether the person follows the viewer.
    followed: bool | None = None
    asked = False
    muted = False
    follows_viewer = False
    # Whether something unread waits for them; of the signed-in person alone (notifications/backends.py).
    has_unread = False
    # Whether the last checked password matched a hash of the typed text instead of its normal form.
    has_old_hash = False
    # The name of one person the viewer follows who follows this person, and how many more do.
    followers_in_common: tuple[str, int] | None = None

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_confirmed_once",
                condition=models.Q(unconfirmed_until__isnull=True),
                violation_error_message=_("This address is already in use."),
            ),
            models.UniqueConstraint(
                Lower("handle"), name="user_handle_unique", violation_error_message=_("This handle is taken.")
            ),
            models.UniqueConstraint(
                fields=["avatar_token"], condition=~models.Q(avatar_token=""), name="user_avatar_token_unique"
            ),
            models.CheckConstraint(condition=models.Q(handle__regex=f"^{HANDLE}$"), name="user_handle_plain"),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_name_given"),
            models.CheckConstraint(
                condition=models.Q(going_at__isnull=True) | models.Q(leaving_at__isnull=False),
                name="user_going_asked_to",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leaving_at"], name="user_leaving", condition=models.Q(leaving_at__isnull=False)
            ),
            models.Index(
                Lower("email"),
                name="user_email_unconfirmed",
                condition=models.Q(unconfirmed_until__isnull=False),
            ),
            models.Index(
                fields=["unconfirmed_until"],
                name="user_unconfirmed_until",
                condition=models.Q(unconfirmed_until__isnull=False),
            ),
            models.Index(
                fields=["id"], name="user_heard", condition=models.Q(has_published=True, is_active=True)
            ),
            models.Index(OpClass(Lower("handle"), "text_pattern_ops"), name="user_handle_prefix"),
            models.Index(fields=["date_joined"], name="user_uncounted", condition=models.Q(is_counted=False)),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def get_absolute_url(self) -> str:
        return f"/@{self.handle}/"

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and normal_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password in normal form; for an older hash, exactly as typed."""
        if raw_password is None or len(raw_password) > GIVEN_MAX:
            return False
        normal = normal_password(raw_password)
        if super().check_password(normal):
            return True
        self.has_old_hash = normal != raw_password and super().check_password(raw_password)
        return self.has_old_hash

    def renew_password(self, raw_password: str) -> None:
        """Store the hash of the normal form if `check_password` found an older one. Other sessions end.

        Of two requests at once the first writes and the second takes its hash, so that both sessions stay.
        """
        if not self.has_old_hash:
            return
        old, self.has_old_hash = self.password, False
        self.set_password(raw_password)
        if not User.objects.filter(pk=self.pk, password=old).update(password=self.password):
            self.refresh_from_db(fields=["password"])

    @property
    def leaves_at(self) -> datetime | None:
        """When the grace period of leaving ends."""
        return self.leaving_at + LEAVE_AFTER if self.leaving_at else None

    @property
    def label(self) -> Positioning | None:
        """The current, unhidden positioning; needs `with_label()`."""
        return self.shown_positionings[0] if self.shown_positionings else None

    @cached_property
    def said(self) -> Declared:
        """The current label as a Declared; topics need `with_label(topics=…)`."""
        label = self.label
        return Declared(label.wording, label.shown_topics, label.focus_shown) if label else Declared()

    @property
    def posting_pause(self) -> datetime | None:
        """Until when moderators keep them from publishing; None if they may."""
        until = self.posting_until
        return until if until and until > timezone.now() else None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which pages and mails show them times."""
        return zone_named(self.time_zone)

    @property
    def is_open_to_words(self) -> bool:
        """Whether followers may pick words for them: turned on, and not in high school."""
        return self.takes_words and self.stage != self.Stage.HIGH_SCHOOL

    @property
    def shown_campus(self) -> Campus | None:
        """The campus if others may see it."""
        return self.campus if self.shows_campus else None

    @property
    def answers_first(self) -> bool:
        """Whether Follow sends a request, for the button's text."""
        return self.asked or (self.approves_followers and not self.followed)

    @property
    def avatar_base(self) -> str:
        """Prefix of the avatar's URLs, to which `square96.jpg` and the like are added; "" without one."""
        return f"/avatars/{self.avatar_token}-" if self.avatar_token else ""

    @property
    def tone(self) -> str:
        """The tone behind the initial of someone without an avatar."""
        return TONES[self.pk % len(TONES)]

    @property
    def is_verified(self) -> bool:
        """Whether the person's address is confirmed, which publishing and commenting need."""
        return self.unconfirmed_until is None


# Who a page is for: `request.user`.
Viewer = User | AnonymousUser
