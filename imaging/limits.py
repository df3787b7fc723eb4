"""The limits a photo must keep before anything of it is decoded, and its facts known by then."""

from dataclasses import dataclass
from enum import StrEnum, auto

from .origin import Origin

MAX_BYTES = 25 * 2**20  # the heaviest JPEG of a 48 MP phone is about 20 MiB
MAX_PIXELS = 30_000_000  # decoded whole: four bytes a pixel, several times over
MAX_PIXELS_BASELINE = 70_000_000  # a baseline JPEG is decoded row by row, at the scale that is needed
MAX_COEFFICIENTS = 160_000_000  # a JPEG in several scans: the decoder holds two bytes for each
MAX_PIXELS_HEIF = (
    60_000_000  # in 4:2:0, as phones and cameras write it: panoramas of 16,382 by 3,628 are the largest
)
MAX_PIXELS_HEIF_FINE = 34_000_000  # in 4:2:2, as some cameras write it: 33 megapixels and a row of tiles
MIN_SIDE = 64
MAX_SIDE = 20_000  # panoramas of phones have up to 16,382, screenshots of whole pages some more
MAX_RATIO = 20
MAX_SCANS = 64  # each is a pass over the whole picture; the most in 1,036 real and fixture files is 59
MAX_PARTS = 30_000  # segments or chunks: 25 MiB in chunks of 1 kB, which no known encoder cuts finer


class Refusal(StrEnum):
    """Why a file is rejected. The messages for people are in forms.py."""

    EMPTY = auto()
    UNSUPPORTED = auto()
    RARE_JPEG = auto()  # arithmetic, lossless, hierarchical or of 12 bits
    MALFORMED = auto()  # against the rules of its format, so that no browser shows it
    TOO_HEAVY = auto()  # bytes
    TOO_LARGE = auto()  # pixels
    TOO_SMALL = auto()  # a side under MIN_SIDE
    TOO_LONG = auto()  # a side over MAX_SIDE
    TOO_NARROW = auto()  # more than MAX_RATIO to 1
    TOO_MANY_SCANS = auto()
    TOO_HARD = auto()  # more memory or time than decoding is given
    DAMAGED = auto()
    LOST = auto()  # not the file's fault but ours: it has to come again


class Refused(Exception):
    """The file is not an acceptable photo; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Facts:
    """Width and height in pixels as the photo is shown: after turning by its orientation (1 to 8, as in EXIF)."""

    format: str  # "JPEG", "PNG", "WEBP", "GIF", "HEIF" or "AVIF"
    width: int
    height: int
    orientation: int = 1
    crop: tuple[int, int, int, int] | None = (
        None  # left, top, right and bottom of the visible part, before the turn
    )
    coded: tuple[int, int] | None = None  # width and height before that crop
    frame: tuple[int, int, int, int] | None = (
        None  # that the first frame of a GIF fills, where it does not fill all
    )
    is_animated: bool = False
    colour: tuple[int, int] = (2, 2)  # primaries and transfer, as ITU-T H.273 counts them; 2 is unspecified
    origin: Origin = Origin.UNSAID  # what the file says of artificial intelligence

    @property
    def stored(self) -> tuple[int, int]:
        """Width and height as stored in the file, before crop and turn."""
        return self.coded or (
            (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)
        )


def check_size(width: int, height: int, pixels: int, most: int = MAX_PIXELS) -> None:
    """Raise Refused if a photo of this size, with this many pixels to decode, is beyond a limit."""
    if min(width, height) < MIN_SIDE:
        raise Refused(Refusal.TOO_SMALL)
    if pixels > most:
        raise Refused(Refusal.TOO_LARGE)
    if max(width, height) > MAX_SIDE:
        raise Refused(Refusal.TOO_LONG)
    if max(width, height) > MAX_RATIO * min(width, height):
        raise Refused(Refusal.TOO_NARROW)
