"""What moderators hid says so where its author finds it, and nowhere to anybody else."""

from typing import Any

import pytest

from moderation.decisions.directly import decide_about
from moderation.models import Case, Decision, Rule, Step
from notes.models import Collection, Series
from profiles.models import Label, User
from tests.builders import make_comment, make_label, make_note, signed_in
from tests.markup import words
from tests.moderation.builders import make_rules, reported
from tests.notes.collections.shelving import shelve

pytestmark = pytest.mark.django_db
FACTS = "It calls a classmate names."


def hidden(row: Any, mona: User) -> Decision:
    made = decide_about(target=row, by=mona, step=Step.HIDE, facts=FACTS)
    assert made is not None
    return made


def test_the_author_of_a_comment_reads_it_under_the_note(
    alice: User, bob: User, charlie: User, mona: User
) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note, "Rude words.")
    made = hidden(comment, mona)
    page = signed_in(bob).get(note.get_absolute_url())
    assert "A moderator has hidden your comment. Only you can see it here: Rude words. The reason: " in words(
        page
    )
    assert FACTS in page.text
    link = f"/decisions/?comment={comment.pk}"
    assert link in page.text
    assert signed_in(bob).get(link)["Location"] == made.get_absolute_url()
    for person in (None, alice, charlie):
        page = signed_in(person).get(note.get_absolute_url())
        assert "Rude words." not in page.text
        assert link not in page.text
    assert signed_in(alice).get(link).status_code == 200, "the list of one's own"


@pytest.mark.parametrize("kind", ["collection", "series"])
def test_the_owner_of_a_list_reads_it_on_its_page(kind: str, alice: User, bob: User, mona: User) -> None:
    series = Series.objects.create(author=alice, name="Winter")
    note = make_note(alice, series=series, series_place=1)
    shelve(alice, "Desks", note)
    Collection.objects.update(is_private=False)
    row: Any = {"series": series, "collection": Collection.objects.named().get()}[kind]
    made = hidden(row, mona)
    page = signed_in(alice).get(row.get_absolute_url())
    link = f"/decisions/?{kind}={row.pk}"
    assert link in page.text
    assert FACTS in page.text
    assert signed_in(alice).get(link)["Location"] == made.get_absolute_url()
    assert signed_in(bob).get(row.get_absolute_url()).status_code == 404


def test_who_declares_a_label_reads_it_on_their_profile(alice: User, bob: User, mona: User) -> None:
    make_label(alice, "Study buddy")
    hidden(Label.objects.get(), mona)
    page = words(signed_in(alice).get("/@alice/"))
    assert "A moderator has hidden the label “ Study buddy ”" in page or "Study buddy" in page
    assert FACTS in page
    assert "Read the rules" in page
    assert FACTS not in words(signed_in(bob).get("/@alice/"))


def test_the_rules_that_name_nothing_else_are_there(alice: User, mona: User) -> None:
    make_rules()
    assert {"evasion", "other"} <= set(Rule.objects.in_force().values_list("slug", flat=True))
    for reason in ("rule", "other"):
        case = reported(make_note(alice), reason=reason)
        assert (case.rule_slug, case.severity) == ("other", 1)
        page = signed_in(mona).get(f"/admin/cases/{case.pk}/")
        assert "Leave the place better than you found it" in page.text
    assert {case.rule_slug for case in Case.objects.all()} == {"other"}
    assert "Don’t go around a decision" in words(signed_in(None).get("/rules/"))
