"""Join a page's stylesheets into one file: on a slow connection every file costs a round trip."""

from django.conf import settings

# Each file and its parts of static/css, in the order of the cascade: the first of every page declares the layers.
FILES = {
    "site.bundle.css": (
        "tokens",
        "base",
        "layout",
        "search",
        "waterfall",
        "controls",
        "identity",
        "card",
        "overlay",
        "welcome",
    ),
    "admin.bundle.css": (
        "tokens",
        "base",
        "controls",
        "fields",
        "admin_frame",
        "admin_forms",
        "admin_lists",
    ),
    "note.bundle.css": ("fields", "stage", "lightbox", "note", "around", "comments"),
}


def joined(file: str) -> str:
    """Join the parts of one of FILES."""
    sources = (settings.BASE_DIR / "static" / "css" / f"{part}.css" for part in FILES[file])
    return "".join(source.read_text() for source in sources)
