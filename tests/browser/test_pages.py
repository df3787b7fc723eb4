"""Every page, on a phone and a laptop, light and dark, in English and Chinese: no layout errors or shifts, and
accessible.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, ViewportSize

from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import EVERY_LAYOUT, SOME_LAYOUTS, inaccessible, out_of_shape
from tests.browser.site import Site, fill

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH, CHINESE = {"locale": "en-US"}, {"locale": "zh-CN"}
# Each page is seen in two of these, which differ in everything, and from a phone in every layout.
DARK, LIGHT = {"color_scheme": "dark", **CHINESE}, {"color_scheme": "light", **ENGLISH}
COMBINATIONS: dict[str, tuple[ViewportSize, dict[str, Any], int, list[Any]]] = {
    "phone-dark-zh": (PHONE, DARK, 0, SOME_LAYOUTS),
    "phone-dark-zh-all": (PHONE, DARK, 0, EVERY_LAYOUT),
    "phone-light-en": (PHONE, LIGHT, 1, EVERY_LAYOUT),
    "laptop-light-en": (LAPTOP, LIGHT, 1, []),
    "laptop-dark-zh": (LAPTOP, DARK, 0, []),
}
QUICK = {"phone-dark-zh", "laptop-light-en"}  # between them every page, size, theme and language
REFUSED = ["/notes/new/", "/settings/label/", "/settings/profile/", "/accounts/password/change/"]

WATCH_LAYOUT = """
window.shifts = [];
window.keep = (entries) => shifts.push(...entries.filter((shift) => !shift.hadRecentInput));
window.layout = new PerformanceObserver((list) => keep(list.getEntries()));
layout.observe({ type: "layout-shift", buffered: true });
"""
SHIFTS = """() => {
  keep(layout.takeRecords());
  const seen = shifts.filter(({ value }) => value > 1e-5); // less is a part of a pixel
  return seen.map(({ value, sources }) => [value, sources[0]?.node?.outerHTML?.slice(0, 200)]);
}"""
LATE = re.compile(r"/media/|/static/js/")
PARSED = """() => new Promise((done) => {
  if (document.readyState !== "loading") done();
  document.addEventListener("readystatechange", done, { once: true });
})"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""
EMPTY_FORMS = """() => {
  for (const form of document.forms) form.noValidate = true;
  for (const field of document.querySelectorAll("main [type=text], main textarea")) field.value = "";
}"""


@pytest.fixture
def site(db: None) -> Site:
    return fill()


@pytest.mark.parametrize(
    "combination",
    [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name in COMBINATIONS],
)
def test_every_page(visit: Visit, watch: Watch, site: Site, combination: str) -> None:
    size, options, turn, layouts = COMBINATIONS[combination]
    visitor, author = visit(None, size, **options), visit(site.author, size, **options)
    for page in (visitor, author):
        page.add_init_script(WATCH_LAYOUT)
    seen = [(visitor, path) for path in site.public_pages] + [(author, path) for path in site.authors_pages]
    wrong = {}
    with watch.expecting(404, 422):
        for page, path in seen[turn::2]:
            wrong[path] = whats_wrong(page, partial(open_slowly, page, path), layouts)
        for path in REFUSED[turn::2]:
            wrong[f"{path} refused"] = whats_wrong(author, partial(refuse, author, path), layouts)
    assert {path: found for path, found in wrong.items() if found} == {}


def open_slowly(page: Page, path: str) -> None:
    """Opens the page with its scripts and photos on their way: they come once it has been drawn without them."""
    held: list[Route] = []
    page.route(LATE, lambda route: held.append(route))
    answer = page.goto(path, wait_until="commit")
    assert answer
    assert answer.status == (404 if path == "/notes/404404/" else 200), path
    page.evaluate(PARSED)
    page.evaluate(TWO_FRAMES)
    for route in held:
        route.continue_()
    page.unroute(LATE)
    page.wait_for_load_state("load")
    page.evaluate(TWO_FRAMES)


def refuse(page: Page, path: str) -> None:
    """Sends the page's form without a word in it, past what the browser asks for by itself."""
    page.goto(path)
    page.evaluate(EMPTY_FORMS)
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.locator("main form .btn--primary").first.click()
    assert answer.value.status == 422, path
    page.wait_for_load_state("load")


def whats_wrong(page: Page, show: Callable[[], None], layouts: list[Any]) -> list[Any]:
    """What is wrong with the page that `show` opens. On a busy machine a page may be painted while its end is on its
    way: one that shifts is shown once more, and is wrong if it shifts again.
    """
    found: list[Any] = []
    show()
    if page.evaluate(SHIFTS):
        show()
        if shifts := page.evaluate(SHIFTS):
            found.append({"layout shifts": shifts})
    if (headings := page.locator("h1").count()) != 1:
        found.append({"h1": headings})
    if repeated := page.evaluate(REPEATED_IDS):
        found.append({"repeated ids": repeated})
    return found + inaccessible(page) + out_of_shape(page, layouts)
