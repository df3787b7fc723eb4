"""What people are told. Triggers write it in the transaction of what they tell (migrations/0002_triggers.py)."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.db.conditions import Asking
from notes.models import Comment, Note
from notes.models.muting import DoesNotMatch, FoldedText, Tags
from profiles.models import Label, User
from profiles.models.relations import IsWanted, NoBlockBetween


class Kind(models.TextChoices):
    """What a notification is about. The names stand in the triggers too."""

    LIKE = "like", _("Likes")
    SAVE = "save", _("Saves")
    COMMENT = "comment", _("Comments on your notes")
    REPLY = "reply", _("Replies to your comments")
    COMMENT_LIKE = "comment_like", _("Likes of your comments")
    MENTION = "mention", _("Mentions")
    FOLLOW = "follow", _("New followers")
    REQUEST = "request", _("Follow requests")
    APPROVAL = "approval", _("Follow requests that were approved")
    NOTE_HIDDEN = "note_hidden", _("A note of yours is hidden")
    NOTE_RESTORED = "note_restored", _("A hidden note of yours is visible again")
    LABEL_HIDDEN = "label_hidden", _("Your label is hidden")
    ARCHIVE = "archive", _("The copy of your data is ready")
    DECISION = "decision", _("A decision about you or what you posted")
    DECISION_UNDONE = "decision_undone", _("A decision about you was taken back")
    APPEAL_GRANTED = "appeal_granted", _("Your appeal was granted")
    APPEAL_REFUSED = "appeal_refused", _("Your appeal was refused")
    REPORT_ACTED = "report_acted", _("What you reported breaks a rule")
    REPORT_KEPT = "report_kept", _("What you reported breaks no rule")
    REPORT_GONE = "report_gone", _("What you reported is gone")
    REPORT_CHANGED = "report_changed", _("A decision about what you reported was changed")


# What people can turn off. Decisions of moderators and what they asked for themselves they are always told.
OPTIONAL = (
    *(Kind.LIKE, Kind.SAVE, Kind.COMMENT, Kind.REPLY, Kind.COMMENT_LIKE, Kind.MENTION),
    *(Kind.FOLLOW, Kind.REQUEST, Kind.APPROVAL),
)


OF_DECISIONS = (Kind.DECISION, Kind.DECISION_UNDONE, Kind.APPEAL_GRANTED, Kind.APPEAL_REFUSED)
OF_REPORTS = (Kind.REPORT_ACTED, Kind.REPORT_KEPT, Kind.REPORT_GONE, Kind.REPORT_CHANGED)


class MutedPattern(models.Func):
    """The regular expression of the viewer's muted words, NULL without any: as notes/models/muting.py writes it, in
    SQL, since the query that loads the viewer cannot know it beforehand.
    """

    output_field = models.TextField()
    template = "(SELECT muted_pattern(muted_words) FROM profiles_user WHERE id = %(expressions)s)"


class _IsAmong(Subquery):
    """Whether a query for one row finds it, asked row by row: of EXISTS PostgreSQL may read a whole table instead."""

    template = "(%(subquery)s) IS NOT NULL"
    output_field = BooleanField()

    def __init__(self, rows: models.QuerySet[Any]) -> None:
        super().__init__(rows.values("pk")[:1])


def _free_of_muted(viewer: Asking, *columns: Any) -> Q:
    """Match rows whose text has none of the viewer's muted words."""
    matches_none = DoesNotMatch(FoldedText(*columns), MutedPattern(Value(viewer.pk)))
    return Q(Coalesce(matches_none, Value(True), output_field=BooleanField()))


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Asking) -> Self:
        """Return the viewer's notifications as they may see them now. The page and the dot both go through this.

        None that was taken back, is about people who are suspended, blocked or muted, about notes and comments that the
        viewer may not open or has muted words of, or about a label that is no longer hidden. Blocks hold for moderators
        too. A save names nobody, so who saved is not asked: a number that fell with a block would tell.
        """
        people = Q(kind=Kind.SAVE) | Q(actor=None) | _is_wanted(viewer)
        notes = Q(note=None) | Q(_IsAmong(_notes(viewer).filter(pk=OuterRef("note"))))
        comments = Q(comment=None) | Q(_IsAmong(_comments(viewer).filter(pk=OuterRef("comment"))))
        hidden = Label.objects.filter(pk=OuterRef("label"), hidden_at__isnull=False)
        labels = Q(label=None) | Q(_IsAmong(hidden))
        return self.filter(people, notes, comments, labels, person=viewer.pk, is_withdrawn=False)


