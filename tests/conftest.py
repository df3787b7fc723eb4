"""The cast: Alice the author, Bob who follows her, Charlie the stranger, Mona the moderator."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from pytest_django import DjangoDbBlocker

from moderation import counting
from notes.explore import channels, label_tiles
from notifications.rule import write_rule
from people.actions.moderators import appoint
from people.views import indexing
from profiles.models import Follow, User
from search import filters
from search.templatetags import search as search_tags
from tests.builders import QUICK_HASHERS, make_person

# What a process caches: for a minute the channel bar, the labels in use and the campuses that a search offers, for ten
# the pages of the sitemap; for ten seconds how many cases are open.
CACHED: list[tuple[Any, str, Any]] = [
    (channels, "_bar", channels._bar),
    (label_tiles, "_labels", label_tiles._labels),
    (indexing, "_written", indexing._written),
    (filters, "_first_campuses", filters._first_campuses),
    (search_tags, "_links", search_tags._links),
    (counting, "_open", counting._open),
]
pytest_plugins = ["tests.servers", "tests.buckets", "tests.photographs"]
SLOW = (
    "tests/browser/",
    "tests/storms/",
    "tests/matrix/",
    "tests/imaging/",
    "tests/notes/photos/",
    "tests/notes/crop/test_crop",
    "tests/notes/readers/test_engaged",
    "tests/dev/test_run",
    "tests/dev/test_demo",
    "tests/notes/test_query_counts",
    "tests/people/test_signin_limits",
    "tests/people/test_suggestions",
    "tests/redbook/test_html",
    "tests/redbook/test_database_away",
    "tests/redbook/test_every_form",
    "tests/redbook/test_words_of_every_form",
    "tests/redbook/test_costly_text",
    "tests/leaving/test_removal",
    "tests/insights/test_attack",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run one process more than there are processors: tests in a browser wait for half of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that no process is left with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking all modules and tests again and again: a tenth of the CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many seconds each folder took."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                file, _, _ = report.nodeid.partition("::")
                folder, _, _ = file.rpartition("/")
                seconds[folder] += report.duration
    if len(seconds) > 1:
        terminalreporter.section("seconds by folder")
        for folder, total in seconds.most_common():
            terminalreporter.write_line(f"{total:7.1f}  {folder}")


@pytest.fixture(scope="session", autouse=True)
def translations(django_test_environment: None) -> None:
    """A process reads them once, with its first page."""
    call_command("compilemessages")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Write the rule of notifications as `prepare` does: the copied database may be older than the rule."""
    with django_db_blocker.unblock():
        write_rule()


@pytest.fixture(autouse=True)
def english() -> None:
    """A page in another language leaves it to its thread."""
    translation.activate("en")


@pytest.fixture(scope="session", autouse=True)
def quick_and_new() -> Iterator[None]:
    """Hash passwords quickly, and cache nothing between tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PASSWORD_HASHERS", QUICK_HASHERS)
        for module, name, function in CACHED:
            patch.setattr(module, name, function.__wrapped__)
        yield


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use the caches of the process, empty, as outside of tests."""
    for module, name, function in CACHED:
        monkeypatch.setattr(module, name, function)
        function.cache_clear()
    yield
    for _module, _name, function in CACHED:
        function.cache_clear()


@pytest.fixture
def alice(db: None) -> User:
    return make_person("alice", name="Alice An")


@pytest.fixture
def bob(alice: User) -> User:
    follower = make_person("bob", name="Bob Bai")
    Follow.objects.create(follower=follower, followed=alice)
    return follower


@pytest.fixture
def charlie(db: None) -> User:
    return make_person("charlie", name="Charlie Chen")


@pytest.fixture
def mona(db: None) -> User:
    moderator = make_person("mona", name="Mona Mao")
    appoint(person=moderator)
    return moderator
