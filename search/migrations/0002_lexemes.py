from django.db import migrations

from core.db.cascades import cascade_in_database
from search.documents import lexemes_sql


class Migration(migrations.Migration):
    """Split text into lexemes in the database, and let documents go with their notes."""

    safe_because = "the tables are new and empty"
    dependencies = [("search", "0001_documents")]
    operations = [
        cascade_in_database("search_document", "search_notewords"),
        # Lexemes lie apart, as nothing reads them but the index: what a search picks from is narrow.
        migrations.RunSQL("ALTER TABLE search_document SET (toast_tuple_target = 128)", migrations.RunSQL.noop),
        migrations.RunSQL([lexemes_sql.FOLD, lexemes_sql.SPLIT], lexemes_sql.FORGET),
    ]
