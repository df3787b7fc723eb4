"""Who may enter admin, and how a person becomes a moderator."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db.models import DateField
from django.urls import reverse

from moderation.admin.site import site
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import PASSWORD, make_note, make_person, signed_in
from tests.moderation.builders import reported

pytestmark = pytest.mark.django_db

PATHS = [
    "/admin/",
    "/admin/notes/",
    "/admin/notes/note/",
    "/admin/notes/note/1/change/",
    "/admin/notes/note/1/hide/",
    "/admin/profiles/user/1/suspend/",
    "/admin/autocomplete/",
    "/admin/jsi18n/",
    "/admin/there/is/nothing/",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_led_to_the_sites_own_sign_in(path: str, method: str) -> None:
    answer = getattr(signed_in(None), method)(path, follow=True)
    address, status = answer.redirect_chain[-1]
    assert (address, status) == (f"{reverse('account_login')}?next={path}", 302)


@pytest.mark.parametrize("path", [*PATHS, "/admin/login/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_no_moderator_finds_nothing(bob: User, path: str, method: str) -> None:
    assert getattr(signed_in(bob), method)(path, follow=True).status_code == 404


def test_admin_checks_no_password_of_its_own(mona: User, alice: User) -> None:
    """Its own form would not count failed attempts."""
    words = {"username": mona.email, "password": PASSWORD, "next": "/admin/"}
    for visitor in (signed_in(None), signed_in(mona)):
        answer = visitor.post("/admin/login/", words)
        assert answer.status_code == 302
        assert visitor.session.get("_auth_user_id") in {None, str(mona.pk)}
    assert signed_in(None).get("/admin/", follow=True).status_code == 200  # the sign-in page


def test_sign_in_leads_back_to_where_one_wanted(mona: User) -> None:
    browser = signed_in(None)
    words = {"login": mona.email, "password": PASSWORD, "next": "/admin/notes/note/"}
    assert browser.post(reverse("account_login"), words)["Location"] == "/admin/notes/note/"


def test_short_cuts_past_visibility_are_closed(mona: User, alice: User) -> None:
    note = make_note(alice, visibility="private")
    browser = signed_in(mona)
    kind = ContentType.objects.get_for_model(note).pk
    assert browser.get(f"/admin/r/{kind}/{note.pk}/").status_code == 404
    assert browser.get("/admin/password_change/").status_code == 404


@pytest.mark.parametrize("year", ["-1", "10000", "9" * 40])
def test_a_list_of_an_impossible_year_is_a_page(mona: User, alice: User, bob: User, year: str) -> None:
    """Django refuses some of them only when the SQL is written."""
    mona.is_superuser = True
    mona.save()
    reported(make_note(alice), bob)
    browser = signed_in(mona)
    for path, field in date_filters():
        answer = browser.get(path, {f"{field}__year": year}, follow=True)
        assert answer.status_code == 200, (path, field)


def test_the_last_day_of_all_is_a_page(mona: User, alice: User, bob: User) -> None:
    reported(make_note(alice), bob)
    day = {"created_at__year": "9999", "created_at__month": "12", "created_at__day": "31"}
    assert signed_in(mona).get("/admin/moderation/report/", day, follow=True).status_code == 200


@pytest.mark.parametrize("chosen", ["x", "\0", "1.5", "", "9" * 40])
@pytest.mark.parametrize("path", ["/admin/notes/note/", "/admin/profiles/user/", "/admin/moderation/report/"])
def test_rows_that_are_not_there_cannot_be_chosen(mona: User, alice: User, path: str, chosen: str) -> None:
    for action in ("hide", "suspend", "close", "delete_selected"):
        words = {"action": action, "index": "0", "_selected_action": [chosen]}
        assert signed_in(mona).post(path, words).status_code in {200, 302, 400}


def date_filters() -> list[tuple[str, str]]:
    """The address of each list with each date that it may be filtered by."""
    return [
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), field.name)
        for model, admin in site._registry.items()
        for field in model._meta.get_fields()
        if isinstance(field, DateField)
        and field.name
        in {admin.date_hierarchy, *(each for each in admin.list_filter if isinstance(each, str))}
    ]


def test_a_moderator_sees_what_there_is_to_look_after(mona: User) -> None:
    page = signed_in(mona).get("/admin/lists/").content.decode()
    links = {part.split('"')[0] for part in page.split('href="/admin/')[1:]}
    assert "moderation/report/" in links
    assert links >= {"notes/note/", "notes/comment/", "profiles/user/", "profiles/label/", "profiles/campus/"}
    assert not [link for link in links if link.startswith(("auth/", "account/", "procrastinate/"))]


def test_staff_without_a_permission_is_refused(bob: User, alice: User) -> None:
    note = make_note(alice)
    bob.is_staff = True
    bob.save()
    browser = signed_in(bob)
    assert browser.get("/admin/").status_code == 200
    for path in ("", f"{note.pk}/change/", f"{note.pk}/hide/"):
        assert browser.get(f"/admin/notes/note/{path}").status_code == 403
    assert browser.post(f"/admin/notes/note/{note.pk}/hide/", {"reason": "Because."}).status_code == 403
    note.refresh_from_db()
    assert note.hidden_at is None


def test_pages_carry_our_security_policy(mona: User) -> None:
    policy = signed_in(mona).get("/admin/notes/note/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


def test_the_command_appoints_and_dismisses(bob: User) -> None:
    call_command("moderator", "BOB@campus.test")
    bob = User.objects.get(pk=bob.pk)
    assert (bob.is_staff, bob.is_superuser) == (True, False)
    assert bob.has_perms(
        ["moderation.change_report", "notes.change_note", "profiles.change_user", "profiles.add_campus"]
    )
    assert not bob.has_perm("notes.delete_note")
    assert not bob.has_perm("auth.change_group")
    call_command("moderator", "bob@campus.test")
    assert bob.groups.count() == 1

    call_command("moderator", "bob@campus.test", "--dismiss")
    bob = User.objects.get(pk=bob.pk)
    assert not bob.is_staff
    assert not bob.has_perm("notes.change_note")
    with pytest.raises(CommandError, match="No account has the address"):
        call_command("moderator", "nobody@campus.test")


def test_a_suspended_moderator_has_no_power(mona: User) -> None:
    browser = signed_in(mona)
    suspend_person(person=mona, by=make_person(), reason="Gone rogue.")
    assert browser.get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))


def test_signing_out_leads_home(mona: User) -> None:
    browser = signed_in(mona)
    address = reverse("account_logout")
    assert f'action="{address}"' in browser.get("/admin/").content.decode()
    assert browser.post(address)["Location"] == "/"
    assert "_auth_user_id" not in browser.session


def test_saving_is_not_called_as_saving_a_note_is(mona: User) -> None:
    """In Chinese they are two words, and Django's own catalogue has the first."""
    page = signed_in(mona, headers={"Accept-Language": "zh-hans"}).get("/admin/profiles/campus/add/").text
    assert 'value="保存"' in page
    assert 'value="收藏"' not in page
