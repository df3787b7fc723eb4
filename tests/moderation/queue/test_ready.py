"""Ready-made reasons: for each rule, in the language of who reads them, with and without words of one's own."""

from typing import Any

import pytest

from moderation.models import Case, Decision, Rule
from moderation.rules.ready import sentences
from profiles.models import User
from tests.builders import make_note, make_person, signed_in
from tests.moderation.builders import make_reporter, make_rules, reported

pytestmark = pytest.mark.django_db

SELLS = sentences()["advertising-1"]


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


def sent(case: Case, **said: Any) -> dict[str, Any]:
    return {"version": case.version, "step": "hide", "rule": "advertising", "ready": SELLS.key} | said


def decide(by: User, case: Case, **said: Any) -> Any:
    return signed_in(by).post(f"/admin/cases/{case.pk}/", sent(case, **said))


def test_each_rule_has_sentences_in_both_languages() -> None:
    assert {sentence.rule for sentence in sentences().values()} == {
        "none",
        *Rule.objects.in_force().values_list("slug", flat=True),
    }
    assert all(sentence.en and sentence.zh for sentence in sentences().values())


@pytest.mark.parametrize(("language", "said"), [("en", SELLS.en), ("zh-hans", SELLS.zh), ("", SELLS.en)])
def test_the_author_reads_their_language(alice: User, mona: User, language: str, said: str) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    assert decide(mona, reported(make_note(alice), reason="advertising")).status_code == 303
    assert Decision.objects.get().facts == said


def test_without_action_the_reporter_reads_theirs(alice: User, mona: User) -> None:
    case = reported(make_note(alice), by=make_reporter(language="zh-hans"), reason="advertising")
    decide(mona, case, step="none", rule="", ready="none-1")
    assert Decision.objects.get().facts == sentences()["none-1"].zh


def test_own_words_stay_and_nothing_is_said_twice(alice: User, mona: User) -> None:
    decide(mona, reported(make_note(alice), reason="advertising"), facts="Since May.")
    decide(mona, reported(make_note(alice), reason="advertising"), facts=f"{SELLS.en}\nSince June.")
    facts = set(Decision.objects.values_list("facts", flat=True))
    assert facts == {f"{SELLS.en}\nSince May.", f"{SELLS.en}\nSince June."}


def test_it_brings_its_rule(alice: User, mona: User) -> None:
    decide(mona, reported(make_note(alice), reason="other"), rule="")
    assert Decision.objects.get().rule.slug == "advertising"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "words"), [({"facts": "x" * 999}, "longer than 1000"), ({"ready": "nothing-1"}, "nothing-1")]
)
def test_what_does_not_fit_is_said(alice: User, mona: User, said: dict[str, Any], words: str) -> None:
    answer = decide(mona, reported(make_note(alice), reason="advertising"), **said)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Decision.objects.exists()


def test_many_are_each_told_in_their_language(mona: User) -> None:
    authors = [make_person(language=language) for language in ("en", "zh-hans")]
    cases = [reported(make_note(author), reason="advertising") for author in authors]
    said = {"case": [f"{case.pk}:{case.version}" for case in cases], "step": "hide", "rule": "advertising"}
    signed_in(mona).post("/admin/cases/decide/", said | {"ready": SELLS.key})
    assert [Decision.objects.get(subject=author).facts for author in authors] == [SELLS.en, SELLS.zh]


def test_the_page_has_them_in_the_language_of_the_author(alice: User, mona: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    page = signed_in(mona).get(f"/admin/cases/{reported(make_note(alice), reason='advertising').pk}/").text
    assert f'data-said="{SELLS.zh}"' in page
    assert page.index(SELLS.key) < page.index("none-1"), "those of the case's rule come first"
