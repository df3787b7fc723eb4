"""The relevance set holds together: its notes pass the forms, and every name in an expectation is that of one thing."""

from collections import Counter

import pytest
import regex

from core.grammar import HANDLE
from core.text import mentions_in, normal_form
from dev.demo import community
from notes.forms import CAMPUS_MAX, NoteForm
from notes.models.note import TAGS_MAX, TITLE_MAX
from people.forms import LabelForm
from tests.search import relevance, substrings

QUERY_MAX = 200  # characters of a query that count
LEAST = {"zh": 40, "en": 30, "mixed": 10}
CHINESE, LATIN = regex.compile(r"\p{Han}"), regex.compile(r"\p{Latin}")
NAMES = Counter(relevance.names())
OPEN = {text.title: text.is_open for text in relevance.texts()}
HANDLES = {person.handle for person in (*community.people(), *relevance.writers())}


def test_there_are_enough_notes_and_queries_of_each_language_and_kind() -> None:
    queries = relevance.queries()
    assert len(relevance.added()) >= 120
    assert len(queries) >= 100
    languages = Counter(query.language for query in queries)
    assert languages.keys() == LEAST.keys()
    assert all(languages[language] >= least for language, least in LEAST.items()), languages
    kinds = Counter(query.kind for query in queries)
    assert kinds.keys() == relevance.kinds().keys()
    assert min(kinds.values()) >= 3, kinds


@pytest.mark.parametrize("query", relevance.queries(), ids=lambda query: query.q)
def test_an_expectation_names_things_there_are_and_each_once(query: relevance.Query) -> None:
    found = [*query.best, *query.good, *query.below]
    every = [*found, *query.never]
    assert {name: NAMES[name] for name in every} == dict.fromkeys(every, 1)
    assert len(set(every)) == len(every)
    assert all(OPEN.get(name, True) for name in found)
    assert bool(query.best) != (query.kind == "closed")
    assert query.kind != "closed" or not any(OPEN[name] for name in query.never)


def test_a_query_is_asked_once_in_the_language_it_says() -> None:
    asked = [query.q for query in relevance.queries()]
    assert len(set(asked)) == len(asked)
    assert max(map(len, asked)) <= QUERY_MAX
    for query in relevance.queries():
        chinese, latin = CHINESE.search(query.q), LATIN.search(query.q)
        assert bool(chinese) == (query.language == "zh") or query.language == "mixed", query.q
        assert query.language != "zh" or not latin, query.q


@pytest.mark.parametrize("text", relevance.added(), ids=lambda text: text.title)
def test_a_note_passes_the_form(text: relevance.Text) -> None:
    words = {"title": text.title, "body": text.story, "tags": ", ".join(text.tags), "place": text.place}
    form = NoteForm(words | {"visibility": text.visibility, "disclosure": "none"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == text.title
    assert form.cleaned_data["body"] == text.story
    assert len(text.title) <= TITLE_MAX
    assert 1 <= len(text.tags) <= TAGS_MAX
    assert text.days > 0
    assert set(mentions_in(text.story)) <= HANDLES


def test_no_title_handle_or_campus_is_taken_twice() -> None:
    campuses = [*community.campuses().values(), *relevance.campuses().values()]
    for words in (
        [text.title for text in relevance.texts()],
        [person.handle for person in (*community.people(), *relevance.writers())],
        [campus.name for campus in campuses],
    ):
        assert Counter(map(normal_form, words)).most_common(1)[0][1] == 1
    assert not community.campuses().keys() & relevance.campuses().keys()
    assert max(len(campus.name) for campus in campuses) <= CAMPUS_MAX


@pytest.mark.parametrize("writer", relevance.writers(), ids=lambda writer: writer.handle)
def test_a_person_has_a_handle_and_a_label_that_pass(writer: relevance.Writer) -> None:
    assert regex.fullmatch(HANDLE, writer.handle)
    assert any(text.by == writer.handle for text in relevance.added())
    if writer.label:
        words = {"label": writer.label, "topics": ", ".join(writer.topics), "audience": "everyone"}
        assert LabelForm(words).is_valid()


def test_the_recall_check_is_drawn_the_same_from_any_order() -> None:
    queries = substrings.drawn(relevance.texts())
    assert queries == substrings.drawn(reversed(relevance.texts()))
    assert {len(query) for query in queries} == set(substrings.LENGTHS)
    assert len(queries) >= len(substrings.LENGTHS) * substrings.DRAWN
    by_title = {text.title: text for text in relevance.texts()}
    for query, titles in queries.items():
        assert titles
        for title in titles:
            text = by_title[title]
            assert text.is_open
            assert query in "\n".join((text.title, text.story, text.place, *text.tags))
