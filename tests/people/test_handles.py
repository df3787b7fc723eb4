import pytest
from django.urls import URLPattern, get_resolver

from people.handles import reserved, suggestion
from people.profile_forms import ProfileForm
from profiles.models import User
from tests.builders import make_person


def first_words() -> set[str]:
    """The first word of every address of ours, read from the patterns themselves."""

    def walk(patterns: list, before: str) -> list[str]:
        return [
            path
            for entry in patterns
            for path in (
                [before + str(entry.pattern)]
                if isinstance(entry, URLPattern)
                else walk(entry.url_patterns, before + str(entry.pattern))
            )
        ]

    return {path.split("/")[0] for path in walk(get_resolver().url_patterns, "")}


def test_no_route_word_can_be_a_handle() -> None:
    words = {word for word in first_words() if word and "<" not in word}
    assert {"notes", "tags", "labels", "settings", "accounts", "admin", "theme", "healthz"} <= words
    assert words <= reserved()


@pytest.mark.django_db
@pytest.mark.parametrize("handle", ["admin", "Settings", "FOLLOWING", "healthz", "moderator", "redbook"])
def test_reserved_words_are_refused_in_any_case(alice: User, handle: str) -> None:
    form = ProfileForm({"name": "Alice", "handle": handle}, person=alice)
    assert form.has_error("handle", "reserved")


@pytest.mark.django_db
def test_a_handle_is_stored_as_typed_and_unique_in_any_case(alice: User) -> None:
    charlie = make_person("Charlie_99")
    assert User.objects.by_handle("charlie_99").get().handle == "Charlie_99"
    assert ProfileForm({"name": "A", "handle": "CHARLIE_99"}, person=alice).has_error("handle", "taken")
    assert ProfileForm({"name": "C", "handle": "charlie_99"}, person=charlie).is_valid(), (
        "one's own, spelt anew"
    )


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("lin xia", "lin_xia"),
        ("José-María", "jose_maria"),
        ("a" * 40, "a" * 30),
        ("林夏", ""),
        ("!!", ""),
        ("settings!", ""),
    ],
)
def test_a_better_handle_is_suggested(typed: str, better: str) -> None:
    assert suggestion(typed) == better
