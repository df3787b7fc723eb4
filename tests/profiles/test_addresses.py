"""E-mail addresses as people type and paste them: one mailbox has one form, in every form field."""

import importlib
import logging
from itertools import chain
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.addresses import readable_address, tidy_address
from profiles.models import User
from tests.builders import PASSWORD, make_person, signed_in

INVISIBLE = (
    *(
        "\u200b",
        "\ufeff",
        "\u202a",
        "\u202c",
        "\u202e",
        "\u200e",
        "\u200f",
        "\u2066",
        "\u2069",
        "\u00ad",
        "\ufe0f",
    ),
    *(
        "\u2060",
        "\u180e",
        "\u034f",
        "\u200c",
        "\u200d",
        "\u061c",
        "\u3164",
        "\u2800",
        "\U000e0041",
        "\x0b",
        "\x85",
    ),
)
BLANK = (" ", "\t", "\n", "\u00a0", "\u3000", "\u2003", "\u2028")
SAME = [
    *(
        "lin@campus.test",
        "LIN@Campus.Test",
        "lin＠campus.test",
        "lin@campus。test",
        "lin﹫campus｡test",
        "lin@campus．test",
    ),
    *(
        "ｌｉｎ@campus.test",
        "ＬＩＮ＠ＣＡＭＰＵＳ．ＴＥＳＴ",
        "lin@ｃampus.test",
        "lin@campus.test.",
        "lin@campus.test。",
    ),
    *(f"lin@campus.test{character}" for character in (*INVISIBLE, *BLANK)),
    *(f"{character}lin@campus.test" for character in (*INVISIBLE, *BLANK)),
    *(f"l{character}in@cam{character}pus.test" for character in INVISIBLE),
]
INTERNATIONAL = [
    ("lin@bücher.test", "lin@xn--bcher-kva.test"),
    ("lin@BÜCHER.test", "lin@xn--bcher-kva.test"),
    ("lin@bu\u0308cher.test", "lin@xn--bcher-kva.test"),
    ("lin@XN--BCHER-KVA.test", "lin@xn--bcher-kva.test"),
    ("lin@bücher。test", "lin@xn--bcher-kva.test"),
    ("lin@straße.test", "lin@xn--strae-oqa.test"),
    ("lin@清华大学.test", "lin@xn--xkry9kk1bz66a.test"),
    ("lin@نامه\u200cای.test", "lin@xn--mgba3gch31f060k.test"),
]
REFUSED = {
    "with one @": [
        "",
        "lin",
        "lin@",
        "@campus.test",
        "a@b@campus.test",
        "lin＠campus@test",
        "\u200b",
        "\u200b@\u200b",
    ],
    "space": [
        "lin lin@campus.test",
        "lin@cam pus.test",
        "lin @campus.test",
        "lin@\u3000campus.test",
        "a\u2028b@c.test",
    ],
    "can’t be used before": [
        *(
            "mü@campus.test",
            "林@campus.test",
            '"lin"@campus.test',
            "<lin@campus.test",
            "mailto:lin@campus.test",
        ),
        *(
            "lin,wu@campus.test",
            "ı@campus.test",
            "\u212ain@campus.test",
            "𝐥𝐢𝐧@campus.test",
            "l\ud800n@campus.test",
        ),
    ],
    "can’t start or end with a dot": [
        ".lin@campus.test",
        "lin.@campus.test",
        "l..in@campus.test",
        "l。。in@campus.test",
    ],
    "cannot receive mail": [
        *(
            "lin@campus",
            "lin@" + "ü" * 60 + ".test",
            "lin@" + "a" * 64 + ".test",
            "lin@-campus.test",
            "lin@cam_pus.test",
        ),
        *(
            "lin@campus..test",
            "lin@.campus.test",
            "lin@127.0.0.1",
            "lin@[127.0.0.1]",
            "lin@campus.test,",
            "lin@xn--a.test",
        ),
        *("lin@xn--.test", "lin@campus.test>", "lin@\u0300.test", "lin@ca\ud800mpus.test", "lin@א1a.test"),
    ],
    "too long": [
        "l" * 65 + "@campus.test",
        "lin@" + "a." * 130 + "test",
        "lin@ü" + ".ü" * 200,
        "l" * 2000,
        "\u200b" * 2000 + "lin@campus.test",
    ],
}


@pytest.mark.parametrize("typed", SAME, ids=ascii)
def test_what_looks_the_same_is_the_same(typed: str) -> None:
    assert tidy_address(typed) == "lin@campus.test"


@pytest.mark.parametrize(("typed", "stored"), INTERNATIONAL, ids=ascii)
def test_international_domains_have_one_form(typed: str, stored: str) -> None:
    assert tidy_address(typed) == stored
    assert tidy_address(readable_address(stored)) == stored


def test_pages_show_the_letters_of_a_domain() -> None:
    assert readable_address("lin@xn--bcher-kva.test") == "lin@bücher.test"
    assert readable_address("lin@campus.test") == "lin@campus.test"
    assert readable_address("lin@xn--a.test") == "lin@xn--a.test", "nothing can be read out of it"


