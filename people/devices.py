"""Name the browser and operating system of a user agent: a few common ones, checked in order."""

from django.utils.translation import gettext as _

# Each browser before those whose name it bears as well: nearly all say Safari, many Chrome.
_BROWSERS = {
    "MicroMessenger/": "WeChat",
    "MQQBrowser/": "QQ Browser",
    "QQBrowser/": "QQ Browser",
    "UCBrowser/": "UC Browser",
    "MiuiBrowser/": "Mi Browser",
    "HuaweiBrowser/": "Huawei Browser",
    "SamsungBrowser/": "Samsung Internet",
    "EdgA/": "Edge",
    "EdgiOS/": "Edge",
    "Edg/": "Edge",
    "OPR/": "Opera",
    "OPiOS/": "Opera",
    "FxiOS/": "Firefox",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_name(user_agent: str) -> str:
    """Return a name such as "Chrome on Windows"; shorter if the user agent does not tell."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    if system:
        return _("A browser on %(system)s") % {"system": system}
    return browser or _("Unknown browser")
