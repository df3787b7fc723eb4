"""A password typed on any keyboard is the same password in every form, and old hashes keep working."""

import unicodedata
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client
from django.urls import reverse

from profiles.accounts import Backend
from profiles.models import User
from profiles.passwords import GIVEN_MAX, NEW_MAX
from tests.builders import PASSWORD
from tests.people.test_password_reset import ask_for_link, link_in
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
# The same password, as two keyboards or systems send it.
TWICE = [
    ("caf\u00e9 au lait noir", "cafe\u0301 au lait noir"),
    ("ｐａｓｓｗｏｒｔ１２３４５６！", "passwort123456!"),
    ("한글비밀번호열자리이상", "한글비밀번호열자리이상"),
    ("カフェでコーヒーを飲む", "ｶﾌｪでｺｰﾋｰを飲む"),
    ("a quiet\u3000long\u00a0walk", "a quiet long walk"),
    ("ﬁne old ﬂoors here", "fine old floors here"),
    ("trailing space here ", "trailing space here\u3000"),
    ("            ", "\u3000\u00a0          "),
]
OLD = "caf\u00e9 ＡＵ lait noir"  # never normalised, as hashed before


def sign_in(password: str, person: User) -> Client | None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": password})
    assert answer.status_code in {302, 422}
    return client if answer.status_code == 302 else None


def with_old_hash(person: User, password: str = OLD) -> User:
    User.objects.filter(pk=person.pk).update(password=make_password(password))
    person.refresh_from_db()
    return person


@pytest.mark.parametrize(("one", "other"), [*TWICE, *((other, one) for one, other in TWICE)], ids=ascii)
def test_every_door_takes_either_form(one: str, other: str, mailoutbox: list[Any]) -> None:
    client = Client()
    signup = {"email": "lin@campus.test", "handle": "lin_xia", "password1": one, "birth_year": "2004"}
    assert client.post(reverse("account_signup"), signup).status_code == 302
    lin = User.objects.get(handle="lin_xia")
    lin.emailaddress_set.update(verified=True)
    home = sign_in(other, lin)
    assert home
    change = {"oldpassword": other, "password1": f"quite another {one}"}
    assert home.post(reverse("account_change_password"), change).status_code == 302
    assert sign_in(f"quite another {other}", lin)
    assert (
        home.post(reverse("account_reauthenticate"), {"password": f"quite another {other}"}).status_code
        == 302
    )
    ask_for_link(Client(), lin.email)
    run_jobs()
    form = Client()
    path = form.get(link_in(mailoutbox[-1].body), follow=True).redirect_chain[-1][0]
    assert form.post(path, {"password1": f"as I like it {other}"}).status_code == 302
    assert sign_in(f"as I like it {one}", lin)


def test_an_old_hash_works_as_typed_and_is_renewed_at_sign_in(alice: User) -> None:
    other = "cafe\u0301 AU lait noir"
    with_old_hash(alice)
    assert not sign_in(other, alice), "the hash cannot tell"
    client = sign_in(OLD, alice)
    assert client
    assert client.get("/settings/profile/").status_code == 200, "the renewed hash is the session's"
    assert sign_in(other, alice)
    assert sign_in(OLD, alice)
    assert client.get("/settings/profile/").status_code == 200, "renewed once"


def test_asking_again_keeps_the_session(alice: User) -> None:
    client = Client()
    client.force_login(with_old_hash(alice))
    before = alice.password
    assert client.post(reverse("account_reauthenticate"), {"password": OLD}).status_code == 302
    assert client.get("/settings/profile/").status_code == 200
    alice.refresh_from_db()
    assert alice.password == before
    change = {"oldpassword": OLD, "password1": "another long walk"}
    assert client.post(reverse("account_change_password"), change).status_code == 302


def test_two_sign_ins_at_once_renew_once(alice: User) -> None:
    with_old_hash(alice)
    first, second = User.objects.get(pk=alice.pk), User.objects.get(pk=alice.pk)
    for person in (first, second):
        assert person.check_password(OLD)
    for person in (first, second):
        person.renew_password(OLD)
    assert first.password == second.password


@pytest.mark.parametrize("typed", ["wrong words here", "wrong ｗｏｒｄｓ here"])
def test_an_unknown_address_costs_as_many_hashes_as_a_wrong_password(
    alice: User, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashed.append(args[0]) or encode(self, *args)
    )
    counts = []
    for email in (alice.email, "nobody@campus.test"):
        hashed.clear()
        assert Backend().authenticate(None, email=email, password=typed) is None
        counts.append(len(hashed))
    assert counts == [len({typed, "wrong words here"})] * 2


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("ｓｈｏｒｔ１２３", False),
        ("ｐａｓｓｗｏｒｄ１２", False),
        ("x" * NEW_MAX, True),
        ("x" * (NEW_MAX + 1), False),
        ("\ufdfa", True),
    ],
    ids=ascii,
)
def test_the_normal_form_is_judged(client: Client, password: str, taken: bool) -> None:
    signup = {"email": "lin@campus.test", "handle": "lin_xia", "password1": password, "birth_year": "2004"}
    assert client.post(reverse("account_signup"), signup).status_code == (302 if taken else 422)


@pytest.mark.parametrize("length", [NEW_MAX + 1, GIVEN_MAX + 1, 100_000])
def test_too_long_is_said_before_it_is_normalised(
    alice: User, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    normalize = unicodedata.normalize

    def refuse(form: str, text: str) -> str:
        assert len(text) <= GIVEN_MAX
        return normalize(form, text)

    monkeypatch.setattr("profiles.passwords.unicodedata.normalize", refuse)
    marks = "\u0300\u0316" * (length // 2 + 1)
    home = sign_in(PASSWORD, alice)
    assert home
    signup = {"email": "lin@campus.test", "handle": "lin_xia", "password1": marks, "birth_year": "2004"}
    change = {"oldpassword": PASSWORD, "password1": marks}
    for client, door, data in (
        (Client(), "account_signup", signup),
        (Client(), "account_login", {"login": alice.email, "password": marks}),
        (home, "account_change_password", change),
        (home, "account_change_password", {"oldpassword": marks, "password1": "another long walk"}),
        (home, "account_reauthenticate", {"password": marks}),
    ):
        page = client.post(reverse(door), data)
        assert page.status_code == 422
        if length > GIVEN_MAX or data.get("password1") == marks:
            assert "too long" in page.content.decode(), door


def test_a_long_password_from_before_goes_on_working(alice: User) -> None:
    old = "long " * 60
    with_old_hash(alice, old)
    assert sign_in(old, alice)


def test_what_differs_stays_different(alice: User) -> None:
    for other in ("", f"{PASSWORD} ", PASSWORD.upper(), PASSWORD.replace(" ", "")):
        assert not alice.check_password(other)
