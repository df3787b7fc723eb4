"""The SQL that writes the names of people, tags, labels and campuses as they change. Row by row: they change rarely."""

from search.names.lexemes_sql import STARTS

# The lexemes of one row, by its columns: NULL for those that are not found.
PERSON = f"""
CREATE FUNCTION search_person(of_person bigint) RETURNS void LANGUAGE sql AS $person$
    SELECT search_write_name('p', of_person, (
        SELECT search_name_lexemes(ARRAY[name, handle]) || ('@' || lower(handle)) || ARRAY(
            SELECT '@' || left(lower(handle), length) FROM generate_series(1, {STARTS}) AS length
        )
        FROM profiles_user WHERE id = of_person AND is_active AND unconfirmed_until IS NULL
    ));
$person$;
"""  # noqa: S608  put together from our own words alone
TAG = """
CREATE FUNCTION search_tag(of_tag bigint) RETURNS void LANGUAGE sql AS $tag$
    SELECT search_write_name('t', of_tag, (
        SELECT search_name_lexemes(ARRAY[name]) FROM taggit_tag WHERE id = of_tag
    ));
$tag$;
"""
LABEL = """
CREATE FUNCTION search_label(of_label bigint) RETURNS void LANGUAGE sql AS $label$
    SELECT search_write_name('l', of_label, (
        SELECT search_name_lexemes(ARRAY[wording]) FROM profiles_label WHERE id = of_label
    ));
$label$;
"""
# Also by the initials of its words, as JSU.
CAMPUS = """
CREATE FUNCTION search_campus(of_campus bigint) RETURNS void LANGUAGE sql AS $campus$
    SELECT search_write_name('c', of_campus, (
        SELECT search_name_lexemes(ARRAY[name, city, (
            SELECT string_agg(letter[1], '')
            FROM regexp_matches(search_fold(name), '(?<![a-z])[a-z]', 'g') AS letter HAVING count(*) > 1
        )])
        FROM profiles_campus WHERE id = of_campus
    ));
$campus$;
"""

_TRIGGERS = """
CREATE FUNCTION search_{what}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_{what}(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION search_{what}_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_write_name('{kind}', OLD.id, NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER search_{what}_added AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION search_{what}_changed();
CREATE TRIGGER search_{what}_changed AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
    WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION search_{what}_changed();
CREATE TRIGGER search_{what}_gone AFTER DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION search_{what}_gone();
"""
_FORGET = """
DROP TRIGGER search_{what}_gone ON {table};
DROP TRIGGER search_{what}_changed ON {table};
DROP TRIGGER search_{what}_added ON {table};
DROP FUNCTION search_{what}_gone();
DROP FUNCTION search_{what}_changed();
DROP FUNCTION search_{what}(bigint);
"""
WATCHED = {
    "person": ("p", "profiles_user", ["name", "handle", "unconfirmed_until", "suspended_at", "leaving_at"]),
    "tag": ("t", "taggit_tag", ["name"]),
    "label": ("l", "profiles_label", ["wording"]),
    "campus": ("c", "profiles_campus", ["name", "city"]),
}


def _of(what: str, kind: str, table: str, columns: list[str], sql: str) -> str:
    sides = {side: ", ".join(f"{side.upper()}.{column}" for column in columns) for side in ("old", "new")}
    return sql.format(what=what, kind=kind, table=table, columns=", ".join(columns), **sides)


TRIGGERS = [PERSON, TAG, LABEL, CAMPUS, *(_of(what, *of, _TRIGGERS) for what, of in WATCHED.items())]
FORGET_TRIGGERS = [_of(what, *of, _FORGET) for what, of in WATCHED.items()]
