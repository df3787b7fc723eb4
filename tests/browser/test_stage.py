"""A note's photos on its page: each shown whole at every width and orientation, whichever comes first."""

import io
from itertools import permutations
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Page

from imaging import sizes, snap
from notes.models import Note, Photo
from profiles.models import User
from tests.browser.conftest import Visit
from tests.builders import make_note, make_photo

pytestmark = pytest.mark.django_db(transaction=True)

SHAPES = {"landscape": (1500, 1000), "portrait": (900, 1200), "square": (1000, 1000)}
LONG = {"panorama": (3000, 600), "screenshot": (500, 2500)}
SIZES = [(320, 568), (390, 844), (844, 390), (768, 1024), (1024, 768), (1280, 800), (1680, 1050)]
ONE_COLUMN = 960  # px: narrower windows have the words below the photos
EDGE, PAPER = (0, 0, 255), (0, 160, 0)
ROUNDED = 6  # px: an edge that is a fraction of a pixel wide may not be seen as one
# Each box as left, top, right and bottom, the track's first; then whether each photo is fitted whole into its box.
BOXES = """() => {
    const box = (node) => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const track = document.querySelector(".stage__track");
    track.parentElement.scrollIntoView({ block: "nearest", behavior: "instant" });
    const bar = document.querySelector(".note__bar");
    const covered = getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight;
    return {
        track: box(track),
        covered,
        topbar: document.querySelector(".topbar").getBoundingClientRect().bottom,
        slides: [...document.querySelectorAll(".slide")].map(box),
        photos: [...document.querySelectorAll(".slide img")].map(box),
        fits: [...document.querySelectorAll(".slide img")].map((img) => getComputedStyle(img).objectFit),
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
}"""


def make_mixed(author: User, shapes: list[tuple[int, int]]) -> Note:
    """A note of photos of these shapes; each file is drawn with an edge, so that a cut shows."""
    note = make_note(author, "Of every shape")
    for position, (width, height) in enumerate(shapes):
        photo = make_photo(
            author,
            note=note,
            position=position,
            width=width,
            height=height,
            snap=snap(width, height),
            roles=list(sizes(width, height)),
        )
        drawn = Image.new("RGB", (max(1, width // 5 - 16), max(1, height // 5 - 16)), PAPER)
        for role in photo.roles:
            for extension, format in (("jpg", "JPEG"), ("avif", "AVIF")):
                file = io.BytesIO()
                ImageOps.expand(drawn, 8, EDGE).save(file, format)
                default_storage.save(photo.path(f"{role}.{extension}"), ContentFile(file.getvalue()))
        note.cover = note.cover or photo
    note.save()
    return note


def whats_wrong(page: Page, size: tuple[int, int]) -> list[Any]:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = page.evaluate(BOXES)
    left, top, right, bottom = found["track"]
    wrong: list[Any] = []
    if bottom > found["covered"] + 1 or top < found["topbar"] - 1:
        wrong.append({"not in the window": [top, bottom, found["covered"]]})
    most = found["covered"] - found["topbar"]
    least = min(most - 140, 1.2 * (right - left)) if size[0] < ONE_COLUMN else most - 140
    if bottom - top < least:
        wrong.append({"lower than the window allows": [bottom - top, least]})
    for number, (slide, photo) in enumerate(zip(found["slides"], found["photos"], strict=True)):
        across, down = slide[2] - slide[0], slide[3] - slide[1]
        if abs(across - (right - left)) > 1 or abs(down - (bottom - top)) > 1:
            wrong.append({f"slide {number}": slide})
        if any(abs(a - b) > 1 for a, b in zip(slide, photo, strict=True)):
            wrong.append({f"photo {number}": photo})
    if set(found["fits"]) != {"contain"} or found["over"]:
        wrong.append({"fit": found["fits"], "wider than the screen": found["over"]})
    return wrong


@pytest.mark.parametrize(
    ("has_scripts", "step"),
    [
        pytest.param(True, 3, id="scripts, some orders"),
        pytest.param(True, 1, id="scripts", marks=pytest.mark.long),
        pytest.param(False, 1, id="plain", marks=pytest.mark.long),
    ],
)
def test_each_photo_is_whole_at_every_width_and_turn(
    visit: Visit, alice: User, has_scripts: bool, step: int
) -> None:
    """In `make test` two orders of three shapes: each is first or last in one of them."""
    orders = [[SHAPES[name] for name in order] for order in permutations(SHAPES)][::step]
    orders += [
        [LONG["panorama"], LONG["screenshot"]],
        [LONG["screenshot"], LONG["panorama"]],
        [SHAPES["landscape"]],
    ]
    page, wrong = visit(alice, java_script_enabled=has_scripts), {}
    page.route("**/media/**", lambda route: route.fulfill(status=204))
    for shapes in orders:
        note = make_note(alice, photos=len(shapes))
        for photo, (width, height) in zip(note.photos.all(), shapes, strict=True):
            roles = list(sizes(width, height))
            Photo.objects.filter(pk=photo.pk).update(width=width, height=height, roles=roles)
        page.goto(note.get_absolute_url())
        for size in (*SIZES, SIZES[1]):  # and back as it was
            wrong[str(shapes), size] = whats_wrong(page, size)
    assert {case: found for case, found in wrong.items() if found} == {}


def test_all_edges_of_each_photo_are_painted(visit: Visit, alice: User) -> None:
    shapes = [*SHAPES.values(), *LONG.values()]
    note = make_mixed(alice, shapes)
    page = visit(alice)
    page.goto(note.get_absolute_url())
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for number, (across, down) in enumerate(shapes):
            slide = page.locator(".slide").nth(number)
            slide.evaluate(
                "(slide) => slide.scrollIntoView({ behavior: 'instant', inline: 'center', block: 'nearest' })"
            )
            slide.locator("img").evaluate("(img) => img.decode()")
            left, top, right, bottom = painted(slide.screenshot())
            expected = min((right - left) / across, (bottom - top) / down)
            assert abs((right - left) - across * expected) <= ROUNDED, (width, height, number)
            assert abs((bottom - top) - down * expected) <= ROUNDED, (width, height, number)


def painted(screenshot: bytes) -> tuple[int, int, int, int]:
    """Where the photo lies in the picture; its edge is all round."""
    shown = Image.open(io.BytesIO(screenshot)).convert("RGB")
    cropped = shown.crop((2, 2, shown.width - 2, shown.height - 2))  # without a fraction of the next photo
    red, green, blue = cropped.split()
    edge = ImageChops.subtract(blue, ImageChops.lighter(red, green)).point(lambda value: 255 * (value > 90))
    inside = ImageChops.subtract(green, ImageChops.lighter(red, blue)).point(lambda value: 255 * (value > 70))
    outer, inner = edge.getbbox(), inside.getbbox()
    assert outer
    assert inner
    assert outer[0] < inner[0] < inner[2] < outer[2]
    assert outer[1] < inner[1] < inner[3] < outer[3]
    return outer