@pytest.mark.parametrize(
    ("says", "typed"), [(says, typed) for says, many in REFUSED.items() for typed in many], ids=ascii
)
def test_a_refusal_says_what_to_change(says: str, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        tidy_address(typed)
    assert says in " ".join(refused.value.messages)


def test_dots_and_suffixes_are_the_providers_business() -> None:
    assert (
        len({tidy_address(typed) for typed in ("lin.xia@a.test", "linxia@a.test", "lin.xia+notes@a.test")})
        == 3
    )


@given(st.text(max_size=80) | st.text(st.sampled_from("a.@-xnü＠。\u200b\u200d\u0300א1 "), max_size=40))
def test_tidying_is_done_once(typed: str) -> None:
    try:
        tidied = tidy_address(typed)
    except ValidationError:
        return
    assert tidied.isascii()
    assert tidy_address(tidied) == tidied
    assert tidy_address(f"\u202a{readable_address(tidied)}\u200e ") == tidied


def doors(person: User) -> list[tuple[Client, str, str, dict[str, str]]]:
    """A browser, a path, the field for an address, and what else the form asks for."""
    home = Client()
    home.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return [
        (Client(), reverse("account_login"), "login", {"password": PASSWORD}),
        (
            Client(),
            reverse("account_signup"),
            "email",
            {"handle": "lin_xia", "password1": "a brisk walk out", "birth_year": "2004"},
        ),
        (Client(), reverse("account_reset_password"), "email", {}),
        (home, reverse("account_email"), "email", {"action_add": ""}),
    ]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from([*SAME, *chain(*REFUSED.values())])
)
def test_no_door_falls_over(settings: Any, alice: User, typed: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.LIMITS_ON = False
    for client, path, field, more in doors(alice):
        said = typed.encode("utf-8", "replace").decode()
        assert client.post(path, {field: said, **more}).status_code in {200, 302, 422, 429}, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["lin@bücher.test\u200b", " LIN＠xn--bcher-kva。test\ufeff", "lin@BÜCHER.test"]
)
def test_every_door_finds_the_one_account(
    client: Client, alice: User, typed: str, mailoutbox: list[Any]
) -> None:
    lin = make_person("lin")
    User.objects.filter(pk=lin.pk).update(email="lin@xn--bcher-kva.test")
    EmailAddress.objects.filter(user=lin).update(email="lin@xn--bcher-kva.test")
    signup = {"email": typed, "handle": "lin_xia", "password1": "a brisk walk out", "birth_year": "2004"}
    taken = client.post(reverse("account_signup"), signup)
    assert taken.status_code == 422
    assert "already in use" in taken.content.decode()
    assert Client().post(reverse("account_login"), {"login": typed, "password": PASSWORD}).status_code == 302
    call_command("moderator", typed)
    assert User.objects.get(pk=lin.pk).is_staff


@pytest.mark.django_db
def test_stored_and_shown(client: Client) -> None:
    typed = {
        "email": "\u202alin＠bücher。test\u202c",
        "handle": "lin_xia",
        "password1": "a brisk walk out",
        "birth_year": "2004",
    }
    assert client.post(reverse("account_signup"), typed).status_code == 302
    lin = User.objects.get(handle="lin_xia")
    assert lin.email == EmailAddress.objects.get(user=lin).email == "lin@xn--bcher-kva.test"
    assert "lin@bücher.test" in client.get("/settings/profile/").content.decode()


@pytest.mark.django_db
def test_commands(capsys: Any) -> None:
    call_command("createsuperuser", "--noinput", "--email", "\ufeffRoot＠campus.test", "--handle", "lin_root")
    assert User.objects.get(handle="lin_root").email == "root@campus.test"
    for command in (["createsuperuser", "--noinput", "--handle", "x_y_z", "--email"], ["moderator"]):
        with pytest.raises(CommandError, match="cannot receive mail"):
            call_command(*command, "lin@campus")


@pytest.mark.django_db
def test_admin_looks_for_the_stored_form(mona: User) -> None:
    lin = make_person("lin")
    User.objects.filter(pk=lin.pk).update(email="lin@xn--bcher-kva.test")
    found = signed_in(mona).get("/admin/profiles/user/", {"q": "lin@bücher.test"})
    assert f"/admin/profiles/user/{lin.pk}/change/" in found.content.decode()


@pytest.mark.django_db
def test_what_is_stored_is_tidied_but_for_collisions(alice: User, bob: User, caplog: Any) -> None:
    stored = {
        "one": "one@campus.test\u200b",
        "two": "two@bücher.test",
        "three": "alice@campus.test\u202a",
        "four": "林@campus.test",
    }
    for handle, email in stored.items():
        person = make_person(handle)
        User.objects.filter(pk=person.pk).update(email=email)
        EmailAddress.objects.filter(user=person).update(email=email, verified=False)
    five = make_person("five")
    User.objects.filter(pk=five.pk).update(email="Five@Campus.Test")
    EmailAddress.objects.create(user=five, email="FIVE@Campus.Test")
    migration = importlib.import_module("profiles.migrations.0011_tidy_addresses")
    with caplog.at_level(logging.WARNING):
        migration.tidy(apps, None)
    now = {
        "one": "one@campus.test",
        "two": "two@xn--bcher-kva.test",
        "three": stored["three"],
        "four": stored["four"],
    }
    assert dict(User.objects.filter(handle__in=stored).values_list("handle", "email")) == now
    assert (
        dict(EmailAddress.objects.filter(user__handle__in=stored).values_list("user__handle", "email")) == now
    )
    five.refresh_from_db()
    assert five.email == "five@campus.test", "the other writings are their own"
    assert set(five.emailaddress_set.values_list("email", flat=True)) == {
        "five@campus.test",
        "FIVE@Campus.Test",
    }
    three, four = (User.objects.get(handle=handle).pk for handle in ("three", "four"))
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert f"account {three} is that of account {alice.pk}, written differently" in " ".join(lines)
    assert f"account {four} cannot be tidied" in " ".join(lines)
