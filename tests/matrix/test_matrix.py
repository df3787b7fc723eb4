"""Who sees what, on every route there is: a route that the matrix does not name fails it.

What one may not see is answered as what does not exist, to the last byte, in both languages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from notes.models import CommentLike, HistoryEntry
from notes.photos.text_picture import title_image_name
from people.views.indexing import PAGE_IDS
from tests.markup import content, listed
from tests.matrix.world import FIRST, NOBODY, ROLES, World, essence, full

pytestmark = pytest.mark.django_db

# The table of the issue: what each role's browser is answered on the page of a note of Alice's.
TABLE = {
    #                     anonymous, signed in, follower, blocked, author, moderator
    "public": (200, 200, 200, 404, 200, 200),
    "followers": (404, 404, 200, 404, 200, 404),
    "followers reported": (404, 404, 200, 404, 200, 200),
    "private": (404, 404, 404, 404, 200, 404),
    "private reported": (404, 404, 404, 404, 200, 200),
    "draft": (404, 404, 404, 404, 200, 404),
    "hidden": (404, 404, 404, 404, 200, 200),
    "held": (404, 404, 404, 404, 200, 200),
}
LIVE = {"public", "followers", "followers reported", "private", "private reported"}
# Seen by anybody who has its name: only what the author took out of the public's sight is closed to them.
BYTES_ARE_PUBLIC = {"public"}


@dataclass(frozen=True)
class Route:
    """`path` with {note}, {comment}, {media}, {photo} or {person}. `who`: "seers" of the note, its "author",
    "others" who see it, "followers" alone, or "readers", who are those but for visitors and moderators. `live`: only
    while it is published and not hidden. `published`: not before it is. `public`: only while it is for everyone.
    `done`: the answer to those who may. `words`: what is posted.
    """

    path: str
    method: str = "get"
    who: str = "seers"
    live: bool = False
    published: bool = False
    done: int = 200
    public: bool = False
    words: tuple[tuple[str, str], ...] = ()


OF_NOTE = {
    "note": Route("/notes/{note}/"),
    "note_why": Route("/notes/{note}/why/", live=True),
    "note_seen": Route(
        "/notes/{note}/seen/", "post", who="readers", live=True, done=204, words=(("photo", "1"),)
    ),
    "note_edit": Route("/notes/{note}/edit/", who="author"),
    "note_history": Route("/notes/{note}/history/", who="author", published=True),
    "note_version_delete": Route(
        "/notes/{note}/history/1/delete/", "post", who="author", published=True, done=303
    ),
    "mirror_note": Route("/insights/notes/{note}/", who="author", published=True),
    "mirror_note_table": Route("/insights/notes/{note}/sources.csv", who="author", published=True),
    "note_edit_delete": Route("/notes/{note}/edit/delete/", "post", who="author", done=303),
    "note_unschedule": Route("/notes/{note}/schedule/delete/", "post", who="author", done=303),
    "note_delete": Route("/notes/{note}/delete/", who="author"),
    "note_pin": Route("/notes/{note}/pin/", "post", who="author", public=True, done=303),
    "note_unpin": Route("/notes/{note}/pin/delete/", "post", who="author", done=303),
    "note_series": Route("/notes/{note}/series/", who="author", published=True),
    "note_like": Route("/notes/{note}/like/", "post", live=True, done=303),
    "note_unlike": Route("/notes/{note}/like/delete/", "post", live=True, done=303),
    "note_collect": Route("/notes/{note}/collect/", "post", live=True, done=303),
    "note_uncollect": Route("/notes/{note}/collect/delete/", "post", live=True, done=303),
    "note_collections": Route("/notes/{note}/collections/", live=True),
    "note_less": Route("/notes/{note}/less/", "post", who="others", live=True, done=303),
    "note_likes": Route("/notes/{note}/likes/", live=True),
    "note_mute": Route("/notes/{note}/mute/", "post", done=303),
    "note_unmute": Route("/notes/{note}/mute/delete/", "post", done=303),
    "comments": Route("/notes/{note}/comments/", "post", live=True, done=422),  # nothing is said
    "media": Route("{media}"),
    "note_picture": Route("/notes/{note}/picture-{picture}.jpg"),
    "photo_edit": Route("/photos/{photo}/edit/", who="author"),
    "photo_picture": Route("/photos/{photo}/picture/", who="author"),
    "photo_whole": Route("/photos/{photo}/whole.jpg", who="author"),
    "report": Route("/report/?note={note}", who="others"),
    "admin:notes_note_change": Route("/admin/notes/note/{note}/change/", who="moderator"),
    "admin:notes_note_history": Route("/admin/notes/note/{note}/history/", who="moderator"),
    "admin:notes_note_hide": Route("/admin/notes/note/{note}/hide/", who="moderator"),
    "admin:notes_note_delete": Route("/admin/notes/note/{note}/delete/", who="moderator", done=403),
}
OF_COMMENT = {
    "comment_like": Route("/comments/{comment}/like/", "post", live=True, done=303),
    "comment_unlike": Route("/comments/{comment}/like/delete/", "post", live=True, done=303),
    "comment_pin": Route("/comments/{comment}/pin/", "post", live=True, done=403),
    "comment_unpin": Route("/comments/{comment}/pin/delete/", "post", live=True, done=403),
    "comment_edit": Route("/comments/{comment}/edit/", who="author", live=True),
    "comment_delete": Route("/comments/{comment}/delete/", "post", who="others", done=403),
    "report": Route("/report/?comment={comment}", who="others"),
    "admin:notes_comment_change": Route("/admin/notes/comment/{comment}/change/", who="moderator"),
    "admin:notes_comment_history": Route("/admin/notes/comment/{comment}/history/", who="moderator"),
    "admin:notes_comment_hide": Route("/admin/notes/comment/{comment}/hide/", who="moderator"),
    "admin:notes_comment_delete": Route("/admin/notes/comment/{comment}/delete/", who="moderator", done=403),
}
OF_PERSON = {
    "profile": Route("/@{person}/"),
    "followers": Route("/@{person}/followers/"),
    "following_of": Route("/@{person}/following/"),
    "collections": Route("/@{person}/collections/"),
    "report": Route("/report/?person={person}", who="others"),
    # Alice lets her followers pick words; Bob has read fewer than three of her notes.
    "words_for": Route("/@{person}/words/", who="followers"),
    "mute": Route("/@{person}/mute/", "post", who="others", done=303),
    "dismiss": Route("/@{person}/suggestion/delete/", "post", who="others", done=303),
    "unmute": Route("/@{person}/mute/delete/", "post", done=303),
    "unfollow": Route("/@{person}/follow/delete/", "post", done=303),
    "follow": Route("/@{person}/follow/", "post", who="others", done=303),
    "follower_remove": Route("/@{person}/follower/delete/", who="others"),
    "approve": Route("/@{person}/request/approve/", "post", done=303),
    "decline": Route("/@{person}/request/delete/", "post", done=303),
    "unblock": Route("/@{person}/block/delete/", "post", done=303),
    "block": Route(
        "/@{person}/block/", "post", who="others", done=303
    ),  # last: it changes what both people see
}
# Lists of notes: which viewers find the table's public note on it. {label}: the author's label, declared before all.
LISTS = {
    "explore": ("/", "/?sort=latest", "/?channel=tea"),
    "tag": ("/tags/tea/",),
    "label": ("/labels/tea-person/",),
    "campus": ("/campuses/linhai-university/",),
    "profile": ("/@alice/", "/@alice/?label={label}"),
    "following": ("/following/",),
    "search": (
        "/search/?q=Note",
        "/search/?q=tea&kind=notes",
        "/search/?q=Note&sort=latest&time=day&photos=1",
    ),
    "sitemap_page": (f"/sitemaps/notes-{FIRST // PAGE_IDS}.xml",),
}
OWN_LISTS = {"following": {"follower"}}
ONES_OWN = {  # the viewer's own pages: no notes or names of other people
    *("settings_profile", "settings_privacy", "settings_label", "settings_label_delete"),
    *("settings_languages", "settings_time_zone", "notifications", "notifications_read", "notification_mute"),
    *("settings_notifications", "digest"),
    *("settings_standing", "decisions", "decision", "appeal", "reports"),
    *("settings_blocked", "settings_muted", "follow_requests", "word_mute", "word_unmute"),
    "welcome_profile",
    *("recent_search_delete", "recent_searches_clear", "recent_searches_keep"),
    "saved_search",  # the saved notes that tests/search/test_saved.py allows
    "search_suggestions",  # names that tests/search/test_suggestions.py allows
    "mentions",  # people that tests/notes/mentions/test_suggestions.py allows
    *("people", "welcome_people"),  # the people that tests/people/test_suggestions.py allows
    # A series and its pages are tried in tests/notes/series/: they are there where one of its notes may be opened.
    *(
        "series_new",
        "series_add",
        "series_edit",
        "series_order",
        "series_remove",
        "series_delete",
        "series_list",
        "series",
    ),
    # Of other people's notes it has those alone that tests/notes/less/ allows.
    *("settings_less", "less_clear", "note_less_undo"),
    # Of other people's notes it has those alone that test_a_reading_history_has_nothing_unseen allows.
    *("history", "history_on", "history_off", "history_clear", "history_remove", "history_restore"),
    *("drafts", "note_new", "uploads", "upload_delete"),
    *("my_collections", "collection_new"),
    *("settings_data", "archive", "settings_leaving", "keep", "restore_address"),
    *("mirror_audience_table", "mirror_words_table"),
    *("mirror_audience", "mirror_words", "word_strike", "word_unstrike", "settings_words", "words_take_back"),
    *("mirror", "mirror_table", "mirror_notes", "mirror_notes_table", "mirror_label", "mirror_label_table"),
}
NOBODYS = {
    "about",
    "terms",
    "privacy",
    "rules",
    "transparency",
    "transparency_table",
    "support",
    "young_people",
    "theme",
    "keys",
    "language",
    "introduction",
    "healthz",
    "readyz",
    "too_large",
    "robots",
    "sitemap",
}
# A person's picture is public as the photo of a public note is: by its name, to anybody, until they are suspended. A
# decision is open by the signed link in its mail (tests/moderation/test_telling.py).
BY_NAME = {"avatar", "appeal_by_key"}
# Who sees which collection is in tests/matrix/test_collections.py.
OF_COLLECTION = {
    *("collection", "collection_follow", "collection_unfollow"),
    *("collection_edit", "collection_order", "collection_merge", "collection_delete", "collection_remove"),
}
ACCOUNTS = ("account_", "usersessions_")


def routes(resolver: URLResolver, path: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name, with its namespace, and path as a pattern."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", here
        else:
            yield from routes(entry, here, f"{space}{entry.namespace}:" if entry.namespace else space)


def test_the_matrix_names_every_route() -> None:
    named = {*OF_NOTE, *OF_COMMENT, *OF_PERSON, *OF_COLLECTION, *LISTS, *ONES_OWN, *NOBODYS, *BY_NAME}
    found = {name for name, _path in routes(get_resolver())}
    unnamed = {name for name in found - named if not name.startswith(("admin:", *ACCOUNTS))}
    assert unnamed == set(), "say in the matrix who sees what there"
    assert named - found == set(), "the matrix names what is not there"
    ours = {name for name in found if name.startswith(("admin:notes_note_", "admin:notes_comment_"))}
    assert {name for name in ours - named if not name.endswith(("_add", "_changelist"))} == set()


@pytest.fixture(params=["en", pytest.param("zh-hans", marks=pytest.mark.long)])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def make_world() -> World:
    return full()


@pytest.fixture
def world(world: World, language: str) -> World:
    for browser in world.browsers.values():
        browser.cookies["language"] = language
        browser.get("/about/")  # the first answer to a browser tells it which one it is
    return world


def ask(world: World, role: str, route: Route, **names: str) -> HttpResponse:
    return getattr(world.browsers[role], route.method)(route.path.format(**names), dict(route.words))


def check(world: World, role: str, route: Route, cell: Any, may: bool, *, here: dict, nowhere: dict) -> None:
    """One cell: who may is answered `done`; who may not, as if it were not there."""
    answer = ask(world, role, route, **here)
    if may and not (role == "anonymous" and answer.status_code == 302):
        assert answer.status_code == route.done, cell
        content(answer)
        return
    key = (role, route.path)
    if key not in world.missing:
        missing = ask(world, role, route, **nowhere)
        assert missing.status_code == 404 or (role == "anonymous" and missing.status_code == 302), cell
        world.missing[key] = essence(missing, *nowhere.values())
    assert essence(answer, *here.values()) == world.missing[key], cell


def may(route: Route, role: str, sees: bool, state: str, author: str = "author") -> bool:
    if (route.live and state not in LIVE) or (route.published and state == "draft"):
        return False
    if route.public and state != "public":
        return False
    if route.who == "author":
        return role == author
    if route.who == "readers":
        return sees and role not in {author, "anonymous", "moderator"}
    if route.who == "moderator":
        return role == "moderator" and sees
    if route.who == "followers":
        return role == "follower" and sees
    return sees and not (route.who == "others" and role == author)


def test_notes(world: World) -> None:
    for state, row in TABLE.items():
        note = world.notes[state]
        photo = str(note.photos.get().pk)
        here = {"note": str(note.pk), "media": world.media[state], "photo": photo}
        nowhere = {"note": str(NOBODY), "media": f"/media/{'0' * 32}-96.jpg", "photo": str(NOBODY)}
        here["picture"], nowhere["picture"] = title_image_name(note), "0" * 20
        for role, expected in zip(ROLES, row, strict=True):
            for name, route in OF_NOTE.items():
                sees = expected == 200 or (name == "media" and state in BYTES_ARE_PUBLIC)
                if name == "note_picture":
                    sees = state in BYTES_ARE_PUBLIC
                allowed = may(route, role, sees, state)
                check(world, role, route, (state, role, name), allowed, here=here, nowhere=nowhere)
    assert "No ads." in world.browsers["author"].get(world.notes["hidden"].get_absolute_url()).text


def test_comments(world: World) -> None:
    for state, comment in world.comments.items():
        here, nowhere = {"comment": str(comment.pk)}, {"comment": str(NOBODY)}
        for role, expected in zip(ROLES, TABLE[state], strict=True):
            for name, route in OF_COMMENT.items():
                if name == "comment_delete" and role in {"author", "follower"}:
                    continue  # theirs to delete
                if name in {"comment_pin", "comment_unpin"} and role == "author":
                    continue  # theirs to pin
                allowed = expected == 200 and may(route, role, True, state, author="follower")
                check(world, role, route, (state, role, name), allowed, here=here, nowhere=nowhere)


@pytest.mark.parametrize("is_suspended", [False, True])
def test_people(world: World, is_suspended: bool) -> None:
    alice = world.people["author"]
    if is_suspended:
        world.press("moderator", f"/admin/profiles/user/{alice.pk}/suspend/", reason="Spam.")
    for role in ROLES:
        if is_suspended and role == "author":
            continue  # signed out, without a pass
        for name, route in OF_PERSON.items():
            allowed = may(route, role, not is_suspended and role != "blocked", "public")
            here, nowhere = {"person": "alice"}, {"person": "nobody"}
            check(world, role, route, (role, name), allowed, here=here, nowhere=nowhere)
            if name == "block" and allowed and role != "anonymous":
                world.press(role, "/@alice/block/delete/")


def test_lists_hold_what_may_be_seen_and_no_word_of_the_rest(world: World) -> None:
    for index, role in enumerate(ROLES):
        unseen = [note for state, note in world.notes.items() if TABLE[state][index] == 404]
        label = world.people["author"].positionings.get().pk
        for name, paths in LISTS.items():
            for path in paths:
                answer = world.browsers[role].get(path.format(label=label))
                wanted = role in OWN_LISTS.get(name, ROLES) and not (
                    role == "blocked" and "sitemap" not in name
                )
                if answer.status_code == 200:
                    public = world.notes["public"]
                    assert (public.pk in listed(answer) or public.get_absolute_url() in answer.text) is wanted
                else:
                    assert answer.status_code == (302 if role == "anonymous" else 404), (role, path)
                for note in (
                    unseen if name != "sitemap_page" else [n for n in unseen if n.visibility != "public"]
                ):
                    assert note.title not in answer.text, (role, path)
                    assert f"/notes/{note.pk}/" not in answer.text, (role, path)


def test_a_reading_history_has_nothing_unseen(world: World) -> None:
    """Everybody once opened every note, and what they may not open now is as if they never had."""
    for index, role in enumerate(ROLES[1:], start=1):
        person = world.people[role]
        for note in world.notes.values():
            HistoryEntry.objects.create(note=note, person=person, opened_at=timezone.now())
        page = world.browsers[role].get("/history/").text
        for state, note in world.notes.items():
            is_listed = TABLE[state][index] == 200 and state in LIVE
            if role == "moderator" and state != "public":
                is_listed = False  # what they open as one is no list's
            assert (note.title in page) is (f"/notes/{note.pk}/" in page) is is_listed, (role, state)


def test_notifications_tell_of_nothing_unseen(world: World) -> None:
    """Bob's comments are liked under notes of every state; Dana followed Alice before she was blocked."""
    for comment in world.comments.values():
        CommentLike.objects.create(comment=comment, person=world.people["author"])
    for index, role in enumerate(ROLES[1:], start=1):
        page = world.browsers[role].get("/notifications/").text
        for state, note in world.notes.items():
            is_told = role == "follower" and state in world.comments and TABLE[state][index] == 200
            is_own = role == "author" and state in world.comments
            assert (note.title in page) is (is_told or is_own), (role, state)
        assert "Dana Deng" not in page or role == "blocked"
        assert ("nav-dot" in page) is ("data-unread" in page) is (role in {"follower", "author"}), role


