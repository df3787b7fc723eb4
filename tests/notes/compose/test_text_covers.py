"""The cover of a note without photos: the author chooses its colour, and its title is sized by its width."""

import re

import pytest
from django.test import Client

from core.text import cover_snap, title_width, word_width
from notes.compose.actions import first_tone
from notes.forms import PAPERS
from notes.models import Note
from notes.models.note import TONES
from profiles.models import User
from tests.builders import make_note, make_photo, signed_in
from tests.markup import form_in, main_html, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send

TITLE = "An undergraduate’s 图书馆 guide 📚"


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"


def test_every_tone_is_a_paper() -> None:
    assert tuple(PAPERS) == TONES
    assert len(set(map(str, PAPERS.values()))) == len(TONES)


@pytest.mark.parametrize("tone", TONES)
def test_the_chosen_colour_is_seen_by_others(client: Client, tone: str) -> None:
    note = made(send(client, title=TITLE, text_tone=tone))
    assert note.text_tone == tone
    title, word = f"w-{title_width(TITLE)}", f"w-{word_width(TITLE)}"
    visitor = Client()
    page, card = visitor.get(note.get_absolute_url()).text, visitor.get("/").text
    assert f'<h1 class="text-cover text-cover--stage tone-{tone} r-{cover_snap(TITLE)} {title}"' in page
    assert f'class="text-cover__title {word}"' in page
    assert f'class="r-{cover_snap(TITLE)} {title} is-text"' in card
    assert f'class="card__media text-cover tone-{tone}"' in card
    assert f'class="card__link text-cover__title {word}"' in card


def test_it_can_be_changed_later(client: Client, alice: User) -> None:
    note = make_note(alice, TITLE, text_tone="sky")
    assert form_in(client.get(editor(note)), "compose").fields["text_tone"] == ["sky"]
    send(client, editor(note), text_tone="dark")
    note.refresh_from_db()
    assert note.text_tone == "dark"


def test_a_new_note_comes_in_the_colour_that_its_form_shows(client: Client) -> None:
    data = filled_in(client, title=TITLE)
    (tone,) = data["text_tone"]
    assert made(client.post(NEW, data)).text_tone == tone


def test_a_form_that_says_nothing_of_it_changes_nothing(client: Client, alice: User) -> None:
    note = make_note(alice, TITLE, text_tone="leaf")
    send(client, editor(note), text_tone=[])
    note.refresh_from_db()
    assert note.text_tone == "leaf"
    note.delete()
    data = filled_in(client, title=TITLE, text_tone=[])
    new = made(client.post(NEW, data))
    assert new.text_tone == first_tone(new.key)


def test_a_colour_that_is_none_is_refused(client: Client) -> None:
    response = send(client, title=TITLE, text_tone="mauve")
    assert response.status_code == 422
    assert "Select a valid choice." in words(response)
    assert again(response)["title"] == [TITLE]
    assert not Note.objects.exists()


def test_without_scripts_a_button_shows_the_cover_and_saves_nothing(client: Client) -> None:
    typed = {"title": TITLE, "body": "Half a", "tags": "★", "text_tone": "rose"}
    data = filled_in(client, **typed)
    del data["action"]
    response = client.post(NEW, data | {"show": "1"})
    assert response.status_code == 200
    fields = form_in(response, "compose").fields
    assert {name: fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert (
        f'class="card__media text-cover tone-rose r-{cover_snap(TITLE)} w-{title_width(TITLE)}"'
        in response.text
    )
    assert f'class="text-cover__title w-{word_width(TITLE)}"' in response.text
    assert not Note.objects.exists()


def test_a_cover_photo_is_shown_in_its_place(client: Client, alice: User) -> None:
    note = make_note(alice, TITLE)
    photo = make_photo(alice, note=note)
    page = client.get(editor(note)).text
    assert page.count(f'src="{photo.base}320.jpg"') == 2, "In the photo list and in the preview."


@pytest.mark.parametrize(
    ("title", "snap"),
    [
        ("Tea", 18),
        ("靠窗的座位七点就没了", 24),
        ("Flowers instead of sleep", 23),
        ("W" * 40, 18),  # in small letters, four lines
        ("图" * 40, 31),
    ],
)
def test_a_cover_is_as_tall_as_its_lines(title: str, snap: int) -> None:
    assert cover_snap(title) == snap


def test_the_cover_is_the_title_of_its_page(client: Client, alice: User) -> None:
    text, photographed = make_note(alice, TITLE), make_note(alice, TITLE, photos=1)
    for note, said in ((text, "text-cover__title"), (photographed, "note__title")):
        html, _end, _others = main_html(client.get(note.get_absolute_url())).partition("</article>")
        assert html.count("<h1") == len(re.findall(rf">\s*{TITLE}\s*<", html)) == 1
        assert said in html
