"""Sessions are named after the browser and the device."""

import pytest

from people.devices import device_name

MOZILLA = "Mozilla/5.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
AGENTS = {
    f"{MOZILLA} (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36": "Chrome on Windows",
    f"{MOZILLA} (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 Edg/141.0.0.0": "Edge on Windows",
    f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0": "Firefox on Windows",
    f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/26.0 Safari/605.1.15": "Safari on Mac",
    f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {SAFARI} Version/26.0 Mobile/15E148 Safari/604.1": (
        "Safari on iPhone"
    ),
    f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {SAFARI} CriOS/141.0 Mobile/15E148 Safari/604.1": (
        "Chrome on iPhone"
    ),
    f"{MOZILLA} (iPad; CPU OS 18_6 like Mac OS X) {SAFARI} FxiOS/144.0 Mobile/15E148 Safari/605.1": (
        "Firefox on iPad"
    ),
    f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {SAFARI} Mobile/15E148 MicroMessenger/8.0.63": (
        "WeChat on iPhone"
    ),
    f"{MOZILLA} (Linux; Android 10; K) {BLINK} Mobile Safari/537.36": "Chrome on Android",
    f"{MOZILLA} (Linux; Android 10; K) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36": (
        "Samsung Internet on Android"
    ),
    f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {BLINK} Safari/537.36": "Chrome on ChromeOS",
    f"{MOZILLA} (X11; Linux x86_64) {BLINK} Safari/537.36 OPR/120.0": "Opera on Linux",
    f"{MOZILLA} (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1": (
        "Chrome on HarmonyOS"
    ),
    "Something on Windows": "A browser on Windows",
    "Firefox/144.0": "Firefox",
    "curl/8.5.0": "Unknown browser",
    "": "Unknown browser",
}


@pytest.mark.parametrize(("agent", "name"), AGENTS.items())
def test_a_browser_has_the_name_that_people_know(agent: str, name: str) -> None:
    assert device_name(agent) == name
