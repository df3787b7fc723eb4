"""The audit log: append-only by its triggers, whoever writes; complete for what moderators do; a page to read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.audit import KEEP, Action, delete_old_entries, log
from core.models import AuditEntry
from moderation.admin.site import Audited, site
from moderation.audit.actions import log as log_case
from moderation.models import Decision
from notes.models import Note
from people.actions.moderators import appoint, remove_moderator
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.markup import words

pytestmark = pytest.mark.django_db
PAGE = "/admin/redbook/auditentry/"


@pytest.fixture
def entry(mona: User, alice: User) -> AuditEntry:
    return log(actor=mona, action=Action.OPENED, row=make_note(alice), case=7, decision=8)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        yield


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


TRIES: dict[str, Callable[[], object]] = {
    "update": lambda: AuditEntry.objects.update(action="decided"),
    "no name": lambda: AuditEntry.objects.update(actor=None),
    "another name": lambda: AuditEntry.objects.update(actor=User.objects.get(handle="alice")),
    "another time": lambda: AuditEntry.objects.update(at=F("at") - KEEP),
    "delete": lambda: AuditEntry.objects.all().delete(),
    "truncate": lambda: run("TRUNCATE redbook_auditentry"),
}
TRIGGER_OF = {"truncate": "keep_audit_table"}


def hold(entry: AuditEntry, what: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with refused():
        TRIES[what]()
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.actor_id, kept.action, kept.number) == (entry.actor_id, "opened", entry.number)


@pytest.mark.parametrize("what", TRIES)
def test_the_database_refuses_to_change_an_entry(entry: AuditEntry, what: str) -> None:
    hold(entry, what)


@pytest.mark.parametrize("what", TRIES)
def test_with_its_trigger_sabotaged_the_test_before_fails(entry: AuditEntry, what: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE redbook_auditentry DISABLE TRIGGER {TRIGGER_OF.get(what, 'keep_audit_entries')}")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        hold(entry, what)


def test_a_deleted_account_takes_its_name_out_and_nothing_else(entry: AuditEntry, mona: User) -> None:
    mona.delete()
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.actor_id, kept.action, kept.kind, kept.number) == (
        None,
        "opened",
        "notes.note",
        entry.number,
    )
    assert (kept.case_number, kept.decision_number, kept.at) == (7, 8, entry.at)
    with refused():
        AuditEntry.objects.update(words="Another")


def test_after_five_years_an_entry_is_deleted(mona: User) -> None:
    now = timezone.now()
    for age in (timedelta(0), KEEP - timedelta(days=5), KEEP + timedelta(days=1)):
        AuditEntry.objects.create(actor=mona, action="opened", at=now - age)
    before = AuditEntry.objects.count()
    for _ in range(2):
        delete_old_entries()
        assert AuditEntry.objects.count() == before - 1


def test_no_column_holds_a_person_but_who_did_it(mona: User, alice: User) -> None:
    pointing = [field.name for field in AuditEntry._meta.get_fields() if field.is_relation]
    assert pointing == ["actor"]
    log(actor=mona, action=Action.DECIDED, row=alice, case=3)
    kept = AuditEntry.objects.latest("pk")
    assert (kept.kind, kept.number, kept.case_number) == ("profiles.user", None, 3)


def test_typed_words_go_to_the_history_of_the_row_alone(mona: User, alice: User) -> None:
    note = make_note(alice)
    log_case(mona, Action.DECIDED, case=5, decision=6, row=note, said="Hidden: rude to @bob")
    kept = AuditEntry.objects.latest("pk")
    assert (kept.case_number, kept.decision_number, kept.words) == (5, 6, "")
    assert LogEntry.objects.get(object_id=str(note.pk)).change_message == "Hidden: rude to @bob"
    log_case(None, Action.ENDED, case=5)
    assert AuditEntry.objects.latest("pk").actor is None


def test_what_is_done_and_not_committed_is_not_logged(mona: User, alice: User) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        log(actor=mona, action=Action.OPENED, row=make_note(alice))
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


def test_decisions_and_openings_are_in_the_log_and_agree_with_the_rows(
    mona: User, alice: User, bob: User
) -> None:
    browser, note = signed_in(mona), make_note(alice, "Of Alice")
    comment = make_comment(bob, note, "Of Bob")
    start = AuditEntry.objects.count()
    for path in (f"notes/note/{note.pk}/hide/", f"notes/comment/{comment.pk}/hide/"):
        for _ in range(2):
            browser.post(f"/admin/{path}", {"reason": "Against the rules."})
    browser.post(f"/admin/profiles/user/{bob.pk}/suspend/", {"reason": "Spam."})
    browser.get(note.get_absolute_url())
    browser.post("/admin/notes/note/", {"action": "restore", "index": "0", "_selected_action": [note.pk]})
    rows = list(AuditEntry.objects.order_by("pk"))[start:]
    decided = [(each.decision_number, each.case_number) for each in rows if each.action == "decided"]
    assert decided == list(Decision.objects.order_by("pk").values_list("pk", "case"))
    undone = [each.decision_number for each in rows if each.action == "undone"]
    assert undone == list(Decision.objects.filter(undone_at__isnull=False).values_list("pk", flat=True))
    assert len(decided) == 3
    assert len(undone) == 1
    assert {each.actor_id for each in rows} == {mona.pk}
    opened = {(each.kind, each.number) for each in rows if each.action == "opened"}
    assert ("notes.note", note.pk) in opened
    assert LogEntry.objects.count() == len(rows), "each row's history in admin has it too"
    assert not Note.objects.get(pk=note.pk).hidden_at


def test_every_page_of_admin_that_changes_rows_logs_them(alice: User) -> None:
    unlogged = [model for model, its in site._registry.items() if not isinstance(its, Audited)]
    assert unlogged == []


def test_appointing_in_admin_and_by_command_is_logged(alice: User) -> None:
    root = make_person("root", is_staff=True, is_superuser=True)
    browser, path = signed_in(root), f"/admin/profiles/user/{alice.pk}/change/"
    seen = browser.get(path).context["adminform"].form["seen"].value()
    browser.post(path, {"is_staff": "on", "seen": seen})
    kept = AuditEntry.objects.latest("pk")
    assert (kept.actor, kept.action, kept.kind, kept.number) == (root, "changed", "profiles.user", None)
    assert kept.words == "Moderator"
    appoint(person=alice)
    remove_moderator(person=alice)
    said = AuditEntry.objects.order_by("pk").values_list("action", "actor")
    assert list(said)[-2:] == [("appointed", None), ("dismissed", None)]


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(make_person("root", is_staff=True, is_superuser=True))


def test_the_page_filters_and_goes_on_by_key(root: Client, mona: User, alice: User) -> None:
    note = make_note(alice)
    for number in range(120):
        log(actor=mona, action=Action.OPENED, row=note, case=number % 3 + 1)
    log(actor=None, action=Action.ENDED, case=9)
    page = root.get(PAGE)
    assert "Ended by its date a program or a deleted account" in words(page).replace(" · Case 9", "")
    assert len(page.context["rows"]) == 50
    seen, address = set(), f"{PAGE}?action=opened"
    while address:
        page = root.get(address)
        seen |= {entry.pk for entry, _label, _address in page.context["rows"]}
        address = page.context["next"] and PAGE + page.context["next"]
    assert len(seen) == 120
    for query, number in {
        "actor=@mona&case=2": 40,
        "actor=nobody": 0,
        "case=9": 1,
        "action=sealed": 0,
    }.items():
        assert len(root.get(f"{PAGE}?{query}").context["rows"]) == number, query
    assert "No entry is like that." in words(root.get(f"{PAGE}?case=77"))


@pytest.mark.parametrize(
    "query", ["case=x", "case=99999999999999999999", "action=made-up", "after=t9", "after=t1_1_1"]
)
def test_bad_queries_are_answered(root: Client, query: str) -> None:
    assert root.get(f"{PAGE}?{query}").status_code in {200, 422}


def test_the_page_asks_the_same_for_one_and_for_many(root: Client, mona: User, alice: User) -> None:
    asked = []
    for number in (1, 3, 40):
        while AuditEntry.objects.count() < number + 5:
            log(actor=mona, action=Action.OPENED, row=make_note(alice))
        with CaptureQueriesContext(connection) as queries:
            root.get(PAGE)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_moderators_do_not_read_it_unless_they_are_given_it(mona: User, alice: User) -> None:
    assert signed_in(mona).get(PAGE).status_code == 403
    assert signed_in(alice).get(PAGE).status_code == 404
    assert signed_in(None).get(PAGE).status_code == 302
