"""Write static/icons.svg: the icons that pages use, as symbols of one file."""

import re

from django.conf import settings
from django.core.management.base import BaseCommand

# Our name: lucide's name.
FROM_LUCIDE = {
    "at": "at-sign",
    "bell": "bell",
    "bin": "trash-2",
    "block": "ban",
    "camera": "camera",
    "cap": "graduation-cap",
    "chat": "message-circle",
    "check": "check",
    "clock": "clock",
    "close": "x",
    "compass": "compass",
    "crop": "crop",
    "down": "chevron-down",
    "edit": "pencil",
    "eye": "eye",
    "filters": "sliders-horizontal",
    "flag": "flag",
    "gear": "settings-2",
    "gift": "gift",
    "globe": "globe",
    "hash": "hash",
    "heart": "heart",
    "image": "image",
    "info": "info",
    "key": "key-round",
    "left": "chevron-left",
    "layers": "layers",
    "less": "thumbs-down",
    "link": "link",
    "lock": "lock",
    "moon": "moon",
    "more": "ellipsis",
    "mute": "volume-x",
    "out": "log-out",
    "pin": "map-pin",
    "plus": "plus",
    "right": "chevron-right",
    "screen": "monitor",
    "search": "search",
    "share": "share",
    "sun": "sun",
    "turn-left": "rotate-ccw",
    "turn-right": "rotate-cw",
    "up": "chevron-up",
    "user": "user-round",
    "users": "users-round",
    "warn": "circle-alert",
}

# What lucide does not have: viewBox and drawing. The ribbon is the product's sign; save is its outline.
OURS = {
    "logo": (
        "0 0 28 28",
        '<rect x="3" y="2" width="22" height="24" rx="6" fill="#d3203d" stroke="none"/>'
        '<path d="M14.5 2h6v12.5l-3-2.3-3 2.3z" fill="#fff" stroke="none"/>',
    ),
    "mirror": ("0 0 24 24", '<path d="M12 3v18M9 7 3.5 17.5H9zM15 7l5.5 10.5H15z"/>'),
    "ribbon": ("0 0 12 17", '<path d="M0 0h12v17l-6-4.2L0 17z" stroke="none"/>'),
    "save": ("0 0 24 24", '<path d="M6.5 3.5h11a.5.5 0 0 1 .5.5v16.5l-6-4.2-6 4.2V4a.5.5 0 0 1 .5-.5z"/>'),
    "tack": (
        "0 0 24 24",
        '<path d="M9 3h6l-.8 6 3.3 3.5v2h-4.7V21h-1.6v-6.5H6.5v-2L9.8 9z"'
        ' fill="currentColor" stroke="none"/>',
    ),
}


def sprite() -> str:
    from lucide.templatetags.lucide import lucide

    symbols = {name: ("0 0 24 24", _inside(lucide(theirs))) for name, theirs in FROM_LUCIDE.items()} | OURS
    lines = [
        f'<symbol id="{name}" viewBox="{box}">{drawing}</symbol>'
        for name, (box, drawing) in sorted(symbols.items())
    ]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            "<!-- Written by manage.py icons. Most drawings are Lucide's: https://lucide.dev/license (ISC). -->",
            *lines,
            "</svg>",
            "",
        ]
    )


def _inside(svg: str) -> str:
    drawing = re.sub(r"\s*<svg[^>]*>|</svg>\s*", "", svg)
    return re.sub(r">\s+<", "><", re.sub(r"\s*/>", "/>", drawing)).strip()


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        (settings.BASE_DIR / "static" / "icons.svg").write_text(sprite())
