"""The page of muted words and tags: adding and removing them is idempotent, and concerns their person only."""

import pytest
from django.test import Client

from profiles.models import User
from profiles.models.user import MUTED_MAX
from tests.builders import make_note, signed_in
from tests.markup import form_in, listed, words

pytestmark = pytest.mark.django_db

LIST = "/settings/privacy/muted/"
ADD, REMOVE = f"{LIST}words/", f"{LIST}words/delete/"


def muted(person: User) -> list[str]:
    person.refresh_from_db()
    return person.muted_words


def test_muting_and_letting_go_twice_is_once(alice: User) -> None:
    client = signed_in(alice)
    for word in ("Exam  week", "EXAM week", "＃食堂", "#食堂", "考试"):
        response = client.post(ADD, {"word": word})
        assert (response.status_code, response["Location"]) == (303, LIST)
    assert muted(alice) == ["Exam week", "#食堂", "考试"]
    page = client.get(LIST)
    buttons = form_in(page, "act").buttons
    offered = [value for path, _name, value in buttons if path == REMOVE]
    assert offered[:3] == ["考试", "#食堂", "Exam week"], "then topics of the posted text"
    assert "Notes and comments with “考试” won’t appear in your lists any more." in page.text
    for word in ("exam WEEK", "ｅｘａｍ week", "#食堂", "\0", ""):
        assert client.post(REMOVE, {"word": word})["Location"] == LIST
    assert muted(alice) == ["考试"]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("", "required"),
        ("\u3164", "This has no visible text"),
        ("a\x07b", "invisible control characters"),
        ("x" * 31, "1 character too long"),
        ("ﷺ" * 30, "plainer characters"),
        ("#", "This is not a tag."),
        ("#…", "This is not a tag."),
    ],
)
def test_bad_input_is_422_and_kept(alice: User, word: str, message: str) -> None:
    response = signed_in(alice).post(ADD, {"word": word})
    assert response.status_code == 422
    assert message in response.text
    assert form_in(response, "mute-word").fields["word"] == [word]
    assert muted(alice) == []


def test_a_hundred_are_enough(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(muted_words=[f"word {number}" for number in range(MUTED_MAX)])
    client = signed_in(alice)
    response = client.post(ADD, {"word": "one more"})
    assert response.status_code == 422
    assert "You have muted 100 words and tags. Unmute one first." in response.text
    assert form_in(response, "mute-word").fields["word"] == ["one more"]
    assert client.post(ADD, {"word": "WORD 7"}).status_code == 303, "what is muted already is no more"
    assert len(muted(alice)) == MUTED_MAX


def test_a_tag_s_page_mutes_it_and_says_so(alice: User, charlie: User) -> None:
    note = make_note(alice, tags=["tea"])
    client = signed_in(charlie)
    page = client.get("/tags/tea/")
    assert (ADD, "word", "#tea") in form_in(page, "act").buttons
    assert "Mute this tag" not in signed_in(None).get("/tags/tea/").text
    response = client.post(ADD, form_in(page, "act").pressed("word", "#tea"))
    assert response["Location"] == "/tags/tea/"
    page = client.get("/tags/tea/")
    assert listed(page) == []
    assert "You have muted this" in words(page)
    assert (REMOVE, "word", "#tea") in form_in(page, "act").buttons
    client.post(REMOVE, form_in(page, "act").pressed("word", "#tea"))
    assert listed(client.get("/tags/tea/")) == [note.pk]
    client.post(ADD, {"word": "TEA"})
    page = client.get("/tags/tea/")
    assert "You have muted this" in words(page), "by a word in its name, too"
    assert f'href="{LIST}"' in page.text


def test_who_may_and_how(alice: User, bob: User) -> None:
    assert signed_in(alice).get(ADD)["Location"] == "/settings/privacy/muted/", (
        "a refused word's page loaded again"
    )
    assert signed_in(alice).get(REMOVE).status_code == 405
    for path in (ADD, REMOVE):
        assert Client().post(path, {"word": "x"})["Location"].startswith("/accounts/login/")
        assert signed_in(alice, enforce_csrf_checks=True).post(path, {"word": "x"}).status_code == 403
    signed_in(alice).post(ADD, {"word": "butler"})
    assert "butler" not in signed_in(bob).get(LIST).text
    assert muted(bob) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("exam, 图书馆", ["exam", "图书馆"]),
        ("exam，图书馆、 #食堂；tea ; ,", ["exam", "图书馆", "#食堂", "tea"]),
        ("1,000 steps", ["1,000 steps"]),
        ("exam week", ["exam week"]),
        ("tea, TEA", ["tea"]),
    ],
)
def test_commas_stand_between_words(alice: User, typed: str, kept: list[str]) -> None:
    client = signed_in(alice)
    assert client.post(ADD, {"word": typed}).status_code == 303
    assert muted(alice) == kept
    said = client.get(LIST).text
    assert all(word in said for word in kept)


def test_of_several_words_all_are_taken_or_none(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(muted_words=[f"word {number}" for number in range(MUTED_MAX - 1)])
    client = signed_in(alice)
    response = client.post(ADD, {"word": "exam, 图书馆"})
    assert response.status_code == 422
    assert form_in(response, "mute-word").fields["word"] == ["exam, 图书馆"]
    assert client.post(ADD, {"word": f"fine, {'x' * 31}"}).status_code == 422
    assert client.post(ADD, {"word": " , ，"}).status_code == 422
    assert len(muted(alice)) == MUTED_MAX - 1
    User.objects.filter(pk=alice.pk).update(muted_words=["exam, 图书馆"])  # from before commas stood between
    client.post(REMOVE, {"word": "exam, 图书馆"})
    assert muted(alice) == []
