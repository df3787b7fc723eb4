"""Typed text as HTML: paragraphs, #tags and @mentions become links, and everything else is escaped."""

from html import escape
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from notes.mentions.links import Mentions
from notes.prose import paragraphs
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import make_comment, make_note
from tests.markup import main_html

TAGS = {"tea": "/tags/tea/", "深夜食堂": "/tags/深夜食堂/"}
PEOPLE = {"alice": "/@alice/"}
ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;",
    "{{ request.user }} {% csrf_token %}",
    "#tea<script> @alice'onmouseover='x",
    "#<b> @<i>",
    "<!-- -->",
]


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("", ""),
        ("one\n\ntwo\nthree", '<p dir="auto">one</p><p dir="auto">two<br>three</p>'),
        (
            "#Tea, ＃ｔｅａ",
            '<p dir="auto"><a href="/tags/tea/">#Tea</a>, <a href="/tags/tea/">＃ｔｅａ</a></p>',
        ),
        ("C#深夜食堂 #深夜食堂!", '<p dir="auto">C#深夜食堂 <a href="/tags/深夜食堂/">#深夜食堂</a>!</p>'),
        ("谢谢@Alice，", '<p dir="auto">谢谢<a href="/@alice/" class="at">@Alice</a>，</p>'),
        ("#tea[话题]##nothing[话题]#", '<p dir="auto"><a href="/tags/tea/">#tea</a>#nothing</p>'),
        (
            "去#tea#深夜食堂",
            '<p dir="auto">去<a href="/tags/tea/">#tea</a><a href="/tags/深夜食堂/">#深夜食堂</a></p>',
        ),
        (
            "https://medium.com/@alice/#tea 张三@alice.cn",
            '<p dir="auto">https://medium.com/@alice/#tea 张三@alice.cn</p>',
        ),
        ("#coffee @nobody alice@campus.test", '<p dir="auto">#coffee @nobody alice@campus.test</p>'),
        ("a < b & #tea > c", '<p dir="auto">a &lt; b &amp; <a href="/tags/tea/">#tea</a> &gt; c</p>'),
    ],
)
def test_paragraphs(typed: str, html: str) -> None:
    assert paragraphs(typed, TAGS, PEOPLE) == html


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, *attrs))
        self.text += {"br": "\n", "p": "\n\n"}.get(tag, "")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


pieces = st.sampled_from([*ATTACKS, "#tea", "@alice", " ", "\n", "\n\n", "a"]) | st.text(max_size=5)


@given(st.lists(pieces, max_size=8).map("".join))
def test_whatever_is_typed_reads_as_typed_and_links_nowhere_else(typed: str) -> None:
    typed = typed.replace("\r", "").replace("\0", "").strip("\n")
    seen = Seen(paragraphs(typed, TAGS, PEOPLE))
    blocks = [block for block in typed.split("\n\n") if block.strip()]
    assert seen.text == "".join(f"\n\n{block}" for block in blocks)
    links = {
        ("a", ("href", "/tags/tea/")),
        ("a", ("href", "/@alice/"), ("class", "at")),
        ("p", ("dir", "auto")),
        ("br",),
    }
    assert set(seen.tags) <= links


def test_people_are_found_in_any_case_and_the_suspended_are_not(
    alice: User, bob: User, charlie: User, mona: User
) -> None:
    note = make_note(mona, body="@ALICE and @bob")
    said = make_comment(bob, note, "@charlie @nobody @alice")
    assert Mentions(AnonymousUser(), None, [said]).of(said) == {"charlie": "/@charlie/", "alice": "/@alice/"}
    suspend_person(person=charlie, by=mona, reason="Harassment.")
    found = Mentions(AnonymousUser(), note, [said])
    assert found.of(note) == {"alice": "/@alice/", "bob": "/@bob/"}
    assert found.of(said) == {"alice": "/@alice/"}


def test_no_handle_asks_nothing(alice: User, django_assert_num_queries) -> None:
    note = make_note(alice, body="no one")
    said = make_comment(alice, note, "a@b.test")
    with django_assert_num_queries(0):
        found = Mentions(AnonymousUser(), note, [said])
        assert (found.of(note), found.of(said)) == ({}, {})


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_field_of_a_note_or_comment_is_markup(alice: User, bob: User, attack: str) -> None:
    note = make_note(
        alice, title=attack, body=attack, place=attack[:40], disclosure="gifted", partner=attack[:40]
    )
    make_comment(bob, note, attack)
    User.objects.filter(pk=bob.pk).update(name=attack[:30])
    for page in (note.get_absolute_url(), "/", "/@alice/"):
        html = Client().get(page).content.decode()
        for raw in ("<script>alert", "<img src=x", "<svg onload", "onmouseover='x"):
            assert raw not in html
        assert escape(attack) in html or "#tea" in attack


def test_a_story_and_a_comment_link_to_what_is_there(alice: User, bob: User) -> None:
    note = make_note(alice, body="With @bob at #tea and #elsewhere.", tags=["tea"])
    make_comment(bob, note, "Thank you @Alice, @nobody, #tea")
    html = main_html(Client().get(note.get_absolute_url()))
    assert (
        'With <a href="/@bob/" class="at">@bob</a> at <a href="/tags/tea/">#tea</a> and #elsewhere.' in html
    )
    assert 'Thank you <a href="/@alice/" class="at">@Alice</a>, @nobody, #tea' in html
