from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.search import community


@pytest.fixture(scope="module")
def the_relevance_set(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the people and notes of the relevance set, once for all tests of a file."""
    with django_db_blocker.unblock(), transaction.atomic():
        community.load()
        yield
        transaction.set_rollback(True)
