from collections.abc import Iterator

import pytest
from django.db import connection

from tests.matrix.world import FIRST

SEQUENCES = ("notes_note_id_seq", "notes_comment_id_seq", "notes_photo_id_seq")


@pytest.fixture(autouse=True)
def far_ids(db: None) -> Iterator[None]:
    """Ids start at FIRST here. A rollback leaves sequences as they are, so they are put back."""
    with connection.cursor() as cursor:
        before = []
        for sequence in SEQUENCES:
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
            before.append(cursor.fetchone())
            cursor.execute("SELECT setval(%s, %s)", [sequence, FIRST])
        yield
        for sequence, (value, is_called) in zip(SEQUENCES, before, strict=True):
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence, value, is_called])
