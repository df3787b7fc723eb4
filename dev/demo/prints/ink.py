"""What every drawing is drawn with."""

from PIL import ImageColor

Point = tuple[float, float]


def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Return the square around a circle."""
    return x - radius, y - radius, x + radius, y + radius


def mix(one: str, other: str, share: float) -> tuple[int, ...]:
    """Return a color between two, `share` of the way to the other."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)
