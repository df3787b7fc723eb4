"""The SQL that splits names into lexemes and finds them; search/names/typed.py writes the conditions on these.

Beside what `search_lexemes` gives of any text: `^lin`, the first one to three letters of each word; `<lin` and `<linxia`,
or `<林` and `<林夏`, how a name begins; `>夏`, its last character or word; `@linxia_window`, a handle, and `@l`, `@li`; and
the letters of several words together, `linxia` of Lin Xia. `/p` and so on is the kind, `/p+` one that is used much.
"""

from search.alphabet import NO_WORD, SPACELESS, WORD_MAX
from search.models.name import LEVEL_TOP

_WORD = f"[^{NO_WORD}]+"

# Boundaries of one name. In an array of one-letter starts, a word of one letter gives itself three times: no harm.
BOUNDS = f"""
CREATE FUNCTION search_bounds(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $bounds$
DECLARE
    units text[] := ARRAY(
        SELECT unit[1]
        FROM regexp_matches(translate(search_fold(said), '''’', ''), '[{SPACELESS}]+|{_WORD}', 'g') AS unit
    );
    words text[] := ARRAY(SELECT left(unit, {WORD_MAX}) FROM unnest(units) AS unit WHERE unit !~ '^[{SPACELESS}]');
    first text := left(units[1], {WORD_MAX});
    last text := left(units[cardinality(units)], {WORD_MAX});
BEGIN
    RETURN array_remove(ARRAY[
        '<' || left(first, 1), '<' || left(first, 2), '<' || CASE WHEN first = words[1] THEN left(first, 3) END,
        '<' || CASE WHEN first = words[1] THEN first END,
        '>' || CASE WHEN last = words[cardinality(words)] THEN last ELSE right(units[cardinality(units)], 1) END,
        CASE WHEN cardinality(words) > 1 THEN left(array_to_string(words, ''), {WORD_MAX}) END
    ] || ARRAY(
        SELECT '^' || left(word, length) FROM unnest(words) AS word, generate_series(1, 3) AS length
    ), NULL);
END $bounds$;
"""

# A row may have several names, as a person has a handle.
SPLIT = """
CREATE FUNCTION search_name_lexemes(kind text, names text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $names$
    SELECT array_agg(DISTINCT lexeme) || ('/' || kind) FROM (
        SELECT unnest(search_lexemes(array_to_string(names, E'\\n'))) AS lexeme
        UNION ALL
        SELECT unnest(search_bounds(name)) FROM unnest(names) AS name
    ) AS found
    WHERE lexeme NOT LIKE '=%';
$names$;
"""

# Rows without lexemes have no name to be found by, for now or for good.
WRITE = f"""
CREATE FUNCTION search_write_name(of_kind text, of_target bigint, fresh text[]) RETURNS void
LANGUAGE plpgsql AS $write$
BEGIN
    IF fresh IS NULL THEN
        DELETE FROM search_name WHERE kind = of_kind AND target = of_target;
        RETURN;
    END IF;
    INSERT INTO search_name AS known (kind, target, lexemes)
    VALUES (of_kind, of_target, array_to_tsvector(fresh))
    ON CONFLICT (kind, target) DO UPDATE SET lexemes = array_to_tsvector(
        CASE WHEN known.level >= {LEVEL_TOP} THEN fresh || ('/' || of_kind || '+') ELSE fresh END
    );
END $write$;
"""

# The names that are as typed, the much used that contain it, those that begin with it, then any that contain it: each
# part is read only while there is room. By the index, whatever PostgreSQL estimates of words that it does not know.
FIND = """
CREATE FUNCTION search_names(same tsquery, used tsquery, begun tsquery, held tsquery, most integer) RETURNS bigint[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $find$
    SELECT ARRAY(
        SELECT * FROM (
            (SELECT target FROM search_name WHERE lexemes @@ same LIMIT most / 4)
            UNION ALL (SELECT target FROM search_name WHERE lexemes @@ used LIMIT most)
            UNION ALL (SELECT target FROM search_name WHERE lexemes @@ begun LIMIT most)
            UNION ALL (SELECT target FROM search_name WHERE lexemes @@ held LIMIT most)
        ) AS found
        LIMIT 2 * most
    )
$find$;
"""

FUNCTIONS = [BOUNDS, SPLIT, WRITE, FIND]
FORGET_FUNCTIONS = """
DROP FUNCTION search_names(tsquery, tsquery, tsquery, tsquery, integer);
DROP FUNCTION search_write_name(text, bigint, text[]);
DROP FUNCTION search_name_lexemes(text, text[]);
DROP FUNCTION search_bounds(text);
"""
