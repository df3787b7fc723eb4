"""Pure image work: a file in, renditions and facts out. No models, no settings, no words.

`inspect` reads headers and is safe in the web process; `render`, `render_crop` and `render_square` decode, and belong
in a background job. What they refuse they refuse with a reason (`Refused.reason`).
"""

from .blurring import blurred
from .crops import WHOLE, WHOLE_WIDTH, CropArea, CroppedPhoto, fitted, full_area, render_crop, room, turned
from .fingerprint import SAYS_NOTHING, VERSION, cut_fingerprints, fingerprint_of
from .headers import inspect
from .limits import (
    MAX_BYTES,
    MAX_COEFFICIENTS,
    MAX_PIXELS,
    MAX_PIXELS_BASELINE,
    MAX_PIXELS_HEIF,
    MAX_RATIO,
    MAX_SCANS,
    MAX_SIDE,
    MIN_SIDE,
    Facts,
    Refusal,
    Refused,
)
from .origin import Origin
from .renditions import (
    COVERS,
    MASTER_PIXELS,
    MASTER_SIDE,
    SQUARES,
    WIDTHS,
    Rendered,
    Rendition,
    Square,
    render,
    render_again,
    render_square,
    sizes,
    snap,
)

__all__ = [
    "COVERS",
    "MASTER_PIXELS",
    "MASTER_SIDE",
    "MAX_BYTES",
    "MAX_COEFFICIENTS",
    "MAX_PIXELS",
    "MAX_PIXELS_BASELINE",
    "MAX_PIXELS_HEIF",
    "MAX_RATIO",
    "MAX_SCANS",
    "MAX_SIDE",
    "MIN_SIDE",
    "SAYS_NOTHING",
    "SQUARES",
    "VERSION",
    "WHOLE",
    "WHOLE_WIDTH",
    "WIDTHS",
    "CropArea",
    "CroppedPhoto",
    "Facts",
    "Origin",
    "Refusal",
    "Refused",
    "Rendered",
    "Rendition",
    "Square",
    "blurred",
    "cut_fingerprints",
    "fingerprint_of",
    "fitted",
    "full_area",
    "inspect",
    "render",
    "render_again",
    "render_crop",
    "render_square",
    "room",
    "sizes",
    "snap",
    "turned",
]
