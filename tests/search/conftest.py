import pytest

from tests.search import community


@pytest.fixture
def the_relevance_set(db: None) -> None:
    """Load the people and notes of the relevance set."""
    community.load()
