"""Generated files are up to date, and every icon that a template uses exists."""

import re
from pathlib import Path

from redbook.management.commands import icons, patterns, waterfall

ROOT = Path(__file__).resolve().parents[2]
PATHS = [*(ROOT / "templates").rglob("*.html")]
TEMPLATES = [path.read_text() for path in PATHS]


def test_the_sprite_is_what_its_command_writes() -> None:
    assert (ROOT / "static/icons.svg").read_text() == icons.sprite()


def test_the_waterfall_is_what_its_command_writes() -> None:
    assert (ROOT / "static/css/waterfall.css").read_text() == waterfall.stylesheet()


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    drawn = {*icons.FROM_LUCIDE, *icons.OURS}
    asked = {name for text in TEMPLATES for name in re.findall(r'{% icon "([^"]+)" %}', text)}
    assert asked
    assert asked <= drawn


def test_no_page_carries_script_or_style_of_its_own() -> None:
    """A mail has no other place for its styles; no policy but the mail program's is applied to it."""
    mail = ROOT / "templates/notifications/digest/mail.html"
    assert "<style" in mail.read_text()
    for text in (path.read_text() for path in PATHS if path != mail):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


def test_the_patterns_are_what_their_command_writes() -> None:
    assert (ROOT / "static/js/text/patterns.js").read_text() == patterns.module()
