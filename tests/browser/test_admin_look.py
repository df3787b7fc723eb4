"""The moderators' lists and forms look like the site: its colours in both themes, phones, Chinese, accessible."""

from typing import Any

import pytest

from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import SIZES, inaccessible, out_of_shape
from tests.browser.test_pages import CHINESE, ENGLISH, REPEATED_IDS
from tests.builders import make_campus, make_comment, make_label, make_note, make_photo

pytestmark = pytest.mark.django_db(transaction=True)

COLOURS = """() => {
    const found = new Set();
    for (const node of document.querySelectorAll("body, body *")) {
        const { color, backgroundColor, borderTopColor, outlineColor } = getComputedStyle(node);
        for (const each of [color, backgroundColor, borderTopColor]) found.add(each);
    }
    return [...found];
}"""
# Django's own: what it gives headers, links, buttons, messages and chosen rows, in both themes.
DJANGOS = {
    *(
        "rgb(121, 174, 200)",
        "rgb(65, 118, 144)",
        "rgb(245, 221, 93)",
        "rgb(255, 255, 204)",
        "rgb(38, 75, 93)",
    ),
    *("rgb(65, 120, 147)", "rgb(32, 80, 103)", "rgb(129, 212, 250)", "rgb(204, 239, 255)", "rgb(0, 54, 58)"),
    *("rgb(221, 255, 221)", "rgb(196, 220, 232)"),
}
WIDTHS = [("100%", SIZES[0]), ("100%", SIZES[1]), ("100%", SIZES[2]), ("200%", SIZES[1])]


@pytest.fixture
def paths(alice: User, bob: User) -> list[str]:
    label = make_label(alice, "Matcha person").label
    note = make_note(alice, "Three cafés", campus=make_campus(), tags=["coffee"])
    note.cover = make_photo(alice, note=note, with_files=True, alt="A cup on a table")
    note.save()
    make_note(bob, "没有图片的一篇，标题写得尽可能长，好看看它在手机上放不放得下")
    comment = make_comment(bob, note, "Where is the second one?")
    return [
        "",
        "notes/note/",
        f"notes/note/{note.pk}/change/",
        f"notes/note/{note.pk}/history/",
        f"notes/note/{note.pk}/hide/",
        f"notes/comment/{comment.pk}/change/",
        "profiles/user/",
        f"profiles/user/{alice.pk}/change/",
        f"profiles/label/{label.pk}/change/",
        f"profiles/campus/{note.campus_id}/change/",
        "profiles/campus/add/",
        "taggit/tag/",
    ]


@pytest.mark.parametrize(
    ("size", "options"),
    [
        pytest.param(PHONE, {"color_scheme": "dark", **CHINESE}, id="phone-dark-zh"),
        pytest.param(LAPTOP, {"color_scheme": "light", **ENGLISH}, id="laptop-light-en"),
    ],
)
def test_pages_look_like_the_site(
    visit: Visit, watch: Watch, mona: User, paths: list[str], size: Any, options: dict[str, Any]
) -> None:
    page = visit(mona, size, **options)
    wrong: dict[str, list[Any]] = {}
    for path in paths:
        page.goto(f"/admin/{path}", wait_until="load")
        colours = DJANGOS.intersection(page.evaluate(COLOURS))
        wrong[path] = [*colours, *page.evaluate(REPEATED_IDS), *inaccessible(page)]
        wrong[path] += out_of_shape(page, WIDTHS if size == PHONE else [])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_theme_and_the_language_change_in_place(visit: Visit, mona: User) -> None:
    page = visit(mona, LAPTOP, color_scheme="light", java_script_enabled=False, **ENGLISH)
    page.goto("/admin/notes/note/")
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert page.url.endswith("/admin/notes/note/")
    assert page.locator("body").evaluate("(node) => getComputedStyle(node).colorScheme") == "dark"
    page.get_by_role("button", name="中文").click()
    assert page.url.endswith("/admin/notes/note/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
