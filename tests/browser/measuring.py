"""Find errors of a page as a browser lays it out: too wide, text that is broken, cut off or covered, and what breaks a
rule of accessibility.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

SIZES: list[ViewportSize] = [
    {"width": width, "height": height}
    for width, height in ((320, 700), (390, 844), (768, 1024), (844, 390), (1280, 800), (1680, 1050))
]
SHARES = ("100%", "200%")  # of the size of text
EVERY_LAYOUT = [(share, size) for share in SHARES for size in SIZES]
# The narrowest and the widest, both sizes of text, and where words are looked at.
SOME_LAYOUTS = [
    ("100%", SIZES[0]),
    *(("200%", size) for size in (SIZES[0], SIZES[1], SIZES[5])),
]
LOOKED_AT = {("100%", 320), ("100%", 390), ("200%", 390)}  # for words
ENLARGE = "(share) => { document.documentElement.style.fontSize = share }"
WIDER = """() => {
    const width = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - width;
    if (over <= 0) return [];
    const isBeyond = (node) => node.getBoundingClientRect().right > width + 1;
    const beyond = [...document.querySelectorAll("body *")].filter(isBeyond);
    return [`${over} px too wide`, ...beyond.slice(0, 3).map((node) => node.outerHTML.slice(0, 160))];
}"""
# Short words that are broken in two, names of which nothing is left, and cards that stand over the next.
OUT_OF_SHAPE = """() => {
    const style = (node) => getComputedStyle(node), found = [];
    const frame = document.querySelector("body > .app") ?? document.body;
    const walker = document.createTreeWalker(frame, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const words = text.data.trim(), parent = text.parentElement;
        if (!words || parent.closest("main table, textarea, .vh, dialog") || !parent.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.top)));
        if (/^[\\p{Script=Latin}\\p{N}.]{1,9}$/u.test(words) && lines.size > 1) found.push(`broken: ${words}`);
    }
    for (const name of document.querySelectorAll(".person__name, .card__by bdi")) {
        const isCut = name.checkVisibility() && name.scrollWidth > name.clientWidth + 1;
        if (isCut && name.clientWidth < 1.5 * parseFloat(style(name).fontSize))
            found.push(`nothing left of ${name.textContent}`);
    }
    for (const card of document.querySelectorAll(".waterfall__grid > [id]")) {
        const inside = card.firstElementChild.getBoundingClientRect(), room = card.getBoundingClientRect();
        if (inside.bottom > room.bottom + 2) found.push(`over the next: ${card.id}`);
    }
    return found;
}"""


# Of the rules that hold, one element each is enough, and no element needs a selector: they take half of the time.
ACCESSIBILITY = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"], selectors: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}"""


def inaccessible(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(ACCESSIBILITY)
    return found


def out_of_shape(page: Page, layouts: list[tuple[str, ViewportSize]] = EVERY_LAYOUT) -> list[Any]:
    """At each width and size of text; words are looked at on phones alone. The page is as it was after."""
    found: list[Any] = []
    before = page.viewport_size
    shown = ""
    for share, size in layouts:
        if share != shown:
            page.evaluate(ENLARGE, share)
            shown = share
        page.set_viewport_size(size)
        wrong = page.evaluate(WIDER)
        wrong += page.evaluate(OUT_OF_SHAPE) if (share, size["width"]) in LOOKED_AT else []
        if wrong:
            found.append({f"{size['width']} at {share}": wrong[:4]})
    page.evaluate(ENLARGE, "")
    if before:
        page.set_viewport_size(before)
    return found
