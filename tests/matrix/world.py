"""A small site with every cell of the visibility matrix, built only through the site's own forms."""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from moderation.decisions.holding import hold
from notes.models import Comment, Note
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_person, signed_in, upload
from tests.markup import content, form_in
from tests.notes.compose.filled_form import NEW, filled_in
from tests.servers import run_jobs

TAG, CAMPUS, LABEL = "tea", "Linhai University", "Tea person"
FIRST, NOBODY = 555_000_001, 987_654_321  # ids as long as each other, and like nothing else in a page
ROLES = ("anonymous", "signed in", "follower", "blocked", "author", "moderator")


@dataclass
class World:
    """`people` by role, each with a browser in `browsers`; `notes`, their `comments` and `media` by state; and what
    was answered by role and address where nothing is: `missing`.
    """

    people: dict[str, User | None]
    browsers: dict[str, Client]
    notes: dict[str, Note] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    missing: dict[tuple[str, str], Any] = field(default_factory=dict)

    def again(self) -> "World":
        """Return this world with browsers, people and rows of its own, for a test that may change them."""
        browsers = {}
        for role, browser in self.browsers.items():
            browsers[role] = Client()
            browsers[role].cookies = deepcopy(browser.cookies)
        return World(
            {role: person and User.objects.get(pk=person.pk) for role, person in self.people.items()},
            browsers,
            {state: Note.objects.get(pk=note.pk) for state, note in self.notes.items()},
            {state: Comment.objects.get(pk=comment.pk) for state, comment in self.comments.items()},
            dict(self.media),
        )

    def publish(self, state: str, action: str = "publish", visibility: str = "public") -> Note:
        """The author's note with a photo, titled by its state."""
        client = self.browsers["author"]
        words: dict[str, Any] = {"title": f"Note [{state}]", "tags": TAG, "campus": CAMPUS, "action": action}
        sent = filled_in(client, visibility=visibility, **words) | {"photos": [upload(size=(96, 128))]}
        answer = client.post(NEW, sent)
        assert answer.status_code == 303, answer.text
        run_jobs()
        note = self.notes[state] = Note.objects.get(title=f"Note [{state}]")
        return note

    def comment(self, state: str, role: str = "follower") -> None:
        note = self.notes[state]
        answer = self.browsers[role].post(
            f"{note.get_absolute_url()}comments/", {"body": f"Said under {state}"}
        )
        assert answer.status_code == 303
        self.comments[state] = Comment.objects.get(note=note)

    def press(self, role: str, path: str, **words: str) -> None:
        assert self.browsers[role].post(path, words).status_code == 303, path

    def report(self, role: str, note: Note) -> None:
        self.press(role, f"/report/?note={note.pk}", reason="other")

    def turn(self, note: Note, visibility: str) -> None:
        """The author edits the note."""
        address = f"{note.get_absolute_url()}edit/"
        client = self.browsers["author"]
        sent = form_in(client.get(address), "compose").filled(visibility=visibility, action="publish")
        assert client.post(address, sent).status_code == 303

    def hide(self, note: Note) -> None:
        self.press("moderator", f"/admin/notes/note/{note.pk}/hide/", reason="No ads.")

    def look(self) -> None:
        """Takes down the addresses of the photos as they are now."""
        for state, note in self.notes.items():
            photo = note.photos.get()
            self.media[state] = f"{photo.base}{photo.roles[0]}.jpg"


def people() -> World:
    """The cast. Who is blocked has followed until then."""
    cast: dict[str, User | None] = {
        "anonymous": None,
        "signed in": make_person("charlie", name="Charlie Chen"),
        "follower": make_person("bob", name="Bob Bai"),
        "blocked": make_person("dana", name="Dana Deng"),
        "author": make_person("alice", name="Alice An"),
        "moderator": make_person("mona", name="Mona Mao"),
    }
    appoint(person=cast["moderator"])
    world = World(cast, {role: signed_in(person) for role, person in cast.items()})
    world.press("author", "/settings/label/", label=LABEL, topics=TAG)
    world.press("author", "/insights/words/", open="on")
    for role in ("follower", "blocked"):
        world.press(role, "/@alice/follow/")
    return world


def full() -> World:
    world = people()
    for state in ("public", "followers", "private", "draft", "hidden", "held", "followers reported"):
        visibility = state.partition(" ")[0]
        world.publish(
            state,
            action="draft" if state == "draft" else "publish",
            visibility=visibility if visibility in {"followers", "private"} else "public",
        )
    world.publish("private reported")
    for state in ("public", "followers", "hidden", "held", "followers reported", "private reported"):
        world.comment(state)
    world.report("follower", world.notes["followers reported"])
    world.report("signed in", world.notes["private reported"])
    world.turn(world.notes["private reported"], "private")
    world.hide(world.notes["hidden"])
    hold(note=world.notes["held"], rule=None)
    world.press("author", "/@dana/block/")
    world.look()
    return world


def essence(response: HttpResponse, *names: str) -> tuple[Any, ...]:
    """Status, headers and body, less the CSRF token and the names by which the thing was asked for."""
    body = content(response).decode("utf-8", "replace")
    body = re.sub(r'(name="csrfmiddlewaretoken"\s+value=")\w+', r"\1", body)
    headers = sorted(
        (name, value) for name, value in response.headers.items() if name != "Expires"
    )  # a clock
    text = repr((response.status_code, headers, body))
    text = re.sub(r"(pressed%253D|pressed%3D)\w+", r"\1", text)  # a name made up for each
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "…")
    return text, sorted(response.cookies)
