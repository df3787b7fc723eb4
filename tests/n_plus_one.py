"""A fixture that fails tests with N+1 queries, for folders and files that import it."""

import pytest
from zeal.constants import initialize_app_registry
from zeal.patch import patch

initialize_app_registry()
patch()


@pytest.fixture(autouse=True)
def n_plus_one_alarm(settings: pytest.FixtureRequest) -> None:
    """Raise where a request asks the same of the database twice, from one line of ours."""
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]
