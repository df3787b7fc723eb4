"""Join a page's stylesheets into one file: on a slow connection every file costs a round trip."""

from pathlib import Path

from django.conf import settings
from django.contrib import admin

# Each file and its parts of static/css, in the order of the cascade: the first of every page declares the layers.
FILES = {
    "site.bundle.css": (
        "tokens",
        "base",
        "layout",
        "empty",
        "search",
        "waterfall",
        "controls",
        "identity",
        "card",
        "overlay",
        "welcome",
    ),
    "django_base.bundle.css": ("layers", "django_base"),
    "admin.bundle.css": (
        "tokens",
        "base",
        "empty",
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
    return "".join(text_of(part) for part in FILES[file])


def text_of(part: str) -> str:
    """Return a part; that of Django's admin in a layer, so that it gives way to the site's own."""
    if part != "django_base":
        return (settings.BASE_DIR / "static" / "css" / f"{part}.css").read_text()
    folder = Path(admin.__file__).parent / "static" / "admin" / "css"
    text = (folder / "base.css").read_text().replace("url(../img/", "url(../admin/img/")
    return f"@layer django {{\n{text}}}\n"
