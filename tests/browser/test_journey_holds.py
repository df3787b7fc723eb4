"""A note that a program holds for review, as its author and a moderator see it: in both languages, on a phone without
scripts and on a laptop.
"""

import pytest
from playwright.sync_api import expect

from moderation.models import Case, KnownPicture, Rule
from moderation.pictures.looking import look_over_note
from notes.models import Note
from tests.browser.conftest import Visit, Watch
from tests.browser.measuring import inaccessible
from tests.browser.test_journey_decisions import WAYS, Cast, shot
from tests.builders import make_note
from tests.imaging.test_fingerprint import scene
from tests.moderation.pictures.scenes import shot as photo_of
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "en": {
        "note": "Your note is held for review",
        "badge": "Held for review",
        "why": "Read why, and how to appeal",
        "found": "What a program found",
        "none": "No action",
        "off": "Take the picture off the list",
        "shown": "Your note is shown again",
        "looked": "A moderator has looked at it",
    },
    "zh-hans": {
        "note": "你的笔记正在等待审核",
        "badge": "待审核",
        "why": "查看原因和申诉方式",
        "found": "程序发现了什么",
        "none": "不处理",
        "off": "将图片移出列表",
        "shown": "你的笔记已重新显示",
        "looked": "管理员已查看",
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_a_false_match_is_held_said_and_undone(visit: Visit, watch: Watch, way: str) -> None:
    cast = Cast(visit, way)
    words = WORDS[cast.language]
    note = make_note(cast.alice, "Soup")
    photo = photo_of(cast.alice, scene(1), note, with_files=True)
    assert photo.fingerprint is not None
    KnownPicture.objects.create(
        fingerprint=photo.fingerprint ^ 0b111, rule=Rule.objects.get(slug="sexual"), source="A list"
    )
    look_over_note(note.pk)
    run_jobs()
    assert words["note"] in cast.letter()

    page = cast.open(cast.alice, note.get_absolute_url())
    expect(page.get_by_text(words["note"]).first).to_be_visible()
    shot(page, f"held-note-{cast.language}")
    assert not cast.scripts or inaccessible(page) == []
    page.goto("/notifications/")
    expect(page.get_by_text(words["note"]).first).to_be_visible()
    shot(page, f"held-inbox-{cast.language}")
    page.goto(f"/decisions/?note={note.pk}")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["note"])
    shot(page, f"held-decision-{cast.language}")
    assert not cast.scripts or inaccessible(page) == []

    case = Case.objects.get()
    desk = cast.open(cast.mona, "/admin/")
    expect(desk.get_by_text(words["badge"], exact=True).first).to_be_visible()
    shot(desk, f"held-queue-{cast.language}")
    desk.goto(f"/admin/cases/{case.pk}/")
    expect(desk.get_by_role("heading", name=words["found"])).to_be_visible()
    shot(desk, f"held-case-{cast.language}")
    assert not cast.scripts or inaccessible(desk) == []
    desk.get_by_role("button", name=words["off"]).click()
    expect(desk.get_by_role("button", name=words["off"])).to_have_count(0)
    desk.goto("/admin/moderation/knownpicture/")
    expect(desk.get_by_text("A list").first).to_be_visible()
    shot(desk, f"known-{cast.language}")
    assert not cast.scripts or inaccessible(desk) == []
    desk.goto("/admin/")
    desk.get_by_role("button", name=words["none"]).first.click()
    expect(desk.get_by_text(words["badge"], exact=True)).to_have_count(0)

    run_jobs()
    assert words["shown"] in cast.letter() or note.get_absolute_url() in cast.letter()
    page.reload()
    expect(page.get_by_text(words["looked"]).first).to_be_visible()
    assert Note.objects.get(pk=note.pk).hidden_at is None
    assert KnownPicture.objects.get().retired_at is not None
