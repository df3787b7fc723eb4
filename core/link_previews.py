"""Metadata of a page for search engines and link previews: title, description and image."""

from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.translation import gettext

WIDTH, HEIGHT = (
    1200,
    630,
)  # pixels of the pictures that are drawn here: every kind of preview shows them whole
LARGE = 600  # pixels from which X shows a picture as wide as the post


@dataclass(frozen=True)
class Picture:
    """A JPEG served by this site. `alt` describes it."""

    address: str
    width: int
    height: int
    alt: str

    @property
    def card(self) -> str:
        """The type of X card that suits the picture's shape."""
        return "summary_large_image" if self.width >= LARGE else "summary"


@dataclass(frozen=True)
class Preview:
    """What a link shows elsewhere: `address` is the page's canonical path, `kind` a type of the Open Graph protocol."""

    title: str
    description: str
    address: str
    picture: Picture
    kind: str = "website"


def plain(title: str, description: str, address: str) -> Preview:
    """Return the preview of a page without a picture."""
    return Preview(title, description, address, site_picture())


def site_picture() -> Picture:
    """Return the logo."""
    return Picture(static("preview.jpg"), WIDTH, HEIGHT, "Red Book")


def site_preview() -> Preview:
    """Return the preview of the front page."""
    says = gettext("Campus notes in photos. Say how you want to be seen, post what fits, learn who answers.")
    return plain("Red Book", says, "/")
