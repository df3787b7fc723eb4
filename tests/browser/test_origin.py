"""What the file of a photo says is filled in while composing; what the author chose stays."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from profiles.models import User
from tests.browser.conftest import PHONE, Visit
from tests.browser.measuring import inaccessible
from tests.builders import picture
from tests.imaging.test_origin import iptc

pytestmark = pytest.mark.django_db(transaction=True)


def test_made_with_ai_is_filled_in_once(visit: Visit, alice: User, tmp_path: Path) -> None:
    page = visit(alice, PHONE)
    for name in ("drawn.jpg", "another.jpg"):
        (tmp_path / name).write_bytes(picture((600, 600 + len(name)), xmp=iptc("trainedAlgorithmicMedia")))
    (tmp_path / "plain.jpg").write_bytes(picture())
    page.goto("/notes/new/")
    photos, chosen = page.locator("input[name=photos]"), page.locator("[name=origin]:checked")
    photos.set_input_files(tmp_path / "plain.jpg")
    expect(page.locator("[data-photo]")).to_have_count(1)
    expect(chosen).to_have_count(0)
    photos.set_input_files(tmp_path / "drawn.jpg")
    expect(page.get_by_text("Its file says: made with AI")).to_have_count(1)
    expect(chosen).to_have_value("ai")
    page.get_by_role("radio", name="My own, as it was").evaluate("(choice) => choice.click()")
    photos.set_input_files(tmp_path / "another.jpg")
    expect(page.get_by_text("Its file says: made with AI")).to_have_count(2)
    expect(chosen).to_have_value("own")
    assert inaccessible(page) == []
