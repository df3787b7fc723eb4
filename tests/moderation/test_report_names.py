"""Reporting labels, collections and series: names that everyone reads."""

from typing import Any

import pytest
from django.test import Client

from moderation.models import Case, Report
from notes.models import Collection, Series
from notes.moderation import hide_collection, hide_series
from people.actions.labels import hide_label
from profiles.models import User
from tests.builders import make_label, make_note, signed_in
from tests.markup import form_in, words
from tests.notes.collections.shelving import shelve

pytestmark = pytest.mark.django_db
HATE = {"reason": "harassment", "details": "It names me."}
KINDS = ["label", "collection", "series"]


@pytest.fixture
def named(alice: User) -> dict[str, Any]:
    """A label that Alice declares, a public collection and a series of hers, with a note in each."""
    note = make_note(alice)
    series = Series.objects.create(author=alice, name="Winter at sea")
    note.series, note.series_place = series, 1
    note.save()
    collection = shelve(alice, "Desks", make_note(alice))
    Collection.objects.filter(pk=collection.pk).update(is_private=False)
    return {
        "label": make_label(alice, "Rude words").label,
        "collection": Collection.objects.get(pk=collection.pk),
        "series": series,
    }


def path_of(kind: str, named: dict[str, Any]) -> str:
    return f"/report/?{kind}={named[kind].slug if kind == 'label' else named[kind].pk}"


def sent(client: Client, path: str, **changes: str) -> Any:
    return client.post(path, form_in(client.get(path), "").filled(**HATE | changes))


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_reported_from_its_page(
    kind: str, named: dict[str, Any], alice: User, charlie: User
) -> None:
    path, client, target = path_of(kind, named), signed_in(charlie), named[kind]
    assert path.replace("&", "&amp;") in client.get(target.get_absolute_url()).text
    assert path not in signed_in(alice).get(target.get_absolute_url()).text
    page = client.get(path)
    assert f"Report this {kind}" in words(page)
    assert str(target) in words(page)
    answer = sent(client, path)
    assert (answer.status_code, answer["Location"]) == (303, target.get_absolute_url())
    report = Report.objects.get()
    assert (report.target, report.reporter, report.case.kind) == (target, charlie, kind)
    assert report.reported_text.startswith(str(target))
    assert report.case.subject == (None if kind == "label" else alice)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_twice_is_one(kind: str, named: dict[str, Any], charlie: User, bob: User) -> None:
    path, client = path_of(kind, named), signed_in(charlie)
    form = form_in(client.get(path), "").filled(**HATE)
    for _twice in range(2):
        assert client.post(path, form).status_code == 303
    assert sent(client, path).status_code == 303
    assert Report.objects.count() == 1
    sent(client, path, reason="copied")
    sent(signed_in(bob), path)
    case = Case.objects.get()
    assert (case.report_count, case.reporter_count) == (3, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_ones_own_and_what_one_may_not_see(
    kind: str, named: dict[str, Any], alice: User, charlie: User, mona: User
) -> None:
    path, target = path_of(kind, named), named[kind]
    assert signed_in(alice).get(path).status_code == 404
    assert signed_in(None).get(path)["Location"].startswith("/accounts/login/?next=/report/")
    hide = {"label": hide_label, "collection": hide_collection, "series": hide_series}[kind]
    hide(by=mona, reason="Rude", **{kind: target})
    client = signed_in(charlie)
    assert client.get(path).status_code == 404
    assert client.post(path, HATE).status_code == 404
    for bad in ("", "x", "987654321", "9" * 40):
        assert client.get(f"/report/?{kind}={bad}").status_code == 404
    assert not Report.objects.exists()


def test_a_private_or_empty_collection_is_not_reported(alice: User, charlie: User) -> None:
    for is_private, notes in ((True, [make_note(alice)]), (False, [])):
        collection = shelve(alice, f"Mine {is_private}", *notes)
        Collection.objects.filter(pk=collection.pk).update(is_private=is_private)
        assert signed_in(charlie).get(f"/report/?collection={collection.pk}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_moderators_read_and_close_it(kind: str, named: dict[str, Any], charlie: User, mona: User) -> None:
    sent(signed_in(charlie), path_of(kind, named))
    report, staff = Report.objects.get(), signed_in(mona)
    assert staff.get("/admin/moderation/report/").status_code == 200
    page = f"/admin/moderation/report/{report.pk}/"
    assert staff.get(f"{page}change/").status_code == 200
    assert staff.post(f"{page}close/", {"reason": "Nothing in it."}).status_code == 303
    assert not Case.objects.open().exists()
    if kind != "label":  # which is never deleted
        named[kind].delete()
    assert staff.get(f"{page}change/").status_code == 200
