"""Drawings of our own: what the demo's printmakers, knitters and stargazers post, and what a load shows as photos.

The same name, colors and shape always give the same picture, but for the grain of the paper.
"""

from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from dev.demo.prints import patterns, views

Drawing = Callable[[ImageDraw.ImageDraw, int, int, list[str], Random], None]

# Drawn this many times larger and reduced, for smooth edges.
OVERSAMPLING = 2

PALETTES = {
    "dusk": ["#f6c9a4", "#e8552f", "#d98c73", "#8f5a6e", "#3f3a5f", "#251f3d"],
    "noon": ["#dfeedd", "#f2c230", "#a9cf9e", "#6aa77a", "#2f7d63", "#1d4a44"],
    "night": ["#24345f", "#f3ead2", "#2f4a7d", "#21386a", "#162750", "#0b1430"],
    "rose": ["#fbe6df", "#d33a5c", "#f0b3b0", "#d77f8c", "#9c4a66", "#5a2747"],
    "sea": ["#f2ead8", "#d8402f", "#cfe3ea", "#6fa9c9", "#2b6ca3", "#173f6b"],
    "bright": ["#fbf6ea", "#e4472f", "#f2b632", "#2f62b5", "#1f8a5c", "#ef8fa8"],
    "cool": ["#f3f5ec", "#1f6f8b", "#8fc9b9", "#2b4c8c", "#4f9d69", "#cde3e8"],
    "lines": ["#f7f4ec", "#d8383a", "#f0a92e", "#2f6fbf", "#26936b", "#8a4fa3"],
    "forest": ["#eef0dc", "#d8402f", "#cfdcae", "#a3bf86", "#6c9a63", "#3c6b4a"],
    "kit": ["#f6efe4", "#c4202f", "#8f1220", "#23304f", "#e8d9c2", "#f6efe4"],
    "coffee": ["#f4ead9", "#4a2c1d", "#7b4a2d", "#a8703f", "#caa06f", "#2b1912"],
}

DRAWINGS: dict[str, Drawing] = {
    "bus_lines": patterns.bus_lines,
    "coffee_dots": patterns.coffee_dots,
    "contours": patterns.contours,
    "cutouts": patterns.cutouts,
    "hills": views.hills,
    "knit": patterns.knit,
    "moons": views.moons,
    "star_trails": views.star_trails,
    "waves": views.waves,
}


def picture(name: str, palette: str, width: int, height: int) -> Image.Image:
    """Return the drawing of this name in these colors. Raise KeyError for a name or palette there is none of."""
    size = (width * OVERSAMPLING, height * OVERSAMPLING)
    colors = PALETTES[palette]
    canvas = Image.new("RGB", size, colors[0])
    DRAWINGS[name](ImageDraw.Draw(canvas), *size, colors, Random(f"{name} {palette}"))  # noqa: S311
    return _on_paper(canvas.resize((width, height), Image.Resampling.LANCZOS))


def _on_paper(image: Image.Image) -> Image.Image:
    """Return the grain of ink on paper."""
    grain = Image.effect_noise((image.width // 2, image.height // 2), 26).resize(image.size)
    grain = grain.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB")
    return Image.blend(image, Image.blend(image, grain, 0.35), 0.18)
