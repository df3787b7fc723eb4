"""Words that followers pick for a creator: which ones they may pick, what is shown, and what creators see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from taggit.models import Tag

from insights.actions.picking import pick_words, strike
from insights.models import Pick, SeenWord, StruckWord, Word
from insights.word_keys import Key
from insights.words import fields
from leaving.contents import PARTS
from notes.models import NoteReader
from notes.tags import hide_tag, merge_tag
from people.actions.blocks import block, mute, unblock
from profiles.models import Follow, User
from tests.builders import make_label, make_note, signed_in
from tests.insights.crowd import end_weeks, make_followers, make_readers
from tests.insights.shown_files import csv_rows

pytestmark = pytest.mark.django_db

PAGE, MIRROR = "/@alice/words/", "/insights/words/"


@pytest.fixture
def open_alice(alice: User) -> User:
    User.objects.filter(pk=alice.pk).update(takes_words=True)
    alice.refresh_from_db()
    for number in range(3):
        make_note(alice, tags=[f"topic {number}"])
    return alice


@pytest.fixture
def fan(open_alice: User) -> User:
    return make_followers(open_alice, 1)[0]


def word(en: str) -> Word:
    return Word.objects.get(en=en)


def key(en: str) -> Key:
    return Key(word(en).pk, None)


def pick(followers: list[User], creator: User, *words: str) -> None:
    for follower in followers:
        pick_words(picker=follower, creator=creator, keys=[key(each) for each in words])


def post(person: User, *keys: Any, path: str = PAGE) -> Any:
    return signed_in(person).post(path, {"words": [str(each) for each in keys]})


def picks_of(person: User) -> set[str]:
    rows = Pick.objects.filter(picker=person).select_related("word", "tag")
    return {row.word.en if row.word else row.tag.name for row in rows}


def seen(creator: User) -> set[str]:
    found = fields(creator)
    return {each.name for each in found.both + found.seen}


def test_the_list_has_some_forty_words_in_both_languages() -> None:
    words = list(Word.objects.offered())
    assert 38 <= len(words) <= 45
    assert all(each.en.isascii() and not each.zh.isascii() for each in words)
    assert {"calm", "funny", "exact", "honest about prices"} <= {each.en for each in words}


def test_a_follower_picks_changes_and_takes_back(open_alice: User, fan: User) -> None:
    assert post(fan, key("calm"), key("funny")).status_code == 303
    assert picks_of(fan) == {"calm", "funny"}
    assert post(fan, key("calm"), key("funny")).status_code == 303
    assert post(fan, key("funny"), key("exact"), key("warm")).status_code == 303
    assert picks_of(fan) == {"funny", "exact", "warm"}
    page = signed_in(fan).get(PAGE).content.decode()
    assert page.count("checked") == 3
    assert post(fan).status_code == 303
    assert picks_of(fan) == set()


def test_topics_of_the_label_and_of_notes_that_one_may_open(open_alice: User, fan: User) -> None:
    make_label(open_alice, "Window seats", topics=["seats"])
    make_note(open_alice, tags=["secret"], visibility="private")
    page = signed_in(fan).get(PAGE).content.decode()
    tags = {tag.name: tag.pk for tag in Tag.objects.all()}
    assert "seats" in page
    assert "topic 1" in page
    assert "secret" not in page
    assert post(fan, Key(None, tags["seats"]), Key(None, tags["topic 1"])).status_code == 303
    assert picks_of(fan) == {"seats", "topic 1"}
    assert post(fan, Key(None, tags["secret"])).status_code == 422
    make_note(fan, tags=["mine"])
    assert post(fan, Key(None, Tag.objects.get(name="mine").pk)).status_code == 422
    assert picks_of(fan) == {"seats", "topic 1"}


@pytest.mark.parametrize(
    "wrong", ["w999999999", "t999999999", "calm", "", "w", "w1e3", "w" + "9" * 40, "\0", "w²"]
)
def test_words_outside_the_list(open_alice: User, fan: User, wrong: str) -> None:
    answer = post(fan, wrong)
    assert answer.status_code == 422
    assert "no longer offered" in answer.content.decode()
    assert not Pick.objects.exists()


def test_a_word_that_is_no_longer_offered(open_alice: User, fan: User) -> None:
    post(fan, key("calm"))
    Word.objects.filter(en__in=["calm", "funny"]).update(is_offered=False)
    assert post(fan, key("funny")).status_code == 422
    assert post(fan, key("calm"), key("exact")).status_code == 303, "Who has it may keep it."


def test_a_fourth_word(open_alice: User, fan: User) -> None:
    four = [key(each) for each in ("calm", "funny", "exact", "warm")]
    answer = post(fan, *four)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose up to three" in page
    assert page.count("checked") == 4, "What was ticked is still there."
    with pytest.raises(IntegrityError), transaction.atomic():
        pick_words(picker=fan, creator=open_alice, keys=four)
    assert post(fan, *four[:3], *four[:3]).status_code == 303
    assert Pick.objects.count() == 3


def test_for_oneself(open_alice: User) -> None:
    assert post(open_alice, key("calm")).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Pick.objects.create(picker=open_alice, creator=open_alice, place=0, word=word("calm"))


@pytest.mark.parametrize(
    "who", ["stranger", "blocked", "blocker", "moderator", "pupil", "of a pupil", "closed", "suspended"]
)
def test_who_gets_no_such_page(open_alice: User, fan: User, who: str) -> None:
    if who == "stranger":
        Follow.objects.filter(follower=fan).delete()
    elif who in {"blocked", "blocker"}:
        ends = (open_alice, fan) if who == "blocked" else (fan, open_alice)
        block(blocker=ends[0], blocked=ends[1])
    elif who == "moderator":
        User.objects.filter(pk=fan.pk).update(is_staff=True)
    elif who == "pupil":
        User.objects.filter(pk=fan.pk).update(stage="high_school")
    elif who == "of a pupil":
        User.objects.filter(pk=open_alice.pk).update(stage="high_school")
    elif who == "closed":
        User.objects.filter(pk=open_alice.pk).update(takes_words=False)
    else:
        User.objects.filter(pk=open_alice.pk).update(suspended_at=timezone.now())
    assert signed_in(fan).get(PAGE).status_code == 404
    assert post(fan, key("calm")).status_code == 404
    assert not Pick.objects.exists()


def test_signed_out(open_alice: User, client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE.replace('@', '%40')}"
    assert client.post(PAGE, {"words": "w1"}).status_code == 302


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("address", "Confirm your e-mail address first"),
        ("age", "second week"),
        ("reads", "Read 2 more notes of theirs first"),
        ("mute", "You have muted them"),
    ],
)
def test_what_a_follower_still_lacks(open_alice: User, fan: User, lacks: str, said: str) -> None:
    if lacks == "address":
        User.objects.filter(pk=fan.pk).update(unconfirmed_until=timezone.now() + timedelta(days=9))
    elif lacks == "age":
        User.objects.filter(pk=fan.pk).update(date_joined=timezone.now() - timedelta(days=6, hours=23))
    elif lacks == "reads":
        kept = NoteReader.objects.filter(person=fan).values("pk")[:1]
        NoteReader.objects.filter(person=fan).exclude(pk__in=kept).delete()
    else:
        mute(muter=fan, muted=open_alice)
    page = signed_in(fan).get(PAGE)
    assert page.status_code == 200
    assert said in " ".join(page.content.decode().split())
    assert 'name="words"' not in page.content.decode()
    assert post(fan, key("calm")).status_code == 403
    assert not Pick.objects.exists()


def test_twenty_fresh_accounts_at_once(open_alice: User) -> None:
    fresh = make_followers(open_alice, 20, date_joined=timezone.now() - timedelta(days=2))
    make_followers(open_alice, 30)
    for each in fresh:
        assert post(each, key("calm")).status_code == 403
    end_weeks(open_alice)
    assert not SeenWord.objects.exists()


def test_a_word_shows_once_ten_picked_it_and_ten_pickers_did_not(open_alice: User) -> None:
    followers = make_followers(open_alice, 30)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:19], open_alice, "funny")
    end_weeks(open_alice)
    assert seen(open_alice) == set(), "Nine others."
    pick(followers[19:20], open_alice, "exact")
    assert seen(open_alice) == set(), "Not before the week ends."
    end_weeks(open_alice)
    assert seen(open_alice) == {"calm"}
    pick(followers[:1], open_alice)
    assert seen(open_alice) == {"calm"}, "Nor does it go before."
    end_weeks(open_alice)
    assert seen(open_alice) == set()


def test_a_word_that_nearly_all_picked_does_not_show(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:31], open_alice, "calm")
    pick(followers[31:], open_alice, "funny")
    end_weeks(open_alice)
    assert seen(open_alice) == set()


def test_few_who_could_pick(open_alice: User) -> None:
    """Among 29 it could be told how many of them picked it."""
    followers = make_followers(open_alice, 29)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:], open_alice, "funny")
    end_weeks(open_alice)
    assert seen(open_alice) == set()
    make_followers(open_alice, 1)
    end_weeks(open_alice)
    assert seen(open_alice) == {"calm", "funny"}


def test_pupils_are_not_counted(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:], open_alice, "funny")
    User.objects.filter(pk=followers[0].pk).update(stage="high_school")
    end_weeks(open_alice)
    assert seen(open_alice) == set(), "Nine picked one, and nine did not pick the other."


def test_a_creator_who_blocks_and_unblocks_sees_nothing_move(open_alice: User) -> None:
    followers = make_followers(open_alice, 50)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    end_weeks(open_alice)
    assert seen(open_alice) == {"calm", "funny"}
    for suspect in followers[:20]:
        block(blocker=open_alice, blocked=suspect)
        end_weeks(open_alice)
        assert seen(open_alice) == {"calm", "funny"}
        unblock(blocker=open_alice, blocked=suspect)
    end_weeks(open_alice)
    assert seen(open_alice) == {"calm", "funny"}


def test_a_picker_who_blocks_the_creator_takes_theirs_back(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    block(blocker=followers[0], blocked=open_alice)
    end_weeks(open_alice)
    assert not Pick.objects.filter(picker=followers[0]).exists()
    assert seen(open_alice) == set()


def test_changing_the_label_moves_nothing_but_the_field(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    end_weeks(open_alice)
    assert {each.name for each in fields(open_alice).seen} == {"calm", "funny"}
    make_label(open_alice, "Calm mornings", topics=["tea"])
    found = fields(open_alice)
    assert [each.name for each in found.both] == ["calm"]
    assert [each.name for each in found.seen] == ["funny"]
    assert [each.name for each in found.said] == ["tea"]
    assert "exact" in {each.name for each in found.neither}
    assert {"calm", "funny", "tea"}.isdisjoint({each.name for each in found.neither})


@pytest.mark.parametrize(
    ("label", "en", "is_said"),
    [
        ("Calm mornings", "calm", True),
        ("CALM, mornings", "calm", True),
        ("Becalmed", "calm", False),
        ("温暖的早晨", "warm", True),
        ("Down-to-earth cook", "down-to-earth", True),
        ("Honest about prices", "honest about prices", True),
    ],
)
def test_whether_a_label_says_a_word(label: str, en: str, is_said: bool) -> None:
    assert word(en).is_said_in(label) is is_said


def test_a_topic_is_seen_and_a_merged_one_is_the_other(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    tags = {tag.name: tag for tag in Tag.objects.all()}
    for number, follower in enumerate(followers[:20]):
        topic = tags["topic 0" if number % 2 else "topic 1"]
        pick_words(picker=follower, creator=open_alice, keys=[Key(None, topic.pk)])
    pick(followers[20:30], open_alice, "funny")
    merge_tag(tag=tags["topic 0"], into=tags["topic 1"])
    end_weeks(open_alice)
    assert seen(open_alice) == {"topic 1", "funny"}
    assert SeenWord.objects.count() == 2
    hide_tag(tag=tags["topic 1"], is_hidden=True)
    assert seen(open_alice) == {"funny"}


def test_a_creator_strikes_a_word(open_alice: User, fan: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    end_weeks(open_alice)
    client = signed_in(open_alice)
    assert "calm" in client.get(MIRROR).content.decode()
    for _twice in range(2):
        assert client.post(f"{MIRROR}strike/", {"word": str(key("calm"))}).status_code == 303
    assert StruckWord.objects.count() == 1
    assert seen(open_alice) == {"funny"}
    assert post(fan, key("calm")).status_code == 422
    page = signed_in(fan).get(PAGE).content.decode()
    assert f'value="{key("calm")}"' not in page
    end_weeks(open_alice)
    assert client.post(f"{MIRROR}strike/delete/", {"word": str(key("calm"))}).status_code == 303
    assert seen(open_alice) == {"calm", "funny"}, "Striking is of the page alone: it moves no count."
    for wrong in ("", "x", "w999999999", "t0"):
        assert client.post(f"{MIRROR}strike/", {"word": wrong}).status_code == 404


def test_a_topic_of_notes_that_a_creator_may_not_see_is_told_by_no_strike(
    open_alice: User, fan: User
) -> None:
    make_note(fan, tags=["my secret topic"], visibility="private")
    secret = Tag.objects.get(name="my secret topic")
    client = signed_in(open_alice)
    assert client.post(f"{MIRROR}strike/", {"word": f"t{secret.pk}"}).status_code == 404
    assert "my secret topic" not in client.get(MIRROR).content.decode()


def test_it_is_off_until_it_is_turned_on(alice: User) -> None:
    client = signed_in(alice)
    assert "It is off" in client.get(MIRROR).content.decode()
    assert client.post(MIRROR, {"open": "on"}).status_code == 303
    alice.refresh_from_db()
    assert alice.is_open_to_words
    assert "Not yet" in client.get(MIRROR).content.decode()
    assert client.post(MIRROR, {}).status_code == 303
    alice.refresh_from_db()
    assert not alice.takes_words


def test_turned_off_nothing_is_shown_or_kept_of_what_is_seen(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    end_weeks(open_alice)
    signed_in(open_alice).post(MIRROR, {})
    assert not SeenWord.objects.exists()
    assert Pick.objects.count() == 20, "They are the pickers', who may take them back."
    end_weeks(User.objects.get(pk=open_alice.pk))
    assert not SeenWord.objects.exists()


def test_never_for_high_school(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(stage="high_school", takes_words=True)
    client = signed_in(alice)
    assert "Not for accounts of high school" in client.get(MIRROR).content.decode()
    assert client.post(MIRROR, {"open": "on"}).status_code == 404


def test_a_creator_who_comes_to_be_in_high_school_is_seen_by_nothing(open_alice: User) -> None:
    followers = make_followers(open_alice, 40)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:20], open_alice, "funny")
    end_weeks(open_alice)
    User.objects.filter(pk=open_alice.pk).update(stage="high_school")
    assert "calm" not in signed_in(open_alice).get(MIRROR).content.decode()
    end_weeks(open_alice)
    assert not SeenWord.objects.exists()


def test_the_mirror_names_no_number_and_nobody(open_alice: User) -> None:
    followers = make_followers(open_alice, 47)
    pick(followers[:13], open_alice, "calm")
    pick(followers[13:26], open_alice, "funny")
    end_weeks(open_alice)
    page = signed_in(open_alice).get(MIRROR).content.decode()
    assert "calm" in page
    for told in ("13", "26", "47"):
        assert f">{told}<" not in page
        assert f" {told} " not in page
    assert "crowd_" not in page


def test_the_file_says_what_the_page_says(open_alice: User) -> None:
    make_label(open_alice, "Calm mornings")
    path = f"{MIRROR}words.csv"
    assert path in signed_in(open_alice).get(MIRROR).text
    rows = csv_rows(signed_in(open_alice), path)
    assert ["calm", "True", "", "too few to show", "False"] in rows
    assert {tuple(row[2:]) for row in rows} == {("", "too few to show", "False")}, "withheld for every word"
    followers = make_followers(open_alice, 30)
    pick(followers[:12], open_alice, "calm")
    pick(followers[12:], open_alice, "funny")
    strike(creator=open_alice, key=key("exact"))
    end_weeks(open_alice)
    rows = csv_rows(signed_in(open_alice), path)
    told = {row[0]: row[1:] for row in rows}
    assert told["calm"] == ["True", "True", "", "False"]
    assert told["funny"] == ["False", "True", "", "False"]
    assert told["exact"] == ["", "", "", "True"]
    assert len(told) == len(rows)
    assert told.keys() >= {each.en for each in Word.objects.offered()}


def test_there_is_no_file_of_a_page_without_fields(alice: User) -> None:
    assert signed_in(alice).get(f"{MIRROR}words.csv").status_code == 404
    User.objects.filter(pk=alice.pk).update(takes_words=True, stage="high_school")
    assert signed_in(alice).get(f"{MIRROR}words.csv").status_code == 404


def test_only_the_picker_is_told(open_alice: User, fan: User, mona: User, client: Client) -> None:
    post(fan, key("calm"))
    told = [part for part in PARTS if "calm" in str(list(_rows(part.rows(fan))))]
    assert [part.name for part in told] == ["words-picked"]
    assert not [part.name for part in PARTS if "calm" in str(list(_rows(part.rows(open_alice))))]
    for path in ("/@alice/", MIRROR, "/insights/audience/"):
        page = signed_in(open_alice).get(path).content.decode()
        assert fan.handle not in page
    admin = signed_in(mona)
    for path in (
        "/admin/",
        f"/admin/profiles/user/{fan.pk}/change/",
        f"/admin/insights/word/{word('calm').pk}/change/",
    ):
        page = admin.get(path).content.decode()
        assert "picked word" not in page.lower()
    assert fan.handle not in page


def _rows(found: Any) -> list[Any]:
    return [found] if isinstance(found, dict) else list(found)


def test_what_one_picked_and_taking_it_back(open_alice: User, fan: User) -> None:
    client = signed_in(fan)
    assert "No words yet" in client.get("/settings/words/").content.decode()
    post(fan, key("calm"), key("funny"))
    page = client.get("/settings/words/").content.decode()
    assert "Alice An" in page
    assert "calm" in page
    block(blocker=open_alice, blocked=fan)
    page = client.get("/settings/words/").content.decode()
    assert "Alice" not in page
    assert "Someone you cannot see" in page
    for _twice in range(2):
        assert client.post("/settings/words/delete/", {"creator": open_alice.pk}).status_code == 303
    assert not Pick.objects.exists()
    assert client.post("/settings/words/delete/", {"creator": "x"}).status_code == 404


def test_both_ends_take_it_with_them(open_alice: User) -> None:
    fans = make_followers(open_alice, 2)
    pick(fans, open_alice, "calm")
    strike(creator=open_alice, key=key("funny"))
    fans[0].delete()
    assert Pick.objects.count() == 1
    open_alice.delete()
    assert not any(model._default_manager.exists() for model in (Pick, SeenWord, StruckWord))


def test_the_way_there_is_on_the_profile_for_followers_alone(
    open_alice: User, fan: User, charlie: User
) -> None:
    assert PAGE in signed_in(fan).get("/@alice/").content.decode()
    assert PAGE not in signed_in(charlie).get("/@alice/").content.decode()
    User.objects.filter(pk=open_alice.pk).update(takes_words=False)
    assert PAGE not in signed_in(fan).get("/@alice/").content.decode()


def test_the_queries_do_not_grow(open_alice: User, fan: User, django_assert_max_num_queries: Any) -> None:
    for number in range(24):
        make_note(open_alice, tags=[f"more {number}"])
    post(fan, key("calm"))
    client, own = signed_in(fan), signed_in(open_alice)
    client.get(PAGE)
    own.get(MIRROR)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
    with django_assert_max_num_queries(10):
        own.get(MIRROR)


def test_moderators_keep_the_words(mona: User) -> None:
    client = signed_in(mona)
    assert client.get("/admin/insights/word/").status_code == 200
    answer = client.post("/admin/insights/word/add/", {"en": "punctual", "zh": "准时", "is_offered": "on"})
    assert answer.status_code == 302
    added = word("punctual")
    answer = client.post(f"/admin/insights/word/{added.pk}/change/", {"en": "punctual", "zh": "守时"})
    assert answer.status_code == 302
    added.refresh_from_db()
    assert (added.zh, added.is_offered) == ("守时", False)
    assert client.post(f"/admin/insights/word/{added.pk}/delete/", {"post": "yes"}).status_code == 403


def test_readers_who_do_not_follow_do_not_count_as_those_who_could_pick(open_alice: User) -> None:
    followers = make_followers(open_alice, 29)
    make_readers(list(open_alice.notes.all()), 10)
    pick(followers[:10], open_alice, "calm")
    pick(followers[10:], open_alice, "funny")
    end_weeks(open_alice)
    assert seen(open_alice) == set()
