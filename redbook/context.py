"""Context variables of every page."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.http import site_of, way_back
from moderation.counting import open_cases
from profiles.models import User

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context variables of every page.

    `theme`: "light", "dark" or "" to follow the device. `here`: the key of the current item of the navigation.
    `origin`: the site's address, as "https://redbook.example". `way_back`: the page to come back to from here.
    `keys_off`: whether keyboard shortcuts are switched off. `open_cases`: how many wait for moderators, "" for none.
    """
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "theme": theme if theme in THEMES else "",
        "here": _here(request),
        "keys_off": request.COOKIES.get(settings.KEYS_COOKIE_NAME) == "off",
        "origin": SimpleLazyObject(lambda: site_of(request)),
        "open_cases": SimpleLazyObject(lambda: open_cases(cast(User, request.user))),
        "way_back": SimpleLazyObject(lambda: way_back(request)),
    }


def _here(request: HttpRequest) -> str:
    path = request.path
    if path in _PLACES:
        return _PLACES[path]
    if path.startswith(("/settings/", "/accounts/")):
        return "settings"
    if path.startswith("/notifications/"):
        return "notifications"
    if path.startswith("/collections/"):
        return "saved"
    if path.startswith("/insights/"):
        return "mirror"
    viewer = getattr(request, "user", None)  # a request refused early has none
    if path.startswith("/@") and viewer and path.split("/")[1] == f"@{getattr(viewer, 'handle', '')}":
        return "saved" if "/collections/" in path else "me"
    return ""


_PLACES = {
    "/": "explore",
    "/following/": "following",
    "/search/": "search",
    "/notes/new/": "post",
    "/accounts/login/": "sign-in",
}
