"""The account: profile, sessions, moderation decisions about the person, and their reports."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, handles_as_seen, in_batches, notes_as_seen
from moderation.models import NAMED, Report, Seal
from notes.models import Collection, Comment, Note, Series
from notes.reading_history.queries import keeps_history
from profiles.models import Positioning, PreviousAddress, User
from search.recent.queries import keeps_searches

FORMAT = 1
AVATAR = "photos/avatar.jpg"
Rows = Iterator[dict[str, Any]]


def account(person: User) -> dict[str, Any]:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    previous = PreviousAddress.objects.filter(person=person).order_by("pk")
    return {
        "format": FORMAT,
        "email": person.email,
        "addresses": list(addresses.values("email", "verified", "primary")),
        "previous_addresses": list(previous.values("email", "replaced_by", "replaced_at")),
        "handle": person.handle,
        "past_handles": list(person.past_handles.order_by("until").values("handle", "since", "until")),
        "name": person.name,
        "bio": person.bio,
        "campus": person.campus.name if person.campus else None,
        "stage": person.stage or None,
        "language": person.language or None,
        "time_zone": person.time_zone or None,
        "picture": AVATAR if person.avatar_folder else None,
        "joined_at": person.date_joined,
        "last_signed_in_at": person.last_login,
        "confirm_address_by": person.unconfirmed_until,
        "leaving_at": person.leaving_at,
        "is_moderator": person.is_staff,
        "gave_a_year_of_birth_that_is_old_enough": person.is_old_enough,
        "is_in_search_engines": person.is_indexed,
        "shows_campus": person.shows_campus,
        "shows_earlier_labels": person.shows_chapters,
        "shows_how_many_notes_are_about_the_label": person.shows_focus,
        "approves_followers": person.approves_followers,
        "who_can_comment_on_new_notes": person.commenters,
        "who_can_mention_them": person.mentioners,
        "shares_stage": person.shares_stage,
        "shares_campus": person.shares_campus,
        "lets_followers_pick_words": person.takes_words,
        "muted_words": person.muted_words,
        "languages_of_notes": person.languages,
        "keeps_reading_history": keeps_history(person),
        "keeps_recent_searches": keeps_searches(person),
        "followers": person.follower_count,
        "following": person.following_count,
    }


def labels(person: User) -> Rows:
    for positioning in person.positionings.order_by("declared_at", "pk"):
        yield {
            "label": positioning.wording,
            "statement": positioning.statement,
            "topics": [tag.name for tag in positioning.topics_in_order()],
            "earlier_topics": _earlier_topics(positioning),
            "audience": positioning.audience,
            "notes_about_it_in_ten": positioning.focus_shown if positioning.retired_at is None else None,
            "declared_at": positioning.declared_at,
            "retired_at": positioning.retired_at,
        }


def _earlier_topics(positioning: Positioning) -> list[dict[str, Any]]:
    """Return the topics that the positioning no longer has, each with its days; None means since the declaration."""
    places = positioning.topic_places.filter(taken_at__isnull=False).select_related("tag")
    return [
        {"topic": place.tag.name, "from": place.given_at, "until": place.taken_at}
        for place in places.order_by("taken_at", "position")
    ]


def sessions(person: User) -> Rows:
    for session in UserSession.objects.filter(user=person).order_by("pk"):
        yield {
            "browser": session.user_agent,
            "network_address": session.ip,
            "since": session.created_at,
            "last_seen_at": session.last_seen_at,
        }


def moderation(person: User) -> Rows:
    """Return decisions in force, as the people concerned read them."""
    if person.suspended_at:
        yield {"about": "account", "since": person.suspended_at, "reason": person.suspended_reason}
    for kind, rows in (
        ("note", Note.objects.filter(author=person)),
        ("comment", Comment.objects.filter(author=person)),
        ("series", Series.objects.filter(author=person)),
        ("collection", Collection.objects.filter(owner=person)),
    ):
        hidden = rows.filter(hidden_at__isnull=False).order_by("pk")  # type: ignore[attr-defined]
        for pk, since, reason in hidden.values_list("pk", "hidden_at", "hidden_reason").iterator():
            yield {"about": kind, kind: pk, "since": since, "reason": reason}
    for positioning in person.positionings.filter(label__hidden_at__isnull=False).select_related("label"):
        said = {"since": positioning.label.hidden_at, "reason": positioning.label.hidden_reason}
        yield {"about": "label", "label": positioning.wording, **said}


def reports(person: User) -> Rows:
    """Return what the person reported, without what is sealed."""
    sealed = Exists(Seal.objects.in_force().filter(case=OuterRef("case")))
    for some in in_batches(Report.objects.filter(~sealed, reporter=person).select_related("case")):
        notes = notes_as_seen(person, [each.note_id for each in some if each.note_id])
        people = User.objects.visible_to(person)
        handles = handles_as_seen(people, [each.person_id for each in some if each.person_id])
        for each in some:
            about: dict[str, Any] = (
                notes[each.note_id] if each.note_id else {"person": handles.get(each.person_id or 0)}
            )
            if each.case and each.case.kind in NAMED:
                about = {each.case.kind: each.case.number}
            if each.comment_id:
                about = {"comment": each.comment_id, **about}
            said = {"reason": each.reason, "details": each.details}
            yield {
                **about,
                **said,
                "reported_at": each.created_at,
                "closed_at": each.closed_at,
                "answered_at": each.answered_at,
            }


PARTS = [
    Part(
        "account",
        _("your account and its settings"),
        account,
        [
            *("account.EmailAddress.user", "profiles.PastHandle.person", "profiles.PreviousAddress.person"),
            "notes.ReadingHistory.person",
            "search.RecentChoice.person",
        ],
    ),
    Part("labels", _("every label you declared, with its topics"), labels, ["profiles.Positioning.person"]),
    Part("sessions", _("where you are signed in"), sessions, ["usersessions.UserSession.user"]),
    Part(
        "moderation",
        _("moderators’ decisions about your account and what you posted, with their reasons"),
        moderation,
    ),
    Part("reports", _("what you reported"), reports, ["moderation.Report.reporter"]),
]
