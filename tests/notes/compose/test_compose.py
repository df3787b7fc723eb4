"""Composing a note: its words, tags, campus, who sees it, and drafts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notes.models import Note
from notes.models.note import TONES
from profiles.models import Campus, User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in
from tests.markup import form_in, main_html, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def test_a_note_without_a_photo_is_published_at_once_with_a_text_cover(client: Client, alice: User) -> None:
    current = make_label(alice, "Film on campus")
    note = made(
        send(client, title=" The best  desk is by the window ", body="Third floor.\r\n\r\nBring tea.")
    )
    assert (note.title, note.body) == ("The best desk is by the window", "Third floor.\n\nBring tea.")
    assert (note.author, note.status, note.visibility) == (alice, "published", "public")
    assert note.published_at
    assert note.edited_at is None
    assert note.positioning == current
    assert note.cover is None
    assert note.text_tone in TONES
    assert 20 <= note.title_width <= 40
    page = client.get(note.get_absolute_url())
    assert (
        f'text-cover--stage tone-{note.text_tone} r-{note.snap} w-{note.title_width}"'
        in page.content.decode()
    )


def test_the_person_who_follows_sees_it(client: Client, bob: User) -> None:
    made(send(client, title="The best desk"))
    assert "The best desk" in words(signed_in(bob).get("/following/"))
    assert "The best desk" in words(Client().get("/"))


def test_tags_come_from_the_field_and_from_the_story(client: Client) -> None:
    note = made(
        send(
            client,
            title="Noodles",
            tags="Street Food, #深夜食堂，ｃａｆｅ、",
            body="All of #Café and #street-food, #深夜食堂 again #",
        )
    )
    names = {"street food", "深夜食堂", "cafe", "café", "street-food"}
    assert set(note.tags.names()) == names
    page = client.get(note.get_absolute_url())
    for tag in note.tags.all():
        assert client.get(f"/tags/{tag.slug}/").status_code == 200
        assert f'href="{reverse("tag", args=[tag.slug])}"' in main_html(page)


def test_the_case_of_a_tag_makes_no_new_one(client: Client) -> None:
    send(client, title="One", tags="Tea")
    send(client, title="Two", tags="TEA, tea", body="#tEa")
    assert [list(note.tags.names()) for note in Note.objects.all()] == [["tea"], ["tea"]]


def test_ten_tags_are_taken_and_eleven_are_not(client: Client) -> None:
    ten = [f"tag{number}" for number in range(10)]
    assert made(send(client, title="Ten", tags=", ".join(ten))).tags.count() == 10
    for tags, body in (([*ten, "more"], ""), (ten, "and #more")):
        response = send(client, title="Eleven", tags=", ".join(tags), body=body)
        assert response.status_code == 422
        assert "At most 10 tags" in words(response)
        assert again(response)["tags"] == [", ".join(tags)]
    assert Note.objects.count() == 1


def test_a_tag_in_the_story_that_grows_when_normal_is_only_text(client: Client) -> None:
    note = made(send(client, title="Blessed", body="#" + "ﷺ" * 50))
    assert note.tags.count() == 0
    assert "ﷺ" * 50 in words(client.get(note.get_absolute_url()))


def test_a_campus_that_is_known_is_found_and_another_is_added(client: Client) -> None:
    known = make_campus("Linhai University", "Linhai")
    assert made(send(client, title="Here", campus="ＬＩＮＨＡＩ  university")).campus == known
    Note.objects.all().delete()
    added = made(send(client, title="There", campus="清华大学", place=" Old  gate ")).campus
    assert (added.name, Campus.objects.count()) == ("清华大学", 2)
    note = Note.objects.get()
    assert note.place == "Old gate"
    assert "清华大学" in words(client.get(note.get_absolute_url()))
    assert client.get(added.get_absolute_url()).status_code == 200


def test_the_form_starts_with_the_campus_of_its_author(alice: User) -> None:
    alice.campus = make_campus("Linhai University")
    alice.save()
    assert filled_in(signed_in(alice))["campus"] == ["Linhai University"]


@pytest.mark.parametrize(("visibility", "seers"), [("followers", ["alice", "bob"]), ("private", ["alice"])])
def test_who_can_see_it(alice: User, bob: User, charlie: User, visibility: str, seers: list[str]) -> None:
    note = made(send(signed_in(alice), title="Not for all", visibility=visibility))
    people = {"alice": alice, "bob": bob, "charlie": charlie, "nobody": None}
    pages = {name: signed_in(person).get(note.get_absolute_url()) for name, person in people.items()}
    assert [name for name, page in pages.items() if page.status_code == 200] == seers


def test_a_partner_is_disclosed_on_card_and_page(client: Client) -> None:
    note = made(send(client, title="A pot", disclosure="gifted", partner="Teapot & Co"))
    assert (note.disclosure, note.partner) == ("gifted", "Teapot & Co")
    assert "Gifted by Teapot & Co" in words(client.get(note.get_absolute_url()))


@pytest.mark.parametrize(
    ("disclosure", "word", "in_chinese"),
    [("gifted", "Gifted", "赠品"), ("paid", "Ad", "广告"), ("own", "Ad", "广告"), ("none", "", "")],
)
def test_a_card_has_one_word_for_a_brand(
    client: Client, alice: User, disclosure: str, word: str, in_chinese: str
) -> None:
    make_note(alice, disclosure=disclosure, partner="" if disclosure == "none" else "Teapot & Co")
    for language, shown in (("en", word), ("zh-hans", in_chinese)):
        page = client.get("/", headers={"accept-language": language})
        row = r'<p class="card__brand">\s*<span\s+class="card__tag"\s*>(.*?)</span>'
        assert re.findall(row, page.text) == ([shown] if shown else [])
        assert "Teapot" not in words(page)


def test_a_partner_without_a_disclosure_is_nobody(client: Client) -> None:
    assert made(send(client, title="A pot", disclosure="none", partner="Teapot")).partner == ""


def test_fields_left_out_have_plain_values(client: Client) -> None:
    note = made(client.post(NEW, {"title": "Only this"}))
    assert (note.visibility, note.disclosure, note.status) == ("public", "none", "published")


@pytest.mark.parametrize("what", ["title", "body", "tags", "place"])
def test_a_draft_may_be_anything_but_empty(client: Client, what: str) -> None:
    note = made(send(client, action="draft", **{what: "Something"}))
    assert (note.status, note.published_at) == ("draft", None)
    page = client.get(f"{note.get_absolute_url()}edit/")
    assert again(page)[what] == ["Something"]


def test_an_empty_draft_is_not_kept(client: Client) -> None:
    response = send(client, action="draft", title=" \n ")
    assert response.status_code == 422
    assert "There’s nothing to save in this draft yet" in words(response)
    assert not Note.objects.exists()


def test_a_draft_is_published_from_its_editor(client: Client) -> None:
    note = made(send(client, action="draft", title="Soon", tags="tea"))
    note = made(send(client, f"{note.get_absolute_url()}edit/"))
    assert (note.status, note.edited_at, list(note.tags.names())) == ("published", None, ["tea"])


def test_a_note_to_publish_needs_a_title(client: Client) -> None:
    response = send(client, body="No title.", place="Gate")
    assert response.status_code == 422
    assert "Give the note a title" in words(response)
    assert (again(response)["body"], again(response)["place"]) == (["No title."], ["Gate"])
    assert not Note.objects.exists()


def test_an_unverified_person_keeps_a_draft_and_publishes_it_later() -> None:
    person = make_person("new_here", verified=False)
    client = signed_in(person)
    response = send(client, title="My first", body="Hello.", tags="tea", campus="Linhai University")
    assert response.status_code == 403
    assert "Confirm your e-mail address to publish. The note is kept as a draft." in words(response)
    draft = Note.objects.get()
    assert (draft.status, draft.title, draft.body) == ("draft", "My first", "Hello.")
    assert list(draft.tags.names()) == ["tea"]
    response = client.post(NEW, again(response, title="My first, again"))
    assert response.status_code == 403
    assert Note.objects.get().title == "My first, again"
    assert client.post(NEW, again(response, action="draft")).status_code == 303
    person.emailaddress_set.update(verified=True)
    assert client.post(NEW, again(response)).status_code == 303
    assert Note.objects.get(pk=draft.pk).status == "published"


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back() -> None:
    visitor = Client()
    for response in (
        visitor.get(NEW),
        visitor.post(NEW, {"title": "No"}, headers={"Referer": f"http://testserver{NEW}"}),
    ):
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={NEW}"
    assert not Note.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(NEW).status_code == 405


def test_looking_at_the_form_writes_nothing(client: Client) -> None:
    first, second = filled_in(client), filled_in(client)
    assert first["key"] != second["key"]
    assert not Note.objects.exists()


def test_a_tag_in_use_is_added_by_its_chip(client: Client) -> None:
    send(client, title="One", tags="tea")
    form = form_in(client.get(NEW), "compose")
    response = client.post(NEW, form.pressed("add", "tea", title="Two", tags="noodles", visibility="private"))
    assert response.status_code == 200
    back = again(response)
    assert (back["tags"], back["title"], back["visibility"]) == (["noodles, tea"], ["Two"], ["private"])
    assert back["key"] == form.fields["key"]
    assert Note.objects.count() == 1


def test_the_form_as_rendered_passes_csrf_checks(alice: User) -> None:
    browser = signed_in(alice, enforce_csrf_checks=True)
    assert send(browser, title="Forged", csrfmiddlewaretoken=[]).status_code == 403
    assert not Note.objects.exists()
    assert made(send(browser, title="Mine")).title == "Mine"
