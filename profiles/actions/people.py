"""What a person says of themselves, and what a moderator decides about them."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from notes.actions.files import renew_names
from notes.actions.publishing import keep_to_followers
from notes.models import Note, Photo
from profiles.actions.handles import change_handle
from profiles.models import Campus, User

WORDS = ("name", "handle", "bio", "stage", "language")
# How an account starts when it says that it is of high school: seen by fewer, until it chooses otherwise.
YOUNG = {"is_indexed": False, "shows_campus": False, "approves_followers": True}


def save_profile(*, person: User, campus: str, city: str, **words: str) -> bool:
    """`words` are WORDS; a campus that nobody has named yet is added with its city, "" leaves none. Gives whether the
    person is new to high school.

    Who is starts as YOUNG says, but that public notes do not turn by themselves: whoever has some is asked first, on
    the privacy page.

    Raises IntegrityError when somebody took the handle at the same moment, and TooManyRenames.
    """
    is_new_to_school = words["stage"] == User.Stage.HIGH_SCHOOL != person.stage
    changes: dict[str, Any] = {**words, **(YOUNG if is_new_to_school else {})}
    if is_new_to_school and Note.objects.filter(author=person).published_publicly().exists():
        del changes["approves_followers"]
    handle = changes.pop("handle")
    with transaction.atomic():
        # Held before the person, as by whoever merges campuses.
        named = Campus.objects.named(campus, city) if campus else None
        change_handle(person=person, handle=handle)
        for field, value in changes.items():
            setattr(person, field, value)
        person.campus = named
        person.save(update_fields=["campus", *changes])
    if changes.get("approves_followers"):
        keep_to_followers(author=person)
    return is_new_to_school


def introduce(*, person: User, name: str, campus: str, city: str) -> None:
    """Save what a newcomer says first of themselves: as `save_profile`, all else left as it is."""
    with transaction.atomic():
        # Held before the person, as by whoever merges campuses.
        named = Campus.objects.named(campus, city) if campus else None
        person.name, person.campus = name, named
        person.save(update_fields=["name", "campus"])


def save_privacy(
    *,
    person: User,
    is_indexed: bool,
    shows_campus: bool,
    shows_chapters: bool,
    approves_followers: bool,
    shares_stage: bool,
    shares_campus: bool,
) -> None:
    """Who approves followers has no public notes: none is saved once that is known, and then those that are there
    turn to followers. Who no longer does keeps every note as it is, and every request waiting.
    """
    User.objects.filter(pk=person.pk).update(
        is_indexed=is_indexed,
        shows_campus=shows_campus,
        shows_chapters=shows_chapters,
        approves_followers=approves_followers,
        shares_stage=shares_stage,
        shares_campus=shares_campus,
    )
    if approves_followers:
        keep_to_followers(author=person)


def save_languages(*, person: User, languages: Sequence[str]) -> None:
    """Which languages of notes lists show the person; none are all."""
    User.objects.filter(pk=person.pk).update(languages=list(languages))


def speak(*, person: User, language: str) -> None:
    User.objects.filter(pk=person.pk).update(language=language)


@transaction.atomic
def suspend_person(*, person: User, by: Any, reason: str) -> bool:
    """Take the person and all they made from every page, and end their sessions. Gives whether that was news.

    Their photos get new names, so that the old addresses stay dead when they are restored.
    """
    renew_names(Photo.objects.filter(note__author=person))
    welcome = User.objects.filter(pk=person.pk, suspended_at__isnull=True)
    is_news = bool(welcome.update(suspended_at=timezone.now(), suspended_by=by, suspended_reason=reason))
    end_sessions(person=person)
    return is_news


def restore_person(*, person: User) -> bool:
    suspended = User.objects.filter(pk=person.pk, suspended_at__isnull=False)
    return bool(suspended.update(suspended_at=None, suspended_by=None, suspended_reason=""))


@transaction.atomic
def end_account(*, person: User) -> None:
    """Take an account and all that was made with it from every page at once, as leaving does, but for good: the next
    round of deletions removes it.
    """
    now = timezone.now()
    ended = User.objects.filter(pk=person.pk, going_at__isnull=True)
    ended.update(leaving_at=Coalesce("leaving_at", now), going_at=now)
    end_sessions(person=person)


@transaction.atomic
def change_password(*, person: User, password: str, session_key: str = "") -> None:
    """End every session but one, and a change of address that waits to be confirmed: the person who asked for it may be
    the reason for the new password.
    """
    User.objects.filter(pk=person.pk).lock()
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.filter(user=person, primary=False).delete()
    end_sessions(person=person, but=session_key)
    UserSession.objects.filter(session_key=session_key).delete()  # allauth lists it under its next key


def end_sessions(*, person: User, but: str = "") -> None:
    """`but` is the key of one that goes on."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but):
        session.end()