def _is_wanted(viewer: Asking) -> Q:
    unblocked = Q(NoBlockBetween("actor", viewer)) & Q(IsWanted("actor", viewer))
    return unblocked & Q(_IsAmong(User.objects.filter(pk=OuterRef("actor"), is_active=True)))


def _notes(viewer: Asking) -> models.QuerySet[Note]:
    """Return notes the viewer may open as anyone else may, without their muted words."""
    wanted = Q(author=viewer.pk) | (
        Q(IsWanted("author", viewer)) & _free_of_muted(viewer, "title", "body", Tags("pk"))
    )
    return Note.objects.meant_for(_AsAnyone(viewer)).filter(wanted)  # type: ignore[arg-type]


def _comments(viewer: Asking) -> models.QuerySet[Comment]:
    said = Comment.objects.readable_by(_AsAnyone(viewer))  # type: ignore[arg-type]
    return said.filter(Q(author=viewer.pk) | _free_of_muted(viewer, "body"))


class _AsAnyone:
    """A viewer without what moderators see more."""

    is_authenticated, is_staff = True, False
    muted_words = languages = ()

    def __init__(self, viewer: Asking) -> None:
        self.pk = viewer.pk


class NotificationGroup(models.Model):
    """Notifications that the page shows as one row: likes or saves of one note, likes of one comment, or follows, on
    one day; any other is alone in its group.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    # What brings notifications together, "like:7:2026-11-27"; "" for one that stays alone.
    key = models.CharField(max_length=60)
    # The number of the newest notification it ever had. Pages are ordered by it.
    newest = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], condition=Q(key__gt=""), name="notification_group_once"
            )
        ]
        indexes = [models.Index(fields=["person", "-newest"], name="notification_page")]

    def __str__(self) -> str:
        return f"{self.key or self.newest} of {self.person_id}"


class Notification(models.Model):
    """That a person is told something: one row for each kind, actor and object, however often it is done and undone.

    It is read once its number is not above `Inbox.read_up_to`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        db_index=False,
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("by")
    )
    note = models.ForeignKey(
        "notes.Note", models.CASCADE, null=True, related_name="+", verbose_name=_("note")
    )
    comment = models.ForeignKey(
        "notes.Comment", models.CASCADE, null=True, related_name="+", verbose_name=_("comment")
    )
    label = models.ForeignKey(
        "profiles.Label", models.CASCADE, null=True, related_name="+", verbose_name=_("label")
    )
    # Of the decision or report that it is about, which upper floors have.
    number = models.BigIntegerField(null=True)
    group = models.ForeignKey(
        NotificationGroup, models.CASCADE, null=True, related_name="notifications", db_index=False
    )
    created_at = models.DateTimeField(_("told"))
    # Whether the like, follow or request was taken back.
    is_withdrawn = models.BooleanField(default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "actor", "note", "comment", "label", "number"],
                nulls_distinct=False,
                name="notification_once_each",
            )
        ]
        indexes = [
            models.Index(fields=["group", "-id"], name="notification_of_group"),
            models.Index(fields=["person", "-id"], name="notification_newest"),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Inbox(models.Model):
    """What a person has read of their notifications, and which kinds they do not want."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    read_up_to = models.BigIntegerField(default=0, db_default=0)
    off = ArrayField(models.CharField(max_length=16), default=list, db_default=[])

    def __str__(self) -> str:
        return f"{self.person_id} up to {self.read_up_to}"


class MutedNote(models.Model):
    """A note that tells a person nothing new."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    note = models.ForeignKey("notes.Note", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "note"], name="muted_note_once")]
        indexes = [models.Index(fields=["person", "-id"], name="muted_note_list")]

    def __str__(self) -> str:
        return f"{self.note_id} for {self.person_id}"
