"""Slugs that lost their marks, and bodies whose tags were read by an older grammar."""

import pytest
from django.test import Client
from taggit.models import Tag

from core.slug_repair import readdress
from core.text import slug
from notes.compose.reread import STEP, read_stories
from notes.compose.tagging import tags_named
from notes.models import Note
from profiles.models import Campus, FormerSlug, Label, User
from tests.builders import make_campus, make_label, make_note

WORDS = [
    "हिन्दी",
    "ที่นั่ง",
    "ทนง",
    "किताब",
    "कताब",
    "नरम",
    "ぼっち・ざ・ろっく",
    "ぼっちざろっく",
    "نرم\u200cافزار",
    "深夜-食堂",
]


def test_a_slug_is_the_word_and_none_collide() -> None:
    assert [slug(word) for word in WORDS] == WORDS
    assert (slug("Street Food"), slug("C++"), slug("❤️"), slug("\u0301")) == ("street-food", "c", "", "")


@pytest.mark.parametrize("word", WORDS)
def test_each_word_has_an_address_of_its_own(alice: User, word: str) -> None:
    campus = make_campus(word)
    make_note(alice, tags=[word], campus=campus)
    places = [
        make_label(alice, word).label.get_absolute_url(),
        campus.get_absolute_url(),
        f"/tags/{word}/",
    ]
    for address in places:
        assert Client().get(address).status_code == 200, address


def old_tag(name: str, slug: str) -> Tag:
    return Tag.objects.create(name=name, slug=slug)


def test_former_addresses_lead_to_the_new(alice: User) -> None:
    seat, tree = old_tag("ที่นั่ง", "ทนง"), old_tag("ทนง", "ทนง-abc123")
    tea, renamed = old_tag("tea", "tea"), old_tag("किताब", "another")
    label, campus = make_label(alice, "हिन्दी").label, make_campus("हिन्दी")
    make_note(alice, tags=["ที่นั่ง", "ทนง"], campus=campus)
    Label.objects.filter(pk=label.pk).update(slug="हनद")
    Campus.objects.filter(pk=campus.pk).update(slug="हनद")
    for _turn in range(2):  # again changes nothing
        for model, word in ((Tag, "name"), (Label, "wording"), (Campus, "name")):
            rows = model.objects.order_by("pk").values_list("pk", word, "slug")
            readdress(rows, model, FormerSlug, model.__name__.lower())
    slugs = dict(Tag.objects.values_list("pk", "slug"))
    assert [slugs[tag.pk] for tag in (seat, tree, tea, renamed)] == ["ที่นั่ง", "ทนง", "tea", "another"]
    for kind in ("labels", "campuses"):
        response = Client().get(f"/{kind}/हनद/", follow=True)
        assert response.redirect_chain[0][1] == 301
        assert response.status_code == 200
    response = Client().get("/tags/ทนง-abc123/", follow=True)
    assert (response.redirect_chain[0][1], response.context["tag"]) == (301, tree)
    assert Client().get("/?channel=ทนง-abc123", follow=True).context["channel"] == tree
    assert Client().get("/tags/नहीं/").status_code == Client().get("/labels/नहीं/").status_code == 404


def names(note: Note) -> set[str]:
    return set(note.taggings.values_list("tag__name", flat=True))


def written(author: User, body: str, *tags: str) -> Note:
    note = make_note(author, body=body)
    note.tags.set(tags_named(tags))
    return note


def test_stories_get_the_tags_that_the_grammar_finds_now(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    deferred: list[int] = []
    monkeypatch.setattr("notes.compose.reread.defer", lambda job, after: deferred.append(after))
    keycap = written(alice, "#️⃣校园")
    keycap.taggings.create(tag=Tag.objects.create(name="\ufe0f\u20e3校园", slug="校园"))
    notes = {
        written(alice, "#期末周#图书馆 去了#食堂", "期末周"): {"期末周", "图书馆", "食堂"},
        written(alice, "#ぼっち・ざ・ろっく", "ぼっち"): {"ぼっち", "ぼっち・ざ・ろっく"},
        written(alice, "Room #201", "201"): {"201"},
        written(alice, "https://example.org/?q=#tea", "tea"): {"tea"},
        written(alice, "茶#b", "own", *map(str, range(9))): {"own", *map(str, range(9))},
        keycap: set(),
    }
    for _turn in range(2):
        read_stories(after=0)
        assert {note: names(note) for note in notes} == notes
    assert deferred == []
    monkeypatch.setattr("notes.compose.reread.STEP", 2)
    read_stories(after=0)
    assert deferred == [Note.objects.order_by("pk")[1].pk]
    assert STEP == 200
