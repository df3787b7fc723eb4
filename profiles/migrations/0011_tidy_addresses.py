"""Bring stored e-mail addresses to the form that sign-in looks for: profiles/addresses.py.

An address whose tidied form another account has stays as it is, and so does one that cannot be tidied: each is a line
in the log, with the number of its account, for a moderator to settle with its person.
"""

import logging
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import migrations, transaction
from django.db.models.functions import Lower

from profiles.addresses import tidy_address

log = logging.getLogger(__name__)
# Everything else is in that form already.
SUSPECT = r'[^!-~]|[A-Z]|@.*xn--|@.*@|[.]$|[]"(),:;<>[\\]'
STEP = 100


def tidy(apps, schema_editor):
    """A hundred accounts at a time, each time in a transaction of its own. Done twice, it changes nothing."""
    user, address = apps.get_model("profiles", "User"), apps.get_model("account", "EmailAddress")
    people = user.objects.filter(email__regex=SUSPECT).values_list("pk", "email")
    rows = address.objects.filter(email__regex=SUSPECT).values_list("user", "email")
    found = sorted({*people, *rows})
    for first in range(0, len(found), STEP):
        wanted = [each for person, email in found[first : first + STEP] if (each := tidied(person, email))]
        with transaction.atomic():
            tidy_some(user, address, wanted)


def tidied(person, email):
    """The account, its address, and how it is written; None for what stays as it is."""
    try:
        written = tidy_address(email)
    except ValidationError:
        log.warning("The e-mail address of account %s cannot be tidied and stays as it is: %r", person, email)
        return None
    return (person, email, written) if written != email else None


def tidy_some(user, address, wanted):
    forms = {written for _, _, written in wanted}
    holders = defaultdict(set)
    rows = set(address.objects.filter(email__in=forms).values_list("user", "email"))
    lower = user.objects.alias(lower=Lower("email")).filter(lower__in=forms)
    for person, email in [*lower.values_list("pk", Lower("email")), *rows]:
        holders[email].add(person)
    for person, email, written in wanted:
        if held := holders[written] - {person}:
            log.warning(
                "The e-mail address of account %s is that of account %s, written differently, and stays as it is: %r",
                *(person, min(held), email),
            )
            continue
        holders[written].add(person)
        user.objects.filter(pk=person, email=email).update(email=written)
        if (person, written) not in rows:
            address.objects.filter(user=person, email=email).update(email=written)
            rows.add((person, written))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("profiles", "0010_has_published"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
