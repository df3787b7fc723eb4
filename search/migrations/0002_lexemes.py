"""Fold text and split it into lexemes, in the database. search/query/split.py is the same in Python.

Fast, because a trigger runs it when a note is saved: two thousand Chinese characters take a millisecond.
"""

from django.db import migrations

from core.db.cascades import cascade_in_database
from search.alphabet import MARKS, NO_WORD, SPACELESS, SYMBOLS, WORD_MAX

_LETTERS = f"[^{NO_WORD}]"
_WORD = f"{_LETTERS}+(?:[''’]{_LETTERS}+)*"
# A word, two joined by a hyphen, a number with its separators, or a letter with its signs: the longest that fits.
_TOKEN = (
    rf"(?<!{_LETTERS})[a-z](?:\+\+|\#|\+)(?!{_LETTERS})"
    rf"|(?<!{_LETTERS})[0-9]+(?:[.:,][0-9]+)+(?!{_LETTERS})"
    rf"|{_WORD}(?:[-‐]{_WORD})*"
)

FOLD = f"""
CREATE FUNCTION search_fold(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
    SELECT normalize(translate(
        regexp_replace(normalize(lower(normalize(said, NFKC)), NFD), '[{MARKS}]+', '', 'g'), 'ς', 'σ'
    ), NFC)
$fold$;
"""

# Every character and every two that stand together in a run of a script without spaces; words, their parts and their
# English stems; symbols.
SPLIT = f"""
CREATE FUNCTION search_lexemes(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $split$
DECLARE
    folded text := search_fold(said);
    letters text[] := string_to_array(regexp_replace(folded, '[^{SPACELESS}]+', ' ', 'g'), NULL);
    spaced text := regexp_replace(folded, '[{SPACELESS}]+', ' ', 'g');
    words text[];
BEGIN
    words := ARRAY(
        SELECT DISTINCT left(word, {WORD_MAX})
        FROM regexp_matches(spaced, '{_TOKEN}', 'g') AS token,
            unnest(
                translate(token[1], '''’-‐', '')
                || string_to_array(translate(token[1], '‐.:,+#''’', '------'), '-')
            ) AS word
        WHERE word <> ''
    );
    RETURN ARRAY(
        SELECT letter FROM unnest(letters) AS letter WHERE letter <> ' '
        UNION ALL
        SELECT first || second FROM unnest(letters, letters[2:]) AS pair (first, second)
        WHERE first <> ' ' AND second <> ' '
        UNION ALL
        SELECT unnest(words)
        UNION ALL
        SELECT '=' || stem FROM unnest(words) AS word, unnest(ts_lexize('english_stem', word)) AS stem
        WHERE word ~ '^[a-z]{{3,}}$'
        UNION ALL
        SELECT symbol[1] FROM regexp_matches(spaced, '[{SYMBOLS}]', 'g') AS symbol
    );
END $split$;
"""  # noqa: S608  put together from our own words alone

FORGET = """
DROP FUNCTION search_lexemes(text);
DROP FUNCTION search_fold(text);
"""


class Migration(migrations.Migration):
    """Split text into lexemes in the database, and let documents go with their notes."""

    safe_because = "the tables are new and empty"
    dependencies = [("search", "0001_documents")]
    operations = [
        cascade_in_database("search_document", "search_notewords"),
        # Long lexemes lie apart, as nothing reads them but the index: what a search picks from is narrow.
        migrations.RunSQL("ALTER TABLE search_document SET (toast_tuple_target = 128)", migrations.RunSQL.noop),
        migrations.RunSQL([FOLD, SPLIT], FORGET),
    ]
