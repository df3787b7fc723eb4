from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import env


@pytest.mark.parametrize(
    ("value", "meant"), [("on", True), ("TRUE", True), ("1", True), ("no", False), (" 0 ", False)]
)
def test_a_flag_is_on_or_off(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("THING", value)
    assert env.flag("THING", default=not meant) is meant


def test_what_is_unset_or_empty_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", " ")
    assert env.flag("THING", default=True) is True
    assert env.number("THING", 14) == 14
    assert env.words("THING", "one, two,") == ["one", "two"]
    monkeypatch.delenv("THING")
    assert env.text("THING", "plain") == "plain"
    assert env.folder("THING", Path("/data/../data/photos")) == Path("/data/photos")


@pytest.mark.parametrize("read", [env.flag, lambda name: env.number(name, 1)])
def test_nonsense_is_named(monkeypatch: pytest.MonkeyPatch, read: object) -> None:
    monkeypatch.setenv("THING", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="THING='perhaps'"):
        read("THING")


def test_what_is_required_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set THING: it signs sessions"):
        env.required("THING", "it signs sessions")
