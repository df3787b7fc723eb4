"""Every file of the collection: through `imaging`, and through the form and the worker."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from PIL import Image, ImageChops, ImageOps

import imaging
from imaging import Refusal, Refused
from imaging.pixels import decode
from notes.forms import REFUSALS
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import signed_in, upload
from tests.imaging.photo_files import MANIFEST, SHARED, check_output, difference, opened, real, rendered
from tests.notes.compose.filled_form import NEW, filled_in
from tests.servers import Process

REASONS = {
    "zero.jpg": Refusal.EMPTY,
    "badcrc.png": Refusal.DAMAGED,
    "truncated_half.jpg": Refusal.DAMAGED,
    "truncated_olympus.jpg": Refusal.DAMAGED,
    "progressive_scan_bomb.jpg": Refusal.TOO_MANY_SCANS,
    "bomb_50000x50000_1bit.png": Refusal.TOO_LARGE,
    "bomb_13000x13000_rgba.png": Refusal.TOO_LARGE,
    "huge_dim_header.png": Refusal.TOO_LARGE,
    "sof_65500.jpg": Refusal.TOO_LARGE,
    "sof_9400.jpg": Refusal.TOO_LARGE,
    "webp_9400.webp": Refusal.TOO_LARGE,
    "wide_100000x1.png": Refusal.TOO_SMALL,
    "one_px.png": Refusal.TOO_SMALL,
    "ztxt_400MB.png": Refusal.TOO_SMALL,
    "gif_frame_60000.gif": Refusal.TOO_LARGE,
    "avif_12000.avif": Refusal.TOO_LARGE,
}
REFUSED = [row for row in MANIFEST if row["expected"].startswith(("refuse", "see hostile"))]
TAKEN = [row for row in MANIFEST if row not in REFUSED]
ORIENTED = [row["file"] for row in MANIFEST if "orient_" in row["file"]]
CPU_SECONDS = 10
QUICK_PIXELS = 4_000_000  # of a photo that takes little time
LARGE = [row for row in TAKEN if row["width"] and int(row["width"]) * int(row["height"]) > QUICK_PIXELS]
SMALL = [row for row in TAKEN if row not in LARGE]
QUICK = [*LARGE[::6], *SMALL[::3]]  # `make test` takes these, `make test-long` the others
# Pillow warns about errors it tolerates, such as broken EXIF; only in these tests is a warning an error.
pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), real]


def reason(row: dict[str, str]) -> Refusal:
    return REASONS.get(Path(row["file"]).name, Refusal.UNSUPPORTED)


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["file"])
def test_what_cannot_be_taken_is_refused_for_its_reason(row: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        rendered(SHARED / row["file"])
    assert caught.value.reason == reason(row)


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row["file"], marks=[] if row in QUICK else [pytest.mark.long]) for row in TAKEN],
)
def test_what_can_be_taken_comes_out_whole_and_soon(row: dict[str, str]) -> None:
    began = time.process_time()
    result = rendered(SHARED / row["file"])
    assert time.process_time() - began < CPU_SECONDS
    if row["width"]:
        stored = int(row["width"]), int(row["height"])
        said = re.search(r"output (\d+)x(\d+)", row["expected"])
        upright = (int(said[1]), int(said[2])) if said else stored
        turned = "orientation 6" in row["special"] and not said
        assert (result.width, result.height) == (upright[::-1] if turned else upright)
    check_output(result)


@pytest.mark.parametrize("name", ORIENTED)
def test_each_orientation_sample_equals_its_upright_self_pixel_for_pixel(name: str) -> None:
    with (SHARED / name).open("rb") as file:
        facts = imaging.inspect(file)
        whole = facts.width, facts.height
        shown = decode(file, facts, whole, whole)
    with Image.open(SHARED / name) as source:
        upright = ImageOps.exif_transpose(source)
    assert ImageChops.difference(shown, upright).getbbox() is None


def test_orientation_samples_come_out_alike():
    upright = opened(rendered(SHARED / "real/orient_L1.jpg"), "320")
    portrait = opened(rendered(SHARED / "real/orient_P3.jpg"), "320")
    assert upright.size == (320, 213)
    assert portrait.size == (320, 480)
    assert difference(upright, upright.transpose(Image.Transpose.ROTATE_180)) > 20
    for number in range(2, 9):
        assert difference(upright, opened(rendered(SHARED / f"real/orient_L{number}.jpg"), "320")) < 2
    for number in (6, 8):
        assert difference(portrait, opened(rendered(SHARED / f"real/orient_P{number}.jpg"), "320")) < 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*REFUSED, *TAKEN[::30]], id="one of thirty"),
        pytest.param(MANIFEST, id="every", marks=pytest.mark.long),
    ],
)
def test_files_go_through_the_form_and_the_worker(
    alice: User, worker: Process, rows: list[dict[str, str]]
) -> None:
    client = signed_in(alice)
    expected: dict[str, str] = {}
    for row in rows:
        name, content = Path(row["file"]).name, (SHARED / row["file"]).read_bytes()
        words = {"title": "A file", "body": name, "photos": [upload(name, content)]}
        response = client.post(NEW, filled_in(client, **words))
        assert response.status_code in (303, 422), (name, response.status_code)
        if response.status_code == 422:
            assert row in REFUSED, name
            assert says(response, reason(row), name), name
        else:
            expected[name] = "failed" if row in REFUSED else "ready"
    wait_for_all(worker)
    notes = Note.objects.prefetch_related("photos")
    found = {note.body: photo.state for note in notes for photo in note.photos.all()}
    assert found == expected
    taken = {Path(row["file"]).name for row in TAKEN if row in rows}
    assert {name for name, state in found.items() if state == "ready"} == taken
    assert "Traceback" not in worker.log.read_text()


def says(response: Any, reason: Refusal, name: str) -> bool:
    """Whether the form names the file and the reason."""
    with translation.override("en"):
        return str(REFUSALS[reason]) % {"name": name} in response.content.decode()


def wait_for_all(worker: Process) -> None:
    deadline = time.monotonic() + 600
    while Photo.objects.filter(state=Photo.State.RECEIVED).exists():
        assert time.monotonic() < deadline, worker.log.read_text()
        time.sleep(0.5)
