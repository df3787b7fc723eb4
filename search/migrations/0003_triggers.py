from django.db import migrations

from search.documents import triggers_sql


class Migration(migrations.Migration):
    """Write the document of a note with the note, whoever writes it."""

    dependencies = [("search", "0002_lexemes")]
    operations = [
        migrations.RunSQL(triggers_sql.FUNCTIONS, triggers_sql.FORGET_FUNCTIONS),
        migrations.RunSQL([triggers_sql.OF_NOTES, triggers_sql.OF_TAGS], triggers_sql.FORGET_TRIGGERS),
    ]
