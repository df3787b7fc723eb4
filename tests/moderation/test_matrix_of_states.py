"""Who gets what of a case in each of its states: states × viewers × routes. Each state is built once for all viewers;
what each is answered follows from a few sentences (`Cell`), which are the specification.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leaving.actions.leaving import request_deletion
from moderation.appeals.actions import decide_appeal, make_appeal
from moderation.appeals.keys import key_of
from moderation.decisions.actions import decide, expire, undo
from moderation.models import Appeal, Case, Decision, Evidence, Step
from moderation.sealing.roles import CHILD_SAFETY, give_role
from notes.compose.actions import delete_note
from notes.models import Note
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import edit_note, make_comment, make_person, signed_in, status
from tests.moderation.builders import make_rule
from tests.moderation.evidence.reporting import note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db

FACTS, ANSWER = "It names a room.", "We looked again."
VIEWERS = ("visitor", "stranger", "reporter", "author", "decider", "other", "holder", "root")
MODERATORS = {"decider", "other", "holder", "root"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@dataclass
class World:
    people: dict[str, User | None]
    case: Case
    note: Note
    file: str = ""  # of the note's photo, as it is now
    decision: Decision | None = None
    appeal: Appeal | None = None
    facts: set[str] = field(
        default_factory=set
    )  # what is true of the state: "hidden", "sealed", "gone", "away"


def make_world(reason: str = "harassment") -> World:
    people: dict[str, User | None] = {"visitor": None}
    people |= {name: make_person(name) for name in ("stranger", "reporter", "author")}
    for name in ("decider", "other", "holder"):
        person = make_person(name)
        appoint(person=person)
        people[name] = person
    give_role(person=people["holder"], role=CHILD_SAFETY)  # type: ignore[arg-type]
    people["root"] = make_person("root", is_staff=True, is_superuser=True)
    note = note_with_photos(people["author"], 1)  # type: ignore[arg-type]
    case = reported(people["reporter"], note=note, reason=reason)  # type: ignore[arg-type]
    run_jobs()
    return World(people, case, note)


def decided(world: World, step: str, by: str = "decider", **terms: Any) -> World:
    world.case.refresh_from_db()
    who: Any = world.people[by]
    terms = {"rule": make_rule(), "facts": FACTS} | terms
    world.decision = decide(case=world.case, version=world.case.version, by=who, step=step, **terms)
    return world


def now(world: World, *facts: str) -> World:
    world.facts |= set(facts)
    return world


def soon() -> Any:
    return timezone.now() + timedelta(days=7)


def opened() -> World:
    return make_world()


def none() -> World:
    return decided(make_world(), Step.NONE)


def word() -> World:
    return decided(make_world(), Step.NOTE)


def warned() -> World:
    return decided(make_world(), Step.WARNING, warning="sensitive")


def hidden() -> World:
    return now(decided(make_world(), Step.HIDE), "hidden")


def limited() -> World:
    return decided(make_world(), Step.LIMIT, limits=["posting"], ends_at=soon())


def suspended() -> World:
    return now(decided(make_world(), Step.SUSPEND), "away")


def undone() -> World:
    world = decided(make_world(), Step.HIDE)
    undo(decision=world.decision, by=world.people["decider"])  # type: ignore[arg-type]
    return world


def ended() -> World:
    world = decided(make_world(), Step.HIDE, ends_at=soon())
    Decision.objects.update(ends_at=timezone.now())
    assert expire() == 1
    return world


def appealed(world: World | None = None) -> World:
    world = world or hidden()
    world.appeal = make_appeal(decision=world.decision, text="It is mine.")  # type: ignore[arg-type]
    return world


def answered(*, granted: bool) -> World:
    world = appealed()
    other: Any = world.people["other"]
    assert world.appeal
    decide_appeal(appeal=world.appeal, by=other, granted=granted, answer=ANSWER)
    if granted:
        world.facts.discard("hidden")
    return world


def granted() -> World:
    return answered(granted=True)


def refused() -> World:
    return answered(granted=False)


def sealed() -> World:
    return now(make_world("child_abuse"), "sealed")


def sealed_hidden() -> World:
    return now(decided(sealed(), Step.HIDE, by="holder"), "hidden")


def sealed_appealed() -> World:
    return appealed(sealed_hidden())


def edited() -> World:
    world = make_world()
    edit_note(world.note, title="Title now", body="Body now")
    return world


def deleted() -> World:
    world = make_world()
    delete_note(note=world.note)
    return now(world, "gone")


def deleted_once_hidden() -> World:
    world = hidden()
    delete_note(note=world.note)
    return now(world, "gone")


def left() -> World:
    world = hidden()
    request_deletion(person=world.people["author"], site="http://testserver", language="en")  # type: ignore[arg-type]
    return now(world, "away")


STATES = (
    *(opened, none, word, warned, hidden, limited, suspended, undone, ended),
    *(appealed, granted, refused, sealed, sealed_hidden, sealed_appealed, edited, deleted),
    *(deleted_once_hidden, left),
)


@dataclass(frozen=True)
class Cell:
    """What a viewer is to get of a world."""

    world: World
    viewer: str

    def has(self, fact: str) -> bool:
        return fact in self.world.facts

    @property
    def is_in(self) -> bool:
        """Whether they are signed in: the suspended and the leaving are not."""
        return self.viewer != "visitor" and not (self.viewer == "author" and self.has("away"))

    @property
    def sees_note(self) -> bool:
        """Everybody sees what is public; its author what is hidden; moderators both, but nothing that is sealed."""
        if self.has("gone"):
            return False
        if self.viewer == "author":
            return self.is_in
        if not (self.has("hidden") or self.has("away")):
            return True
        return self.viewer in MODERATORS and not (self.has("hidden") and self.has("sealed"))

    @property
    def sees_file(self) -> bool:
        return self.sees_note and not (self.has("hidden") and self.has("sealed"))

    @property
    def opens_case(self) -> bool:
        """Moderators open every case; of sealed ones those with a role alone."""
        return self.viewer == "holder" if self.has("sealed") else self.viewer in MODERATORS

    @property
    def answers_appeal(self) -> bool:
        """Another moderator than the one who decided; the same where nobody else could."""
        if self.world.appeal is None:
            return False
        return self.opens_case and (self.viewer != "decider" or self.has("sealed"))

    def when(self, is_there: bool) -> int:
        """200 where it is there, 404 where not; visitors of what needs an account are sent to sign in."""
        return (200 if is_there else 404) if self.is_in else 302


type Route = tuple[str, Callable[[World], str], Callable[[Cell], int]]


def evidence(world: World) -> Evidence:
    return Evidence.objects.filter(case=world.case).latest("pk")


def of_decision(name: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.decision.pk]) if world.decision else ""


def told(cell: Cell) -> int:
    """The author reads each decision but "no action" about it."""
    step = cell.world.decision.step if cell.world.decision else Step.NONE
    return cell.when(cell.viewer == "author" and step != Step.NONE)


ROUTES: tuple[Route, ...] = (
    ("note", lambda w: f"/notes/{w.note.pk or w.case.number}/", lambda c: 200 if c.sees_note else 404),
    ("file", lambda w: w.file, lambda c: 200 if c.sees_file else 404),
    ("profile", lambda w: "/@author/", lambda c: 404 if c.has("away") else 200),
    ("decisions", lambda w: "/decisions/", lambda c: c.when(True)),
    ("decision", of_decision("decision"), told),
    ("appeal", of_decision("appeal"), told),
    ("reports", lambda w: "/reports/", lambda c: c.when(True)),
    (
        "report",
        lambda w: f"/report/?note={w.case.number}",
        lambda c: c.when(c.sees_note and c.viewer != "author"),
    ),
    ("likes", lambda w: f"/notes/{w.case.number}/likes/", lambda c: likes(c)),
    (
        "edit",
        lambda w: f"/notes/{w.case.number}/edit/",
        lambda c: c.when(c.viewer == "author" and not c.has("gone")),
    ),
    ("case", lambda w: reverse("admin:case", args=[w.case.pk]), lambda c: c.when(c.opens_case)),
    (
        "evidence",
        lambda w: reverse("admin:moderation_evidence_case", args=[w.case.pk]),
        lambda c: c.when(c.opens_case),
    ),
    (
        "picture",
        lambda w: reverse("admin:moderation_evidence_picture", args=[evidence(w).pk, 0]),
        lambda c: c.when(c.opens_case),
    ),
    (
        "blurred",
        lambda w: reverse("admin:moderation_evidence_blurred", args=[evidence(w).pk, 0]),
        lambda c: c.when(c.opens_case),
    ),
    (
        "answer",
        lambda w: reverse("admin:moderation_appeal_decide", args=[w.appeal.pk]) if w.appeal else "",
        lambda c: c.when(c.answers_appeal),
    ),
    (
        "change",
        lambda w: f"/admin/notes/note/{w.case.number}/change/",
        lambda c: c.when(c.viewer in MODERATORS and c.sees_note),
    ),
    (
        "hide",
        lambda w: f"/admin/notes/note/{w.case.number}/hide/",
        lambda c: c.when(c.viewer in MODERATORS and c.sees_note),
    ),
    (
        "log",
        lambda w: "/admin/redbook/auditentry/",
        lambda c: (200 if c.viewer == "root" else 403 if c.viewer in MODERATORS else 404) if c.is_in else 302,
    ),
)


def likes(cell: Cell) -> int:
    """Only what is live has them."""
    is_live = not (cell.has("hidden") or cell.has("away") or cell.has("gone"))
    return 200 if is_live else 404


# Of the others, each takes three seconds and differs from one of these in a few cells.
EACH_TIME = {"opened", "hidden", "suspended", "appealed", "sealed_hidden", "deleted", "left"}


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, id=state.__name__, marks=() if state.__name__ in EACH_TIME else pytest.mark.long)
        for state in STATES
    ],
)
def test_who_gets_what(state: Callable[[], World]) -> None:
    world = state()
    photo = Note.objects.get(pk=world.case.number).photos.first() if "gone" not in world.facts else None
    world.file = f"{photo.base}320.jpg" if photo else ""
    wrong: list[str] = []
    for viewer in VIEWERS:
        client, cell = signed_in(world.people[viewer]), Cell(world, viewer)
        for name, address, expected in ROUTES:
            path = address(world)
            if path and (got := status(client, path)) != expected(cell):
                wrong.append(f"{viewer}: {name} is {got}, not {expected(cell)}")
    wrong += wrong_writes(world) + wrong_words(world)
    assert wrong == []


def wrong_writes(world: World) -> list[str]:
    """What those who may not write are answered, of which nothing may be stored."""
    before = rows(world)
    wrong = []
    case, note = world.case.pk, world.case.number
    typed = {"version": world.case.version, "step": "none", "facts": "Mine."}
    for viewer in VIEWERS:
        client, cell = signed_in(world.people[viewer]), Cell(world, viewer)
        sent = []
        if not cell.opens_case:
            sent += [
                (f"/admin/cases/{case}/", typed),
                (f"/admin/moderation/evidence/case/{case}/unseal/", {}),
            ]
        if not cell.opens_case and world.decision:
            sent += [(f"/admin/decisions/{world.decision.pk}/undo/", {})]
        if world.appeal and not cell.answers_appeal:
            answer = {"granted": "yes", "answer": "Mine."}
            sent += [(reverse("admin:moderation_appeal_decide", args=[world.appeal.pk]), answer)]
        if world.decision and viewer != "author":
            sent += [(reverse("appeal", args=[world.decision.pk]), {"text": "Not mine."})]
        if likes(cell) == 404:
            sent += [(f"/notes/{note}/{name}/", {"body": "Hm."}) for name in ("like", "collect", "comments")]
        for path, data in sent:
            if (got := client.post(path, data).status_code) != cell.when(is_there=False):
                wrong.append(f"{viewer}: POST {path} is {got}, not {cell.when(is_there=False)}")
    return wrong + ([] if rows(world) == before else ["something was written"])


def rows(world: World) -> list[Any]:
    case = Case.objects.filter(pk=world.case.pk).values_list("version", "closed_at", "seal__lifted_at").get()
    note = Note.objects.filter(pk=world.case.number).values_list(
        "like_count", "collect_count", "comment_count"
    )
    return [
        case,
        note.first(),
        Decision.objects.filter(undone_at=None).count(),
        list(Appeal.objects.values()),
    ]


def wrong_words(world: World) -> list[str]:
    """Who reads the facts: the author on their pages, moderators on theirs, nobody else anywhere."""
    wrong = []
    pages = [
        "/",
        "/latest/",
        "/@author/",
        f"/notes/{world.case.number}/",
        "/decisions/",
        "/reports/",
        "/notifications/",
    ]
    for viewer in VIEWERS:
        client, cell = signed_in(world.people[viewer]), Cell(world, viewer)
        is_told = viewer == "author" or (viewer in MODERATORS and not cell.has("sealed"))
        is_public = world.decision is not None and world.decision.step == Step.NONE and viewer == "reporter"
        shown = [page for page in pages if FACTS in client.get(page).text]
        if shown and not (is_told or is_public):
            wrong.append(f"{viewer}: reads the facts on {shown}")
    for said, client in (("key", Client()), ("wrong key", Client())):
        if world.decision and world.decision.step != Step.NONE:
            key = key_of(world.decision) if said == "key" else f"x{key_of(world.decision)}"
            got = client.get(reverse("appeal_by_key", args=[key])).status_code
            if got != (200 if said == "key" else 404):
                wrong.append(f"by {said}: {got}")
    return wrong


def hidden_comment(world: World) -> World:
    author: Any = world.people["author"]
    comment = make_comment(author, note_with_photos(world.people["stranger"], 0), "A comment of hers.")  # type: ignore[arg-type]
    reporter: Any = world.people["reporter"]
    world.case = reported(reporter, comment=comment)
    world.note = comment.note
    return decided(world, Step.HIDE)


def test_a_comment_in_its_states() -> None:
    world = hidden_comment(make_world())
    path = world.note.get_absolute_url()

    def readers() -> set[str]:
        return {
            viewer
            for viewer in VIEWERS
            if "A comment of hers." in signed_in(world.people[viewer]).get(path).text
        }

    assert readers() == {"author"}
    page = reverse("admin:case", args=[world.case.pk])
    found = {viewer for viewer in VIEWERS if status(signed_in(world.people[viewer]), page) == 200}
    assert found == MODERATORS
    undo(decision=world.decision, by=world.people["decider"])  # type: ignore[arg-type]
    assert readers() == set(VIEWERS)
    sealed_case = reported(world.people["reporter"], comment=world.case.comment, reason="child_abuse")  # type: ignore[arg-type]
    world.case = sealed_case
    decided(world, Step.HIDE, by="holder")
    assert readers() == {"author"}
