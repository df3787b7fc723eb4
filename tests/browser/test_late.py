"""Slow connections and busy phones: scripts load after the text, and visible photos are reported later."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from notes.models import Note
from profiles.models import User
from tests.browser.conftest import PHONE, Visit, Watch
from tests.browser.site import fill
from tests.builders import make_draft, make_note

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "Half an hour of words"
# While `busy`, observers hear of nothing; `calm` tells them of all those moments at once.
BUSY = """
window.busy = true;
const told = [];
window.calm = () => {
  busy = false;
  for (const [callback, entries] of told) callback(entries.splice(0));
};
window.IntersectionObserver = class extends IntersectionObserver {
  constructor(callback, options) {
    const entries = [];
    told.push([callback, entries]);
    super((more) => {
      entries.push(...more);
      if (!busy) callback(entries.splice(0));
    }, options);
  }
};
"""
HEARD = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"


def hold(page: Page, addresses: str) -> Callable[[], None]:
    """Keeps these from arriving until what it returns is called."""
    held: list[Route] = []
    page.route(addresses, lambda route: held.append(route))

    def release() -> None:
        for route in held:
            route.continue_()
        page.unroute(addresses)

    return release


def test_what_is_typed_before_the_scripts_came_is_kept(visit: Visit, watch: Watch, alice: User) -> None:
    draft = make_draft(alice, "As it was")
    page = visit(alice, PHONE)
    release = hold(page, "**/js/compose.*")
    page.goto(f"{draft.get_absolute_url()}edit/", wait_until="commit")
    page.get_by_label("Story").fill(TYPED)
    release()
    expect(page.locator("[data-kept]")).to_contain_text("Draft saved")
    assert Note.objects.get().body == TYPED


def test_the_photo_in_sight_is_marked_however_late_it_is_told(
    visit: Visit, watch: Watch, alice: User
) -> None:
    note = make_note(alice, "By the window", photos=4)
    page = visit(alice, PHONE)
    page.add_init_script(BUSY)
    with watch.expecting(404):  # the photos have no files
        page.goto(note.get_absolute_url())
        for number in (2, 3, 4):
            page.locator(".stage__track").press("ArrowRight")
            expect(page.locator(".slide").nth(number - 1)).to_be_in_viewport(ratio=0.9)
            page.evaluate(HEARD)
        page.evaluate("calm()")
    expect(page.locator(".thumbs [data-step]").nth(3)).to_have_attribute("aria-current", "true")


def test_explore_goes_on_however_late_its_end_is_told(visit: Visit) -> None:
    site = fill()
    page = visit(site.student, PHONE)
    page.add_init_script(BUSY)
    page.goto("/")
    cards = page.locator(".waterfall__grid > [id]")
    expect(cards).to_have_count(24)
    laid_out = "(element) => element.checkVisibility({ contentVisibilityAuto: true })"
    assert not cards.last.locator(".card__link").evaluate(laid_out), "far below"
    assert page.locator(".more a").evaluate(laid_out), "its distance is watched"
    page.evaluate(HEARD)
    cards.last.scroll_into_view_if_needed()
    page.evaluate(HEARD)
    page.evaluate("calm()")
    expect(page.locator(".waterfall__grid > [id]:nth-child(25)")).to_be_attached()
