"""Made-up reports: as many as are asked for, with the cases, decisions and weights that the program would make."""

from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from dev.synthetic.reports import load
from moderation.models import Case, Decision, Evidence, Report
from profiles.models import User
from tests.builders import make_comment, make_note, make_person

pytestmark = pytest.mark.django_db


def test_they_are_whole(alice: User, bob: User) -> None:
    note = make_note(alice)
    make_comment(bob, note)
    for _number in range(5):
        make_person()
    assert list(load(timezone.now(), Random(1), 40)) == [40]
    assert Report.objects.count() == 40
    assert Decision.objects.count() == Case.objects.filter(closed_at__isnull=False).count() > 0
    assert Evidence.objects.count() == Case.objects.count()
    assert not Report.objects.open().filter(case__closed_at__isnull=False).exists()
    stored = Case.objects.order_by("pk").values_list("pk", "weight", "urgency", "report_count")
    before = list(stored)
    with connection.cursor() as cursor:
        cursor.execute("SELECT weigh_cases(%s)", [[pk for pk, *_rest in before]])
    assert list(stored.all()) == before
    assert {number for *_rest, number in before} - {0}
