"""The admin site in Chromium: every page under our content security policy, in a moderator's workflow."""

import re

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from notes.models import Note
from profiles.models import User
from tests.builders import make_campus, make_comment, make_label, make_note, make_person, make_photo
from tests.servers import WebServer, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def complaints(context: BrowserContext) -> list[str]:
    """What the browser complains of: errors, broken rules of the policy, files that are not there."""
    found: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(f"{message.page.url if message.page else ''}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found


@pytest.fixture
def note(alice: User, bob: User) -> Note:
    make_label(alice, "Matcha person")
    note = make_note(alice, "Three cafés", campus=make_campus(), tags=["coffee"])
    note.cover = make_photo(alice, note=note, with_files=True, alt="A cup on a table")
    note.save()
    make_note(bob, "A text cover")
    make_comment(bob, note, "Where is the second one?")
    return note


@pytest.mark.parametrize(
    ("scheme", "step"),
    [
        pytest.param("light", 2, id="every other in light"),
        pytest.param("light", 1, id="light", marks=pytest.mark.long),
        pytest.param("dark", 1, id="dark", marks=pytest.mark.long),
    ],
)
def test_no_page_breaks_the_policy(
    page: Page,
    web_server: WebServer,
    complaints: list[str],
    note: Note,
    alice: User,
    mona: User,
    scheme: str,
    step: int,
) -> None:
    """Look at every page; in `make test` at every other, among them each kind: list, form, history, action."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page.context, mona, web_server)
    comment, label = note.comments.get(), alice.positionings.get().label
    paths = [
        "",
        "notes/",
        "notes/note/?q=cafés&hidden=no",
        "notes/note/",
        f"notes/note/{note.pk}/change/",
        f"notes/note/?published_at__year={note.published_at:%Y}",
        f"notes/note/{note.pk}/history/",
        f"notes/note/{note.pk}/hide/",
        f"profiles/user/{alice.pk}/suspend/",
        "notes/comment/",
        f"notes/comment/{comment.pk}/change/",
        "profiles/user/",
        "profiles/campus/add/",
        f"profiles/user/{alice.pk}/change/",
        f"profiles/label/{label.pk}/change/",
        "profiles/label/",
        f"profiles/campus/{note.campus_id}/change/",
        "profiles/campus/",
    ]
    for path in paths[::step]:
        answer = page.goto(f"/admin/{path}", wait_until="load")
        assert answer
        assert answer.status == 200, path
    assert complaints == []


def test_a_moderator_hides_and_restores(
    page: Page, web_server: WebServer, complaints: list[str], note: Note, mona: User
) -> None:
    sign_in(page.context, mona, web_server)
    page.goto("/admin/notes/note/")
    expect(page.locator("img.thumb")).to_have_js_property("naturalWidth", 96)
    page.get_by_role("link", name="Three cafés").click()
    expect(page.get_by_text("A cup on a table")).to_be_visible()
    page.get_by_role("button", name="Hide").click()
    page.get_by_label("Reason").fill("It advertises without saying so.")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden: 1")).to_be_visible()
    expect(page.get_by_text("It advertises without saying so.")).to_be_visible()
    expect(page.locator(".photos img")).to_have_js_property("naturalWidth", 96)
    note.refresh_from_db()
    assert note.hidden_by == mona
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Hidden: It advertises without saying so.")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restored: 1")).to_be_visible()
    note.refresh_from_db()
    assert note.hidden_at is None
    assert complaints == []


def test_several_notes_are_hidden_for_one_reason(
    page: Page, web_server: WebServer, complaints: list[str], note: Note, mona: User
) -> None:
    sign_in(page.context, mona, web_server)
    page.goto("/admin/notes/note/")
    page.locator("#action-toggle").check()
    page.get_by_role("combobox", name="Action").select_option("Hide")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("Reason").fill("One campaign from two accounts.")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden: 2")).to_be_visible()
    assert (
        list(Note.objects.values_list("hidden_reason", flat=True)) == ["One campaign from two accounts."] * 2
    )
    assert complaints == []


def test_a_superuser_appoints_a_moderator(
    page: Page, web_server: WebServer, complaints: list[str], alice: User, mona: User
) -> None:
    root = make_person("root_1", is_staff=True, is_superuser=True)
    sign_in(page.context, root, web_server)
    page.goto(f"/admin/profiles/user/{alice.pk}/change/")
    page.get_by_role("checkbox", name="Moderator").check()
    page.locator(".select2-container").click()
    page.get_by_role("option", name="Moderators").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("@alice")
    alice.refresh_from_db()
    assert alice.has_perm("notes.change_note")
    page.goto(f"/admin/auth/group/{alice.groups.get().pk}/change/")
    expect(page.locator(".selector-chosen")).to_be_visible()
    assert complaints == []


def test_sign_in_leads_to_admin(page: Page, web_server: WebServer, complaints: list[str], mona: User) -> None:
    page.goto("/admin/notes/note/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
