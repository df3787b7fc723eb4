"""Suggested people with reasons; and which followed people follow a person."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.actions.blocks import block, mute
from people.actions.follows import follow
from people.actions.people import suspend_person
from people.suggestions import suggestions
from profiles.models import Dismissal, Follow, FollowRequest, User
from tests.builders import make_campus, make_label, make_note, make_person, signed_in, status
from tests.markup import words

pytestmark = pytest.mark.django_db

PAGE = "/people/"


def suggested(viewer: User) -> dict[str, list[str]]:
    return {each.person.handle: each.reasons for each in suggestions(viewer)}


@pytest.fixture
def lin(db: None) -> User:
    """At Linhai, of tea, following Kai and Wen."""
    person = make_person("lin", name="Lin", campus=make_campus())
    make_label(person, "Tea person", topics=["tea", "seats"])
    for handle in ("kai", "wen"):
        follow(follower=person, followed=make_person(handle, name=handle.title()))
    return person


def of(handle: str) -> User:
    return User.objects.get(handle=handle)


def test_each_source_says_its_reason(lin: User) -> None:
    campus = make_campus()
    make_note(make_person("near", campus=campus), campus=campus)
    make_note(make_person("shy", campus=campus, shows_campus=False), campus=campus)
    make_note(make_person("visitor"), campus=campus)
    make_note(make_person("reads_tea"), tags=["Tea"])
    friend, all_of_it = make_person("friend"), make_person("all_of_it", campus=campus)
    make_note(all_of_it, tags=["seats", "tea"], campus=campus)
    for handle in ("kai", "wen"):
        follow(follower=of(handle), followed=friend)
    follow(follower=of("kai"), followed=all_of_it)
    assert suggested(lin) == {
        "all_of_it": ["Followed by Kai, who you follow", "Writes about tea too", "On your campus"],
        "friend": ["Followed by Wen and 1 other you follow"],
        "reads_tea": ["Writes about tea too"],
        "near": ["On your campus"],
    }
    assert list(suggested(lin)) == ["all_of_it", "friend", "reads_tea", "near"], "always in this order"
    User.objects.filter(handle="near").update(follower_count=10**6)
    assert list(suggested(lin)) == ["all_of_it", "friend", "reads_tea", "near"], "however famous others are"


KEPT_OUT = {
    "followed": lambda lin, other: follow(follower=lin, followed=other),
    "asked": lambda lin, other: FollowRequest.objects.create(follower=lin, followed=other),
    "muted": lambda lin, other: mute(muter=lin, muted=other),
    "blocked": lambda lin, other: block(blocker=lin, blocked=other),
    "blocking": lambda lin, other: block(blocker=other, blocked=lin),
    "suspended": lambda lin, other: suspend_person(person=other, by=None, reason="Spam"),
    "approving": lambda lin, other: User.objects.filter(pk=other.pk).update(approves_followers=True),
    "young": lambda lin, other: User.objects.filter(pk=other.pk).update(stage="high_school"),
    "dismissed": lambda lin, other: signed_in(lin).post(f"/@{other.handle}/suggestion/delete/"),
}


@pytest.mark.parametrize("why", KEPT_OUT)
def test_who_is_never_suggested(lin: User, why: str) -> None:
    campus, other = make_campus(), make_person("other", campus=make_campus())
    make_note(other, tags=["tea"], campus=campus)
    follow(follower=of("kai"), followed=other)
    make_note(lin, tags=["tea"], campus=campus)
    assert list(suggested(lin)) == ["other"], "nor oneself"
    KEPT_OUT[why](lin, other)
    assert suggested(lin) == {}


def test_only_public_notes_and_friends_in_sight_are_reasons(lin: User) -> None:
    for fields in ({"visibility": "followers"}, {"hidden_at": "2026-11-01T00:00Z"}, {"status": "draft"}):
        make_note(make_person(), tags=["tea"], **fields)
    follow(follower=of("kai"), followed=make_person("far"))
    mute(muter=lin, muted=of("kai"))
    assert suggested(lin) == {}


def test_the_page(lin: User) -> None:
    client = signed_in(lin)
    assert "Nobody to suggest yet" in words(client.get(PAGE))
    make_label(make_person("other", name="Other"), "Night library")
    follow(follower=of("kai"), followed=of("other"))
    page = client.get(PAGE)
    for part in ("Other", "Night library", "Followed by Kai, who you follow", "Not interested"):
        assert part in words(page), part
    assert 'formaction="/@other/follow/"' in page.text
    fragment = client.get(PAGE, headers={"HX-Request": "true"})
    assert "<main" not in fragment.text
    assert "Followed by Kai" in fragment.text
    assert "HX-Request" in fragment["Vary"]
    assert f'hx-get="{PAGE}"' in client.get("/following/").text
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_not_interested_twice_is_once(lin: User, alice: User) -> None:
    client, path = signed_in(lin), "/@alice/suggestion/delete/"
    for _ in range(2):
        assert client.post(path)["Location"] == PAGE
    assert Dismissal.objects.get().dismissed == alice
    assert client.post("/@lin/suggestion/delete/").status_code == 404
    assert client.get(path).status_code == 405
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    assert status(client, "/@alice/") == 200, "it changes nothing else"


def common(viewer: User | None) -> str:
    said = words(signed_in(viewer).get("/@alice/"))
    return said.partition("likes and saves ")[2].partition(" Follow")[0] if "Followed by" in said else ""


def test_followed_by_people_one_follows(lin: User, alice: User, mona: User) -> None:
    assert common(lin) == ""
    follow(follower=of("kai"), followed=alice)
    assert "Followed by Kai, who you follow" in words(signed_in(lin).get("/@alice/"))
    follow(follower=of("wen"), followed=alice)
    follow(follower=make_person("far"), followed=alice)
    assert "Followed by Kai and 1 other you follow" in words(signed_in(lin).get("/@alice/"))
    for viewer in (None, alice, mona):
        assert "Followed by" not in signed_in(viewer).get("/@alice/").text
    mute(muter=lin, muted=of("kai"))
    assert "Followed by Wen, who you follow" in words(signed_in(lin).get("/@alice/"))
    suspend_person(person=of("wen"), by=mona, reason="Spam")
    assert common(lin) == ""


def test_the_circle_of_who_approves_is_for_followers(lin: User, alice: User, mona: User) -> None:
    follow(follower=of("kai"), followed=alice)
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    for viewer in (None, lin, mona):
        client = signed_in(viewer)
        assert "Followed by" not in client.get("/@alice/").text
        assert "/@alice/followers/" not in client.get("/@alice/").text
        for path in ("/@alice/followers/", "/@alice/following/"):
            assert client.get(path).status_code == 404, path
    for viewer in (alice, of("kai")):
        assert "/@alice/followers/" in signed_in(viewer).get("/@alice/").text
        assert status(signed_in(viewer), "/@alice/followers/") == 200


def buffers(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        plan: Any = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def asked(viewer: User, path: str) -> list[str]:
    client = signed_in(viewer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))]


@pytest.mark.long
def test_the_price_does_not_grow_with_the_crowd(lin: User, alice: User) -> None:
    """2,000 followed and a crowd of 2,500 followers: as many queries, and few buffers, found by index."""
    few = {path: asked(lin, path) for path in ("/@alice/", PAGE)}
    crowd(lin, alice, followed=2_000, followers=2_500)
    many = {path: asked(lin, path) for path in few}
    assert {path: len(sql) for path, sql in many.items()} == {"/@alice/": len(few["/@alice/"]), PAGE: 5}
    (bond,) = (sql for sql in many["/@alice/"] if "both_follow" in sql)
    (candidates,) = (sql for sql in many[PAGE] if "AS candidate" in sql or "candidate AS" in sql)
    print(buffers(bond), buffers(candidates))
    assert buffers(bond) < 700
    assert buffers(candidates) < 6_000


def crowd(viewer: User, person: User, *, followed: int, followers: int) -> None:
    """All follow the person, the viewer some of them, and every tenth the twenty after them."""
    User.objects.bulk_create(
        User(email=f"{number}@crowd.test", handle=f"crowd_{number}", name="Crowd", is_counted=True)
        for number in range(followers)
    )
    pks = list(User.objects.filter(name="Crowd").order_by("pk").values_list("pk", flat=True))
    pairs = [(pk, person.pk) for pk in pks] + [(viewer.pk, pk) for pk in pks[:followed]]
    pairs += [(pk, other) for at, pk in enumerate(pks) if at % 10 == 0 for other in pks[at + 1 : at + 21]]
    Follow.objects.bulk_create(Follow(follower_id=one, followed_id=other) for one, other in pairs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE profiles_follow, profiles_user")
