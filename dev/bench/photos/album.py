"""The photos that are measured: real ones side by side at the sizes of cameras, and pictures at each limit."""

import io
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps

import imaging

# Name, width and height in pixels, how it is saved. The first is the one that the build must hold.
CAMERAS: tuple[tuple[str, tuple[int, int], dict[str, object]], ...] = (
    ("12 MP baseline", (4032, 3024), {}),
    ("12 MP baseline, upright", (3024, 4032), {}),
    ("12 MP progressive", (4032, 3024), {"progressive": True}),
    ("24 MP baseline", (6000, 4000), {}),
    ("48 MP baseline", (8064, 6048), {}),
)
GUARDED = CAMERAS[0][0]
_PHOTOGRAPHS = 16, 24  # of those in the package, from and to: rooms, faces, plants


def camera_files() -> dict[str, bytes]:
    """Return JPEG files of the sizes that phones and cameras make, composed of real photographs."""
    return {name: photograph(size, **options) for name, size, options in CAMERAS}


def photograph(size: tuple[int, int], **options: object) -> bytes:
    return _saved(_mosaic(size), "JPEG", quality=90, subsampling="4:2:0", **options)


def own_files(folder: Path | None) -> dict[str, bytes]:
    """Return every JPEG in a folder that can be taken: not every libvips reads HEIC."""
    found = {}
    for path in sorted(folder.iterdir()) if folder else []:
        with path.open("rb") as file, suppress(imaging.Refused):
            if imaging.inspect(file).format == "JPEG":
                found[path.name] = path.read_bytes()
    return found


def samples() -> dict[str, bytes]:
    """Return the photographs of the demo community, as they are."""
    return {path.name: path.read_bytes() for path in _photographs()}


def limit_files() -> dict[str, Callable[[], bytes]]:
    """Return how to make a picture at each limit: as large as is taken, in the costliest kind of its format."""
    heif = {"quality": 30, "chroma": 420, "enc_params": {"preset": "ultrafast"}, "tile_size": 512}
    return {
        "70 Mpx JPEG, baseline": lambda: _saved(_ramp(10_000, 7_000), "JPEG"),
        "70 Mpx JPEG, baseline, long": lambda: _saved(_ramp(3_500, 20_000), "JPEG"),
        "70 Mpx JPEG, progressive": lambda: _saved(_ramp(10_000, 7_000), "JPEG", progressive=True),
        "53 Mpx JPEG, progressive, 4:4:4": lambda: _saved(
            _ramp(8_192, 6_500), "JPEG", progressive=True, subsampling="4:4:4"
        ),
        "40 Mpx JPEG, progressive, CMYK": lambda: _saved(
            _ramp(8_000, 5_000).convert("CMYK"), "JPEG", progressive=True
        ),
        "30 Mpx PNG, RGBA": lambda: _saved(_ramp(6_000, 5_000).convert("RGBA"), "PNG", compress_level=1),
        "30 Mpx PNG, palette": lambda: _saved(
            _ramp(6_000, 5_000).quantize(64), "PNG", compress_level=1, transparency=b"\0"
        ),
        "30 Mpx WebP, alpha": lambda: _saved(_ramp(6_000, 5_000, alpha=True), "WEBP", method=0, quality=40),
        "30 Mpx GIF": lambda: _saved(_ramp(6_000, 5_000).quantize(64), "GIF", transparency=0),
        "30 Mpx AVIF": lambda: _saved(_ramp(6_000, 5_000), "AVIF", speed=10, quality=40),
        "15 Mpx AVIF, alpha": lambda: _saved(_ramp(5_000, 3_000, alpha=True), "AVIF", speed=10, quality=40),
        "60 Mpx HEIF": lambda: _heif(_ramp(9_728, 6_144), **heif),
        "30 Mpx HEIF, alpha": lambda: _heif(_ramp(6_144, 4_864, alpha=True), **heif),
        "34 Mpx HEIF, 10 bits, 4:2:2": lambda: _deep_heif(7_168, 4_736, **heif | {"chroma": 422}),
        "30 Mpx HEIF, 10 bits, 4:4:4": lambda: _deep_heif(5_632, 5_120, **heif | {"chroma": 444}),
        "60 Mpx HEIF, 10 bits": lambda: _deep_heif(9_728, 6_144, **heif),
    }


@cache
def _photographs() -> list[Path]:
    folder = files("interior_photos") / "images"
    return sorted(Path(str(path)) for path in folder.iterdir() if path.name.endswith(".jpg"))


def _mosaic(size: tuple[int, int]) -> Image.Image:
    """Return a mosaic of real photographs at about their own size, which keeps the detail of a camera."""
    mosaic = Image.new("RGB", size)
    tile = 1280, 1280
    places = [(x, y) for y in range(0, size[1], tile[1]) for x in range(0, size[0], tile[0])]
    chosen = _photographs()[slice(*_PHOTOGRAPHS)]
    for number, place in enumerate(places):
        with Image.open(chosen[number % len(chosen)]) as photograph:
            mosaic.paste(ImageOps.fit(photograph, tile, Image.Resampling.LANCZOS), place)
    return mosaic


def _ramp(width: int, height: int, *, alpha: bool = False) -> Image.Image:
    """Return a gradient, which is quick to encode: a decoder's memory does not depend on the content."""
    ramp = Image.linear_gradient("L")
    bands = [ramp.rotate(90 * turn).resize((width, height), Image.Resampling.NEAREST) for turn in range(3)]
    merged = Image.merge("RGB", bands)
    if alpha:
        merged.putalpha(128)
    return merged


def _saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _heif(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, **options)
    return file.getvalue()


def _deep_heif(width: int, height: int, **options: object) -> bytes:
    file = io.BytesIO()
    pillow_heif.encode("RGB;16", (width, height), bytes(6 * width * height), file, **options)
    return file.getvalue()
