"""What a JPEG says of its camera, place and day appears nowhere; for other formats, logs and dumps see storms."""

from pathlib import Path
from typing import Any

import pytest

from notes.models import Note
from profiles.models import User
from tests.builders import signed_in, upload
from tests.markup import content
from tests.notes.compose.filled_form import NEW, filled_in
from tests.servers import run_jobs
from tests.storms import canaries
from tests.storms.test_canaries import rows, stored

pytestmark = pytest.mark.django_db


def test_nothing_of_a_photo_but_its_picture_survives(alice: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(alice)
    sent = filled_in(client, title="A walk", action="publish")
    sent |= {"photos": [upload(f"{canaries.NAME}.jpg", canaries.jpeg())]}
    assert client.post(NEW, sent).status_code == 303
    waiting = set().union(*map(canaries.found_in, stored(tmp_path).values()))
    assert waiting >= set(canaries.JPEG.values()), "The search finds each where it is."
    run_jobs()
    note = Note.objects.get(title="A walk")
    photo = note.photos.get()
    served = [f"{photo.base}{role}.{kind}" for role in photo.roles for kind in ("avif", "jpg")]
    pages = [*served, "/", note.get_absolute_url(), f"{note.get_absolute_url()}edit/", "/@alice/"]
    places = {path: content(client.get(path)) for path in pages}
    kept = stored(tmp_path)
    places |= kept | {f"table {table}": text for table, text in rows().items()}
    assert len(kept) == len(served) + 1, "The renditions and a master."
    assert {place: found for place, data in places.items() if (found := canaries.found_in(data))} == {}
    assert {path: facts for path, data in kept.items() if (facts := canaries.facts_of(data))} == {}
