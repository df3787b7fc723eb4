"""Appeals that cross decisions, by processes of their own: one a decision, decided once; what is granted is undone."""

import pytest

from moderation.decisions.directly import decide_about
from moderation.models import Appeal, Decision, Step
from profiles.models import User
from tests.builders import make_note, make_person
from tests.moderation.builders import make_rule
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.test_moderation import SIZES, assert_all_is_right, moderators
from tests.storms.test_storms import calm, session

__all__ = ["moderators"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


def hidden_notes(author: User, by: User, number: int) -> list[Decision]:
    made = [
        decide_about(target=make_note(author), by=by, step=Step.HIDE, rule=make_rule(), facts="Rude")
        for _ in range(number)
    ]
    return [decision for decision in made if decision]


@pytest.mark.parametrize("number", SIZES)
def test_an_appeal_crosses_another_and_the_undoing(
    web_server: WebServer, moderators: list[User], number: int
) -> None:
    author = make_person()
    own, staff = session(author), session(moderators[1])
    decisions = hidden_notes(author, moderators[0], number)
    posts = []
    for decision in decisions:
        note = decision.case.number
        restore = (("action", "restore"), ("index", "0"), ("_selected_action", str(note)))
        posts += [
            Post(own, f"/decisions/{decision.pk}/appeal/", (("text", "It was a joke."),)),
            Post(own, f"/decisions/{decision.pk}/appeal/", (("text", "She agreed to it."),)),
            Post(staff, "/admin/notes/note/", restore),
            Post(own, f"/decisions/{decision.pk}/appeal/", (("text", "It was a joke."),)),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 302, 303, 409), statuses
    assert not Decision.objects.in_force().exists()
    assert_all_is_right()


@pytest.mark.parametrize("number", SIZES)
def test_an_appeal_is_decided_once(web_server: WebServer, moderators: list[User], number: int) -> None:
    author = make_person()
    own, other, first = session(author), session(moderators[1]), session(moderators[0])
    decisions = hidden_notes(author, moderators[0], number)
    appeals = [Appeal.objects.create(decision=decision, text="It was a joke.") for decision in decisions]
    posts = []
    for appeal, decision in zip(appeals, decisions, strict=True):
        path = f"/admin/moderation/appeal/{appeal.pk}/decide/"
        posts += [
            Post(other, path, (("granted", "yes"), ("answer", "You are right."))),
            Post(first, path, (("granted", "no"), ("answer", "It stays."))),
            Post(other, path, (("granted", "no"), ("answer", "It stays."))),
            Post(own, f"/notes/{decision.case.number}/delete/"),
        ]
    statuses = storm(web_server.port, posts)
    assert calm(statuses, 303, 404, 409), statuses
    assert not Appeal.objects.open().exists()
    assert set(Appeal.objects.values_list("decided_by", flat=True)) == {moderators[1].pk}, "never who decided"
    granted = Appeal.objects.filter(granted=True)
    assert set(granted.values_list("decision", flat=True)) == set(
        Decision.objects.filter(undone_at__isnull=False).values_list("pk", flat=True)
    )
    assert_all_is_right()
