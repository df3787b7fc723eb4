"""How a note was made: what its file says is filled in, stands on the note, and taken away makes a case that hides
nothing. In both languages, on a phone without scripts and on a laptop.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from moderation.models import Case, Finding
from notes.models import Note
from tests.browser.conftest import Visit, Watch
from tests.browser.measuring import inaccessible
from tests.browser.test_journey_decisions import WAYS, Cast, shot
from tests.builders import picture
from tests.imaging.test_origin import iptc
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "en": {
        "ai": "Made with AI",
        "staged": "Staged",
        "repost": "Not mine",
        "why": "its file says",
        "case": "note says otherwise",
    },
    "zh-hans": {"ai": "AI", "staged": "摆拍", "repost": "转载", "why": "AI", "case": "笔记的说明与之不符"},
}


def declare(page: Page, note: Note, origin: str) -> None:
    page.goto(f"{note.get_absolute_url()}edit/")
    page.locator(f"input[name=origin][value={origin}]").evaluate("(choice) => choice.click()")
    page.locator("button[value=publish]").first.press("Enter")
    expect(page).to_have_url(re.compile(f"{note.get_absolute_url()}$"))
    run_jobs()


@pytest.mark.parametrize("way", WAYS)
def test_what_the_file_says_and_what_its_author_makes_of_it(
    visit: Visit, watch: Watch, way: str, tmp_path: Path
) -> None:
    cast = Cast(visit, way)
    words = WORDS[cast.language]
    drawn = tmp_path / "drawn.jpg"
    drawn.write_bytes(picture((600, 700), xmp=iptc("trainedAlgorithmicMedia")))
    page = cast.open(cast.alice, "/notes/new/")
    page.locator("input[name=photos]").set_input_files(drawn)
    page.locator("input[name=title]").fill("A harbour")
    if cast.scripts:
        expect(page.locator("[name=origin]:checked")).to_have_value("ai")
    page.locator("button[value=publish]").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/notes/\d+/"))
    run_jobs()
    note = Note.objects.get(title="A harbour")
    assert (note.status, note.origin) == (Note.Status.PUBLISHED, Note.Origin.AI)
    page = cast.open(cast.alice, note.get_absolute_url())
    expect(page.get_by_text(words["ai"]).first).to_be_visible()
    shot(page, f"declared-{cast.language}")
    assert not Case.objects.exists()

    declare(page, note, "staged")
    expect(page.get_by_text(words["staged"]).first).to_be_visible()
    declare(page, note, "own")
    finding = Finding.objects.get()
    assert (finding.kind, finding.case.closed_at) == (Finding.Kind.AI_LABEL, None)
    stranger = cast.open(cast.bob, note.get_absolute_url())
    expect(stranger.get_by_role("heading", level=1)).to_have_text("A harbour")
    desk = cast.open(cast.mona, f"/admin/cases/{finding.case_id}/")
    expect(desk.get_by_text(words["case"])).to_be_visible()
    shot(desk, f"label-case-{cast.language}")
    assert not cast.scripts or inaccessible(desk) == []

    declare(page, note, "ai")
    assert not Case.objects.open().exists()
