"""Bring stored e-mail addresses to the form that sign-in looks for: profiles/addresses.py.

An address whose tidied form another account has stays as it is, and so does one that cannot be tidied: each is a line
in the log, with the number of its account, for a moderator to settle with its person.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import migrations
from django.db.models.functions import Lower

from profiles.addresses import tidy_address

log = logging.getLogger(__name__)
# Everything else is in that form already.
SUSPECT = r'[^!-~]|[A-Z]|@.*xn--|@.*@|[.]$|[]"(),:;<>[\\]'


def tidy(apps, schema_editor):
    user, address = apps.get_model("profiles", "User"), apps.get_model("account", "EmailAddress")
    people = user.objects.filter(email__regex=SUSPECT).values_list("pk", "email")
    rows = address.objects.filter(email__regex=SUSPECT).values_list("user", "email")
    for person, email in sorted({*people, *rows}):
        try:
            tidied = tidy_address(email)
        except ValidationError:
            log.warning("The e-mail address of account %s cannot be tidied and stays as it is: %r", person, email)
            continue
        if tidied == email:
            continue
        held = {
            *user.objects.alias(lower=Lower("email")).filter(lower=tidied).exclude(pk=person).values_list("pk", flat=True),
            *address.objects.filter(email=tidied).values_list("user", flat=True),
        }
        if held:
            log.warning(
                "The e-mail address of account %s is that of account %s, written differently, and stays as it is: %r",
                *(person, min(held), email),
            )
            continue
        user.objects.filter(pk=person, email=email).update(email=tidied)
        address.objects.filter(user=person, email=email).update(email=tidied)


class Migration(migrations.Migration):
    dependencies = [("profiles", "0010_has_published"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
