"""The queries of the relevance set that name a person, a tag, a label or a campus find it first."""

from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoDbBlocker

from dev.demo import community as demo
from people.actions.labels import declare_label
from profiles.models import User
from search.results import campuses, labels, people, tags
from tests.search import community, relevance

pytestmark = pytest.mark.django_db
KINDS = ("tag", "handle", "person", "label", "campus")
QUERIES = [query for query in relevance.queries() if query.kind in KINDS]
LEAST = 0.85


def written(row: Any) -> str:
    """A row as queries.toml names it."""
    kind = type(row).__name__
    named = {
        "User": "@{0.handle}",
        "Tag": "#{0.name}",
        "Label": "label:{0.wording}",
        "Campus": "campus:{0.name}",
    }
    return named[kind].format(row)


def results(words: str) -> dict[str, list[str]]:
    """What a visitor finds on the first page of each sort of name, by the sign before it."""
    found = {"@": people, "#": tags, "l": labels, "c": campuses}
    viewer = AnonymousUser()
    return {sign: [written(row) for row in sort.found(viewer, words).rows] for sign, sort in found.items()}


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    """The results of each query, among the demo community with its crowd."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        community.load()
        crowd = User.objects.bulk_create(
            User(handle=handle, name=name, email=f"{handle}@crowd.test")
            for handle, name in demo.crowd(400, Random(7))
        )
        for person, label in zip(crowd, demo.crowd_labels(), strict=False):
            declare_label(person=person, wording=label.wording, topics=label.topics)
        yield {query.q: results(query.q) for query in QUERIES}
        transaction.set_rollback(True)


def rank(query: relevance.Query, found: dict[str, list[str]]) -> int | None:
    """The rank of the first expected name among the results of its sort."""
    places = [found[name[0]].index(name) + 1 for name in query.best if name in found[name[0]]]
    return min(places, default=None)


def test_the_mean_reciprocal_rank_is_high(found: dict[str, dict[str, list[str]]]) -> None:
    ranks = {query.q: rank(query, found[query.q]) for query in QUERIES}
    mean = sum(1 / place for place in ranks.values() if place) / len(ranks)
    print(
        f"MRR of names: {mean:.3f} over {len(ranks)}", {q: place for q, place in ranks.items() if place != 1}
    )
    assert mean >= LEAST, {q: place for q, place in ranks.items() if place != 1}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.q)
def test_it_is_found(query: relevance.Query, found: dict[str, dict[str, list[str]]]) -> None:
    seen = found[query.q]
    assert rank(query, seen) == 1, seen
    for name in query.good:
        assert name in seen[name[0]]
    for name in query.below:
        assert name not in seen[name[0]] or seen[name[0]].index(name) > 0
    assert not any(name in seen.get(name[0], []) for name in query.never)
