"""A person's profile and settings, and moderators' decisions about people."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.jobs import defer
from notes.compose.actions import keep_to_followers
from notes.models import Note, Photo
from notes.photos.files import renew_names
from people.actions.handles import change_handle
from profiles.models import Campus, User

WORDS = ("name", "handle", "bio", "stage", "language")
# How an account starts when it says that it is of high school: seen by fewer, until it chooses otherwise.
YOUNG = {"is_indexed": False, "shows_campus": False, "approves_followers": True}


def save_profile(*, person: User, campus: str, city: str, **words: str) -> bool:
    """Save the profile; `words` are WORDS. A new campus is created with its city; "" removes the campus. Return
    whether the person is new to high school.

    Accounts that become high school start with the settings in YOUNG, except that existing public notes are not
    restricted without asking: that is asked on the privacy page.

    Raises IntegrityError for a handle taken at the same moment, and TooManyRenames.
    """
    is_new_to_school = words["stage"] == User.Stage.HIGH_SCHOOL != person.stage
    changes: dict[str, Any] = {**words, **(YOUNG if is_new_to_school else {})}
    if is_new_to_school and Note.objects.filter(author=person).published_publicly().exists():
        del changes["approves_followers"]
    handle = changes.pop("handle")
    with transaction.atomic():
        # Locked before the person, the order in which merging campuses locks.
        named = Campus.objects.named(campus, city) if campus else None
        change_handle(person=person, handle=handle)
        for field, value in changes.items():
            setattr(person, field, value)
        person.campus = named
        person.save(update_fields=["campus", *changes])
    if changes.get("approves_followers"):
        keep_to_followers(author=person)
    return is_new_to_school


def save_introduction(*, person: User, name: str, campus: str, city: str) -> None:
    """Save a newcomer's first profile fields, as `save_profile` does, and leave the others."""
    with transaction.atomic():
        # Locked before the person, the order in which merging campuses locks.
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
    commenters: str,
    mentioners: str,
) -> None:
    """Save privacy settings. When followers have to be approved, no note can be public: the setting is saved first,
    then existing public notes are restricted to followers. Turning it off leaves notes and pending requests as they
    are.
    """
    User.objects.filter(pk=person.pk).update(
        is_indexed=is_indexed,
        shows_campus=shows_campus,
        shows_chapters=shows_chapters,
        approves_followers=approves_followers,
        shares_stage=shares_stage,
        shares_campus=shares_campus,
        commenters=commenters or person.commenters,
        mentioners=mentioners or person.mentioners,
    )
    if approves_followers:
        keep_to_followers(author=person)


def save_languages(*, person: User, languages: Sequence[str]) -> None:
    """Save the languages of notes that lists show the person; none means all."""
    User.objects.filter(pk=person.pk).update(languages=list(languages))


def save_time_zone(*, person: User, time_zone: str) -> None:
    """Save the zone in which the person reads times, and gets their digest; "" is the site's."""
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(time_zone=time_zone)
        defer("plan_digest", person_id=person.pk)


def save_language(*, person: User, language: str) -> None:
    User.objects.filter(pk=person.pk).update(language=language)


@transaction.atomic
def suspend_person(*, person: User, by: User | None, reason: str) -> bool:
    """Suspend an account: hide it and its content from every page, and end its sessions. Return whether it was active.

    Its photos get new names, so that the old URLs stay dead after a restoration.
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
    """Mark an account and its content for deletion by the next run, without the grace period of leaving."""
    now = timezone.now()
    ended = User.objects.filter(pk=person.pk, going_at__isnull=True)
    ended.update(leaving_at=Coalesce("leaving_at", now), going_at=now)
    end_sessions(person=person)


@transaction.atomic
def change_password(*, person: User, password: str, session_key: str = "") -> None:
    """Change the password. Ends every other session, and a pending change of address, whose requester may be the
    reason for the new password.
    """
    User.objects.filter(pk=person.pk).lock()
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.filter(user=person, primary=False).delete()
    end_sessions(person=person, but=session_key)
    UserSession.objects.filter(session_key=session_key).delete()  # allauth lists it under its next key


def end_sessions(*, person: User, but: str = "") -> None:
    """End the person's sessions, except the one with the key `but`."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but):
        session.end()
