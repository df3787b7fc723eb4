"""The settings of the digest, and the link that turns it off (RFC 8058)."""

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from core.jobs import unfinished
from notes.models import Note
from notifications.digest import actions
from notifications.digest.models import Digest, Subscription
from notifications.digest.tokens import token_of
from profiles.models import User
from tests.builders import make_person, signed_in
from tests.notifications.digest.conftest import EVENING, MORNING, Clock, sweep, tell, turn_on

pytestmark = pytest.mark.django_db
SETTINGS = "/settings/notifications/"
KINDS = ["like", "comment"]


def is_on(person: User) -> bool:
    return Subscription.objects.filter(person=person, next_at__isnull=False).exists()


def test_a_press_in_the_mail_program_turns_it_off(reader: User, bob: User, note: Note, clock: Clock) -> None:
    """As such programs do: POST without cookies, Referer, Origin or token, and no redirect is followed."""
    tell(note, bob, clock)
    clock.now = EVENING
    (sent,) = sweep()
    path = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    strict = Client(enforce_csrf_checks=True)
    for method in (strict.get, strict.head):
        assert method(path).status_code == 200
        assert is_on(reader), "GET changes nothing"
    for _turn in range(2):
        answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, is_on(reader)) == (200, False)
    tell(note, bob, clock)
    clock.tick(days=1)
    assert sweep() == []


def test_the_page_has_a_button_and_names_nobody(reader: User) -> None:
    path, strict = f"/digest/{token_of(reader.pk)}/", Client(enforce_csrf_checks=True)
    page = strict.get(path)
    assert f'<form method="post" action="{path}">' in page.text
    assert "Turn off the digest" in page.text
    for secret in (reader.email, reader.handle, reader.name):
        assert secret not in page.text
    assert "no-store" in page["Cache-Control"]
    done = strict.post(path)
    assert "The daily digest is off" in done.text
    assert "The daily digest is off" in strict.get(path).text
    assert "每日摘要已关闭" in strict.get(path, headers={"Accept-Language": "zh-hans"}).text


def test_no_other_token_is_taken(reader: User, alice: User) -> None:
    whole = token_of(reader.pk)
    other = make_person()
    turn_on(other)
    number, signature = whole.split(":")
    bad = [
        *(whole[:cut] for cut in range(1, len(whole), 7)),
        whole + "A",
        f"{other.pk}:{signature}",
        f"0{number}:{signature}",
        f"{number}:{signature.swapcase()}",
        signing.Signer().sign(number),
        signing.Signer(salt="profiles.previous_address").sign(number),
        signing.dumps(reader.pk, salt="notifications.digest.unsubscribe"),
        "x" * 1500,
        "%F0%9F%8D%B5:%00",
        token_of(10**30),
        token_of(-1),
        "𝟙:" + signature,
    ]
    missing = Client().get("/digest/nothing/").content
    for token in bad:
        for answer in (Client().get(f"/digest/{token}/"), Client().post(f"/digest/{token}/")):
            assert answer.status_code in {400, 404}, token
            if answer.status_code == 404 and len(token) < 200:
                assert len(answer.content) - len(missing) < 2000
    assert (is_on(reader), is_on(other)) == (True, True)


def test_a_token_is_good_for_nothing_else(reader: User) -> None:
    token = token_of(reader.pk)
    for path in ("/accounts/confirm-email/{}/", "/accounts/email/restore/{}/"):
        page = Client().get(path.format(token))
        assert reader.email not in page.text
    browser = Client()
    browser.get(f"/digest/{token}/")
    browser.post(f"/digest/{token}/")
    assert browser.get("/notifications/").status_code == 302, "nobody is signed in by it"


def test_a_token_of_somebody_gone_is_as_any_other(reader: User) -> None:
    path = f"/digest/{token_of(reader.pk)}/"
    User.objects.filter(pk=reader.pk).update(leaving_at=timezone.now())
    assert Client().post(path).status_code == 200, "quietly"
    reader.delete()
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods(reader: User, method: str) -> None:
    assert getattr(Client(), method)(f"/digest/{token_of(reader.pk)}/").status_code == 405


def test_it_is_off_until_it_is_turned_on_in_the_settings(alice: User, clock: Clock) -> None:
    browser = signed_in(alice)
    page = browser.get(SETTINGS)
    assert (page.context["form"]["digest"].value(), page.context["form"]["digest_hour"].value()) == (
        False,
        "18",
    )
    assert not Subscription.objects.exists()
    sent = {"kinds": KINDS, "digest": "on", "digest_hour": "7"}
    for _turn in range(2):
        assert browser.post(SETTINGS, sent).status_code == 303
    held = Subscription.objects.get()
    assert (held.person, held.hour, held.next_at) == (alice, 7, MORNING.replace(day=28, hour=23))
    assert "29 Nov, 07:00" in browser.get(SETTINGS).text
    assert browser.post(SETTINGS, {"kinds": KINDS, "digest_hour": "7"}).status_code == 303
    assert not is_on(alice)
    assert browser.get(SETTINGS).context["form"]["digest_hour"].value() == "7"
    assert browser.post(SETTINGS, {"kinds": KINDS}).status_code == 303, "as a page from before sends it"


@pytest.mark.parametrize("hour", ["24", "-1", "noon", "18:00", "1" * 500])
def test_an_hour_that_there_is_not_is_refused(alice: User, clock: Clock, hour: str) -> None:
    answer = signed_in(alice).post(SETTINGS, {"kinds": KINDS, "digest": "on", "digest_hour": hour})
    assert (answer.status_code, Subscription.objects.exists()) == (422, False)


def test_another_window_is_asked_about(alice: User, clock: Clock) -> None:
    browser = signed_in(alice)
    seen = browser.get(SETTINGS).context["form"].revision
    turn_on(alice, 9)
    sent = {"kinds": KINDS, "digest_hour": "18", "seen": seen}
    assert browser.post(SETTINGS, sent).status_code == 409
    assert is_on(alice)


def test_an_unconfirmed_address_is_told_so(clock: Clock) -> None:
    newcomer = make_person(verified=False)
    page = signed_in(newcomer).get(SETTINGS).text
    assert "yours is not confirmed yet" in page


def test_another_zone_plans_anew(reader: User, clock: Clock) -> None:
    signed_in(reader).post("/settings/time-zone/", {"time_zone": "Europe/London"})
    assert unfinished("plan_digest", "person_id") == {reader.pk}
    actions.plan_digest(reader.pk)
    assert Subscription.objects.get().next_at == MORNING.replace(hour=18)


def test_operators_see_whether_it_went_out_and_moderators_do_not(
    reader: User, bob: User, note: Note, mona: User, clock: Clock
) -> None:
    tell(note, bob, clock, "A secret remark")
    clock.now = EVENING
    sweep()
    path = "/admin/digests/digest/"
    assert signed_in(mona).get(path).status_code in {403, 404}
    assert signed_in(reader).get(path).status_code == 404
    User.objects.filter(pk=mona.pk).update(is_superuser=True)
    operator = signed_in(mona)
    page = operator.get(path)
    assert (page.status_code, "@alice" in page.text) == (200, True)
    assert "A secret remark" not in page.text
    number = Digest.objects.get().pk
    assert operator.get(f"{path}add/").status_code == 403
    assert operator.post(f"{path}{number}/delete/", {"post": "yes"}).status_code == 403
    assert Digest.objects.exists()
