"""Real files in every format that Chromium knows: it shows the same pixels as our renditions."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

import imaging
from imaging.pixels import decode
from tests.imaging.photo_files import MANIFEST, SHARED, difference, real

HERE = "http://photos.test/"
TYPES = {".jpg": "jpeg", ".png": "png", ".webp": "webp", ".gif": "gif", ".avif": "avif"}
NAMES = [
    row["file"]
    for row in MANIFEST
    if row["expected"].startswith(("accept", "no GPS", "output")) and Path(row["file"]).suffix in TYPES
]
# Of these `make test` takes one in four, and the first of each format.
QUICK = {*NAMES[::4], *({Path(name).suffix: name for name in reversed(NAMES)}.values())}
SIDE = 600
# The corner of the upright photo on white, and its size, as a canvas in sRGB has it.
DRAW = """async ([address, side]) => {
    const photo = new Image();
    photo.src = address;
    await photo.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(side, photo.naturalWidth);
    canvas.height = Math.min(side, photo.naturalHeight);
    const context = canvas.getContext("2d", {colorSpace: "srgb"});
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.drawImage(photo, 0, 0);
    return [photo.naturalWidth, photo.naturalHeight, canvas.toDataURL("image/png").split(",")[1]];
}"""
# Chromium takes CMYK for RGB by a formula of its own; ours is the plain one where there is no profile.
FORMULA = {"cmyk_o6_noicc.jpg": 8, "ycck_pillow.jpg": 8}

pytestmark = [real, pytest.mark.filterwarnings("ignore::UserWarning")]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name in NAMES]
)
def test_chromium_shows_the_same_pixels(name: str, page: Page) -> None:
    path = SHARED / name
    page.route(f"{HERE}*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.route(
        f"{HERE}photo",
        lambda route: route.fulfill(path=path, content_type=f"image/{TYPES[path.suffix]}"),
    )
    page.goto(HERE)
    width, height, drawn = page.evaluate(DRAW, [f"{HERE}photo", SIDE])
    theirs = Image.open(io.BytesIO(base64.b64decode(drawn))).convert("RGB")
    with path.open("rb") as file:
        facts = imaging.inspect(file)
        ours = decode(file, facts, (facts.width, facts.height), (facts.width, facts.height))
    assert (facts.width, facts.height) == (width, height)
    assert difference(ours.crop((0, 0, *theirs.size)), theirs) < FORMULA.get(path.name, 1.5)
