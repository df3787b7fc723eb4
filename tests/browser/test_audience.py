"""Audience and words: a reader consents to being counted and withdraws; followers pick words, and the creator sees
the four fields.

On a phone in Chinese without scripts, and on a laptop in English in the dark theme.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from insights.actions.picking import pick_words
from insights.models import Pick, Word
from insights.word_keys import Key
from profiles.models import Follow, User
from tests.browser.conftest import Visit, Watch
from tests.browser.test_mirror import LAPTOP_FIRST, PHONE_FIRST, WAYS, whole
from tests.builders import make_label, make_note, make_person
from tests.insights.crowd import end_weeks, make_followers, make_readers, read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("way", LAPTOP_FIRST)
def test_a_reader_agrees_to_be_counted_and_withdraws(visit: Visit, way: str) -> None:
    size, options = WAYS[way]
    chinese = options["locale"] == "zh-CN"
    alice, reader = make_person("alice", name="Alice An"), make_person("bob", stage="high_school")
    note = make_note(alice)
    make_label(alice, "Campus plog master", audience="high_school")
    read([note], [reader])
    make_readers([note], 55, stage="high_school", shares_stage=True)
    make_readers([note], 80, stage="college", shares_stage=True)
    page = visit(reader, size, **options)
    page.goto("/settings/privacy/")
    stage = page.get_by_label(
        "把我的阶段计入读者统计" if chinese else "Count my stage in audience statistics"
    )
    said = "绝不会知道是谁" if chinese else "never who"
    expect(page.get_by_text(re.compile(said)).first).to_be_visible()
    expect(stage).not_to_be_checked()
    for is_on in (True, False):
        stage.set_checked(is_on)
        page.get_by_role("button", name="保存隐私设置" if chinese else "Save privacy").click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(stage).to_be_checked(checked=is_on)
        reader.refresh_from_db()
        assert reader.shares_stage is is_on
    whole(page, size)
    own = visit(alice, size, **options)
    own.goto("/insights/audience/")
    expect(own.get_by_text("还没有" if chinese else "Not yet").first).to_be_visible()
    whole(own, size)
    end_weeks(alice)
    own.reload()
    expect(
        own.get_by_text("每 10 人约有 4 人在读高中" if chinese else "About 4 in 10 are in high school")
    ).to_be_visible()
    expect(own.get_by_text("高中生" if chinese else "High-school students").first).to_be_visible()
    whole(own, size)


@pytest.mark.parametrize("way", PHONE_FIRST)
def test_followers_pick_words_and_the_creator_meets_the_four_fields(
    visit: Visit, watch: Watch, way: str
) -> None:
    size, options = WAYS[way]
    chinese = options["locale"] == "zh-CN"
    alice, fan = make_person("alice", name="Alice An"), make_person("bob")
    notes = [make_note(alice, tags=["study spots"]) for _ in range(3)]
    make_label(alice, "Calm mornings", topics=["daily life"])
    own = visit(alice, size, **options)
    own.goto("/insights/words/")
    own.get_by_role("button", name="让关注者选词" if chinese else "Let followers pick words").click()
    expect(own.get_by_role("heading", name="两边都没有" if chinese else "Neither")).to_be_visible()
    whole(own, size)
    alice.refresh_from_db()

    Follow.objects.create(follower=fan, followed=alice)
    read(notes, [fan])
    page = visit(fan, size, **options)
    page.goto("/@alice/words/")
    expect(page.get_by_text("第二周" if chinese else "second week")).to_be_visible()
    whole(page, size)
    User.objects.filter(pk=fan.pk).update(date_joined="2026-01-01T00:00Z")
    page.reload()
    tick(page, *(("安静", "精确", "好笑", "温暖") if chinese else ("calm", "exact", "funny", "warm")))
    save = page.get_by_role("button", name="保存选词" if chinese else "Save words")
    with watch.expecting(422):
        save.click()
        expect(page.get_by_role("alert")).to_contain_text("最多选三个" if chinese else "up to three")
    tick(page, "温暖" if chinese else "warm")
    whole(page, size)
    save.click()
    page.wait_for_url("**/@alice/")
    assert Pick.objects.filter(picker=fan).count() == 3

    others = make_followers(alice, 45)
    key = {en: Key(Word.objects.get(en=en).pk, None) for en in ("calm", "exact", "funny")}
    for number, other in enumerate(others[:30]):
        pick_words(picker=other, creator=alice, keys=[key[("calm", "exact", "funny")[number % 3]]])
    end_weeks(alice)
    own.reload()
    both = own.get_by_role("region", name="自己说了，别人也看到" if chinese else "Said and seen")
    expect(both.get_by_role("button")).to_have_count(1)
    expect(both).to_contain_text("安静" if chinese else "calm")
    seen = own.get_by_role("region", name="别人看到，自己没说" if chinese else "Seen, not said")
    expect(seen).to_contain_text("精确" if chinese else "exact")
    said = own.get_by_role("region", name="自己说了，别人没看到" if chinese else "Said, not seen")
    expect(said).to_contain_text("daily life")
    whole(own, size)
    seen.get_by_role("button", name=re.compile("精确" if chinese else "exact")).click()
    expect(own.get_by_role("region", name="你划掉的" if chinese else "Struck by you")).to_contain_text(
        "精确" if chinese else "exact"
    )
    page.goto("/settings/words/")
    page.get_by_role("button", name=re.compile("收回" if chinese else "Take back")).click()
    expect(page.get_by_text("还没有选词" if chinese else "No words yet")).to_be_visible()
    assert not Pick.objects.filter(picker=fan).exists()


def tick(page: Page, *words: str) -> None:
    for word in words:
        page.locator("label.chip", has_text=re.compile(f"^{word}$")).click()
