"""Pure image work: a file in, renditions and facts out. No models, no settings, no words.

`inspect` reads headers and is safe in the web process; `render` and `render_square` decode, and belong in a
background job. What they refuse they refuse with a reason (`Refused.reason`).
"""

from .headers import inspect
from .limits import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_PIXELS_BASELINE,
    MAX_PIXELS_BUFFERED,
    MAX_PIXELS_HEIF,
    MAX_RATIO,
    MAX_SCANS,
    MAX_SIDE,
    MIN_SIDE,
    Facts,
    Refusal,
    Refused,
)
from .renditions import (
    COVERS,
    MASTER_PIXELS,
    MASTER_SIDE,
    SQUARES,
    WIDTHS,
    Rendered,
    Rendition,
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
    "MAX_PIXELS",
    "MAX_PIXELS_BASELINE",
    "MAX_PIXELS_BUFFERED",
    "MAX_PIXELS_HEIF",
    "MAX_RATIO",
    "MAX_SCANS",
    "MAX_SIDE",
    "MIN_SIDE",
    "SQUARES",
    "WIDTHS",
    "Facts",
    "Refusal",
    "Refused",
    "Rendered",
    "Rendition",
    "inspect",
    "render",
    "render_again",
    "render_square",
    "sizes",
    "snap",
]
