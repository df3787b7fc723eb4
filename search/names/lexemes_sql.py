"""The SQL that splits names into lexemes and finds them; search/names/typed.py writes the conditions on these.

Beside what `search_lexemes` gives of any text: `=linxia` and `=林夏`, a whole name; `^linx`, the first letters of each
word, up to STARTS of them; `<linx` and `<linxia`, or `<林` and `<林夏`, how a name begins; and several words together,
`linxia` of Lin Xia. A handle has its own, `@linxia_window` and its first letters. `/p3` and so on is the kind with the
stratum: how much it is used; -1 where nothing public used it last night.
"""

from notes.models.public_names import NamesCampus, NamesTag
from search.alphabet import NO_WORD, SPACELESS, WORD_MAX
from search.models.name import STRATA

READ_MAX = 2000  # names of a stratum that are read for those that are shown
STARTS = 8  # letters; longer beginnings are found among the words, where few have them
_WORD = f"[^{NO_WORD}]+"

BOUNDS = f"""
CREATE FUNCTION search_bounds(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $bounds$
DECLARE
    units text[] := ARRAY(
        SELECT unit[1]
        FROM regexp_matches(translate(search_fold(said), '''’', ''), '[{SPACELESS}]+|{_WORD}', 'g') AS unit
    );
    words text[] := ARRAY(SELECT left(unit, {WORD_MAX}) FROM unnest(units) AS unit WHERE unit !~ '^[{SPACELESS}]');
    first text := left(units[1], {WORD_MAX});
BEGIN
    RETURN array_remove(ARRAY[
        '=' || left(nullif(array_to_string(units, ''), ''), {WORD_MAX}),
        CASE WHEN first = words[1] THEN '<' || first END,
        CASE WHEN cardinality(words) > 1 THEN left(array_to_string(words, ''), {WORD_MAX}) END
    ] || ARRAY(
        SELECT '<' || left(first, length)
        FROM generate_series(1, CASE WHEN first = words[1] THEN {STARTS} ELSE 2 END) AS length
    ) || ARRAY(
        SELECT '^' || left(word, length) FROM unnest(words) AS word, generate_series(1, {STARTS}) AS length
    ), NULL);
END $bounds$;
"""  # noqa: S608  put together from our own words alone

# A row may have several names, as a person has a handle.
SPLIT = """
CREATE FUNCTION search_name_lexemes(names text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $names$
    SELECT array_agg(DISTINCT lexeme) FROM (
        SELECT lexeme FROM unnest(search_lexemes(array_to_string(names, E'\\n'))) AS lexeme
        WHERE lexeme NOT LIKE '=%'
        UNION ALL
        SELECT unnest(search_bounds(name)) FROM unnest(names) AS name
    ) AS found
$names$;
"""

STRATUM = f"""
CREATE FUNCTION search_stratum(kind text, level integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '/' || kind || CASE WHEN level < 0 THEN -1 ELSE width_bucket(level, ARRAY{list(STRATA)}) END;
"""

# Whether something public has the name: a name that no viewer may see takes no place from others.
SHOWN = f"""
CREATE FUNCTION search_shown(kind text, target bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $shown$
BEGIN
    IF kind = 't' THEN
        RETURN {NamesTag.template % {"expressions": "target"}} AND NOT EXISTS (
            SELECT FROM notes_tagstate WHERE tag_id = target AND (is_hidden OR merged_into_id IS NOT NULL)
        );
    ELSIF kind = 'c' THEN
        RETURN EXISTS (
            SELECT FROM profiles_campus WHERE id = target AND NOT is_hidden AND merged_into_id IS NULL
                AND (is_added OR {NamesCampus.template % {"expressions": "target"}})
        );
    ELSIF kind = 'l' THEN
        RETURN EXISTS (
            SELECT FROM profiles_positioning AS declared JOIN profiles_label AS label ON label.id = label_id
            JOIN profiles_user AS person ON person.id = declared.person_id
            WHERE declared.label_id = target AND retired_at IS NULL AND label.hidden_at IS NULL AND is_active
        );
    END IF;
    RETURN true;
END $shown$;
"""  # noqa: S608  the same

# Rows without lexemes have no name to be found by, for now or for good.
WRITE = """
CREATE FUNCTION search_write_name(of_kind text, of_target bigint, fresh text[]) RETURNS void
LANGUAGE plpgsql AS $write$
BEGIN
    IF fresh IS NULL THEN
        DELETE FROM search_name WHERE kind = of_kind AND target = of_target;
        RETURN;
    END IF;
    INSERT INTO search_name AS known (kind, target, lexemes)
    VALUES (of_kind, of_target, array_to_tsvector(fresh || search_stratum(of_kind, 0)))
    ON CONFLICT (kind, target) DO UPDATE
    SET lexemes = array_to_tsvector(fresh || search_stratum(of_kind, known.level));
END $write$;
"""

# The names that are shown and as typed; then those that begin so, and those that have it anywhere: of each so many at
# most, the most used first. By the index, whatever PostgreSQL estimates of words that it does not know.
FIND = f"""
CREATE FUNCTION search_names(of_kind text, same tsquery, begun tsquery, held tsquery, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $find$
DECLARE
    found bigint[] := ARRAY(
        SELECT target FROM (
            SELECT target FROM search_name WHERE lexemes @@ same AND kind = of_kind LIMIT {READ_MAX}
        ) AS read WHERE search_shown(of_kind, target) LIMIT most
    );
    taken bigint[];
    sought tsquery;
    used tsquery;
BEGIN
    FOREACH sought IN ARRAY ARRAY[begun, held] LOOP
        taken := '{{}}';
        FOR stratum IN REVERSE {len(STRATA)}..-1 LOOP
            used := ('''/' || of_kind || stratum || '''')::tsquery;
            taken := taken || ARRAY(
                SELECT target FROM (
                    SELECT target FROM search_name WHERE lexemes @@ (sought && used) LIMIT {READ_MAX}
                ) AS read WHERE search_shown(of_kind, target) LIMIT most - cardinality(taken)
            );
            EXIT WHEN cardinality(taken) >= most;
        END LOOP;
        found := found || taken;
    END LOOP;
    RETURN found;
END $find$;
"""  # noqa: S608  the same

FUNCTIONS = [BOUNDS, SPLIT, STRATUM, SHOWN, WRITE, FIND]
FORGET_FUNCTIONS = """
DROP FUNCTION search_names(text, tsquery, tsquery, tsquery, integer);
DROP FUNCTION search_write_name(text, bigint, text[]);
DROP FUNCTION search_shown(text, bigint);
DROP FUNCTION search_stratum(text, integer);
DROP FUNCTION search_name_lexemes(text[]);
DROP FUNCTION search_bounds(text);
"""
