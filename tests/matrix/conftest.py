from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.matrix.world import FIRST, World
from tests.rows import rows_of_module

SEQUENCES = ("notes_collection_id_seq", "notes_note_id_seq", "notes_comment_id_seq", "notes_photo_id_seq")


@pytest.fixture(scope="module")
def far_ids(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Ids start at FIRST here. A rollback leaves sequences as they are, so they are put back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        before = []
        for sequence in SEQUENCES:
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
            before.append(cursor.fetchone())
            cursor.execute("SELECT setval(%s, %s)", [sequence, FIRST])
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for sequence, (value, is_called) in zip(SEQUENCES, before, strict=True):
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence, value, is_called])


@pytest.fixture(scope="module")
def module_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the photos of the module's world in a folder of its own."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="module")
def shared_world(
    request: pytest.FixtureRequest, far_ids: None, module_media: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """Make the world of the module once, by its function `make_world`. What a test writes is undone after it."""
    with rows_of_module(django_db_blocker):
        with django_db_blocker.unblock():
            made = request.module.make_world()
        yield made


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    """Return the module's world as it was made: with its first cookies, rows as they are, and nothing asked yet."""
    return shared_world.again()