def test_admin_is_not_there_for_others(world: World) -> None:
    """Every route of admin, ours and Django's, by an address that would be there for a moderator."""
    public, nothing = str(world.notes["public"].pk), "/admin/there/is/nothing/"
    for name, pattern in routes(get_resolver()):
        if not name.startswith("admin:"):
            continue
        path = re.sub(r"\(\?P<\w+>(?:\[[^\]]*\]|\((?:[^()]|\[[^\]]*\])*\)|[^()])*\)", public, pattern)
        path = "/" + re.sub(r"[\^$]", "", re.sub(r"<(?:\w+:)?\w+>", public, path))
        for role in ("signed in", "author"):
            missing = world.browsers[role].get(nothing)
            for method in ("get", "post"):
                answer = getattr(world.browsers[role], method)(path, follow=True)
                assert answer.status_code == 404, (role, name, path)
                assert essence(answer) == essence(missing), (role, name)
        assert world.browsers["anonymous"].get(path).status_code == 302, name


def test_what_is_not_public_leaves_a_trace(world: World) -> None:
    LogEntry.objects.all().delete()
    for note in world.notes.values():
        world.browsers["moderator"].get(note.get_absolute_url())
    pks = {
        str(world.notes[state].pk) for state in ("followers reported", "private reported", "hidden", "held")
    }
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == pks
