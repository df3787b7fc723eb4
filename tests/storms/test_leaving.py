"""Deletion of an account while everybody likes, comments and follows; and cancelling as it begins."""

import os
import subprocess
import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from leaving.traces import rows_of
from notes.models import Comment, Like, Note
from people import passes
from profiles.models import Follow, User
from profiles.models.user import LEAVE_AFTER
from tests.builders import make_comment, make_note, make_person
from tests.leaving.asking import KEEP, LEAVING
from tests.servers import PROJECT, WebServer, database_url, manage, run_jobs
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)

LEAVERS = 6


def confirmed(people: list[User]) -> list[User]:
    addresses = [
        EmailAddress(user=person, email=person.email, primary=True, verified=True) for person in people
    ]
    EmailAddress.objects.bulk_create(addresses)
    return people


def say(sent_by: str, note: Note, parent: Comment | None = None) -> Post:
    words = (
        ("body", "In the storm"),
        ("key", str(uuid.uuid4())),
        ("parent", str(parent.pk) if parent else ""),
    )
    return Post(sent_by, f"{note.get_absolute_url()}comments/", words)


@pytest.mark.long
def test_leaving_while_all_answer(web_server: WebServer) -> None:
    """They like, answer and follow others, and others them, before, while and after they ask."""
    people = confirmed(crowd(3 * LEAVERS))
    leavers, others = people[:LEAVERS], people[LEAVERS:]
    common = make_note(make_person())
    posts = []
    for number, leaver in enumerate(leavers):
        note, said = make_note(leaver), make_comment(leaver, common)
        mine = session(leaver)
        first, second = (session(other) for other in others[2 * number :][:2])
        theirs = others[2 * number].get_absolute_url()
        around = [
            *(
                Post(mine, f"{common.get_absolute_url()}like/"),
                Post(first, f"{note.get_absolute_url()}like/"),
            ),
            *(say(mine, common), say(first, common, said), Post(mine, f"{theirs}follow/")),
            *(
                Post(first, f"{leaver.get_absolute_url()}follow/"),
                say(second, note),
                say(second, common, said),
            ),
        ]
        posts += [*around[:4], Post(mine, LEAVING), *around[4:], Post(mine, LEAVING), *around]
    assert calm(storm(web_server.port, posts), 302, 303, 404)
    assert not User.objects.filter(pk__in=[leaver.pk for leaver in leavers], is_active=True).exists()
    assert wrong() == []

    long_ago = timezone.now() - LEAVE_AFTER
    User.objects.filter(leaving_at__isnull=False).update(leaving_at=long_ago)
    leaving = subprocess.Popen(
        [*manage(), "shell", "-c", _REMOVE], cwd=PROJECT, env={**os.environ, "DATABASE_URL": database_url()}
    )
    sessions = [session(other) for other in others]
    answers = [say(sent_by, common) for sent_by in sessions]
    answers += [
        Post(sent_by, f"{common.get_absolute_url()}{act}/")
        for act in ("like", "collect")
        for sent_by in sessions
    ]
    assert calm(storm(web_server.port, answers), 303)
    assert leaving.wait(60) == 0
    run_jobs()
    assert User.objects.count() == len(others) + 1
    assert [trace for leaver in leavers for trace in rows_of(leaver.pk)] == []
    assert Like.objects.filter(note=common).count() == len(others)
    assert not Comment.objects.filter(author=None).exclude(body="").exists()
    assert not Follow.objects.exists()
    assert wrong() == []
    call_command("recount")


_REMOVE = """
from leaving.actions.removal import remove_leavers, remove_person
from profiles.models import User
remove_leavers()
for person in User.objects.filter(going_at__isnull=False):
    remove_person(person.pk)
"""


def pass_of(person: User) -> str:
    """The session of a leaving person who entered the right password."""
    request = RequestFactory().get("/")
    request.session = Client().session
    passes.admit(request, person)
    request.session.save()
    return str(request.session.session_key)


@pytest.mark.long
def test_keeping_an_account_as_its_deletion_begins(web_server: WebServer) -> None:
    """Each is wholly there afterwards, or wholly gone."""
    people = confirmed(crowd(48))
    Note.objects.bulk_create(
        Note(author=person, title="Mine", status="published", published_at=timezone.now())
        for person in people
        for _ in "abc"
    )
    User.objects.update(leaving_at=timezone.now() - LEAVE_AFTER - timedelta(seconds=1))
    sweep = subprocess.Popen(
        [*manage(), "shell", "--verbosity=0", "-c", _SWEEP_AFTER_THE_FIRST],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    with sweep:
        assert sweep.stdout
        assert sweep.stdout.readline() == b"ready\n"
        statuses = storm(web_server.port, [Post(pass_of(person), KEEP) for person in people])
    assert sweep.returncode == 0
    assert calm(statuses, 302, 303)
    run_jobs()
    kept = set(User.objects.values_list("pk", flat=True))
    gone = {person.pk for person in people} - kept
    assert kept, "no cancellation was in time"
    assert gone, "no cancellation was late"
    assert not User.objects.filter(is_active=False).exists()
    assert Note.objects.count() == 3 * len(kept)
    assert [trace for pk in gone for trace in rows_of(pk)] == []
    assert wrong() == []
    call_command("recount")


_SWEEP_AFTER_THE_FIRST = """
import time
from leaving.actions.removal import remove_leavers, remove_person
from profiles.models import User
print("ready", flush=True)
while not User.objects.filter(leaving_at=None).exists():
    time.sleep(0.001)
remove_leavers()
for person in User.objects.filter(going_at__isnull=False):
    remove_person(person.pk)
"""
