"""Comments that are answered, liked, pinned, edited and deleted at once, by processes of their own: whatever comes
first, nothing deleted is pinned, liked or has words again, and all counters and notifications are right.
"""

import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, Q

from notes.models import Comment, CommentLike, Note
from notifications.models import Kind, Notification
from tests.builders import make_comment, make_note, make_person
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [4, pytest.param(60, marks=pytest.mark.long)]


def assert_all_is_right() -> None:
    assert wrong() == []
    call_command("recount", stdout=StringIO())  # exits where anything differs
    gone = Comment.objects.filter(deleted_at__isnull=False)
    assert not gone.exclude(body="", pinned_at=None).exists()
    assert not CommentLike.objects.filter(comment__in=gone).exists()
    pinned = Count("comments", filter=Q(comments__pinned_at__isnull=False))
    assert not Note.objects.annotate(pinned=pinned).filter(pinned__gt=1).exists()


@pytest.mark.parametrize("number", SIZES)
def test_a_comment_is_deleted_while_it_is_answered_liked_pinned_and_edited(
    web_server: WebServer, number: int
) -> None:
    author, people = make_person(), crowd(6)
    note = make_note(author)
    own, sessions = session(author), [session(person) for person in people]
    writer = sessions[0]
    said = [make_comment(people[0], note, f"Comment {place}") for place in range(number)]
    posts = []
    for comment in said:
        answer = (
            ("body", f"Answer to {comment.pk}"),
            ("key", str(uuid.uuid4())),
            ("parent", str(comment.pk)),
        )
        posts += [
            Post(sessions[1], f"/notes/{note.pk}/comments/", answer),
            Post(own, f"/comments/{comment.pk}/pin/"),
            Post(sessions[2], f"/comments/{comment.pk}/like/"),
            Post(writer, f"/comments/{comment.pk}/edit/", (("body", f"Edited {comment.pk}"),)),
            Post(own if comment.pk % 2 else writer, f"/comments/{comment.pk}/delete/"),
            Post(sessions[3], f"/comments/{comment.pk}/like/"),
            Post(own, f"/comments/{comment.pk}/pin/"),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 404), statuses
    assert Comment.objects.filter(pk__in=[each.pk for each in said], deleted_at=None).count() == 0
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_a_comment_is_liked_and_not_by_many_at_once(web_server: WebServer, number: int) -> None:
    people = crowd(8)
    said = make_comment(make_person(), make_note(make_person()))
    posts = [
        Post(sent_by, f"/comments/{said.pk}/{act}")
        for sent_by in [session(person) for person in people]
        for _turn in range(number)
        for act in ("like/", "like/delete/", "like/")
    ]
    assert storm(web_server.port, posts) == {303: len(posts)}
    assert_all_is_right()
    told = Notification.objects.filter(kind=Kind.COMMENT_LIKE, is_withdrawn=False)
    assert told.count() == CommentLike.objects.count()
    assert Notification.objects.filter(kind=Kind.COMMENT_LIKE).values("group").distinct().count() == 1


@pytest.mark.parametrize("number", SIZES)
def test_notes_are_deleted_while_they_are_answered(web_server: WebServer, number: int) -> None:
    author, people = make_person(), crowd(4)
    own, sessions = session(author), [session(person) for person in people]
    posts = []
    for note in [make_note(author) for _ in range(number)]:
        first = make_comment(people[0], note)
        for place, sent_by in enumerate(sessions):
            parent = str(first.pk) if place % 2 else ""
            answer = (("body", "Well"), ("key", str(uuid.uuid4())), ("parent", parent))
            posts.append(Post(sent_by, f"/notes/{note.pk}/comments/", answer))
            posts.append(Post(sent_by, f"/comments/{first.pk}/like/"))
        posts.insert(len(posts) - 4, Post(own, f"/notes/{note.pk}/delete/"))
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 404), statuses
    assert not Note.objects.exists()
    assert not Comment.objects.exists()
    assert not Notification.objects.exclude(kind=Kind.FOLLOW).exists()
    assert_all_is_right()
