"""The SQL of each table of sums, over the rows that insights/actions/raw_rows.py read.

Each statement covers the people in `changed` up to the day `last`, and may use the new rows of the statements above
it.
"""
# ruff: noqa: S608 (the names of tables are ours)

NAMED = 20  # comments that ask, kept for each topic
SHORT, FEW = 200, 3  # characters and photos at most in the first group of a comparison

_PERIODS = "(VALUES ('28d', 4), ('16w', 16), ('all', 1000)) AS period (name, weeks)"
_WEIGHT = "power(2::float8, -least(%(last)s - note.day, 14000)::float8 / 14)"


def _group(condition: str) -> str:
    """Return SQL for a group of notes: their number, their readers, and how many of these engaged."""
    return ", ".join(
        f"coalesce({what} FILTER (WHERE {condition}), 0)"
        for what in ("count(*)", "sum(readers)", "sum(engaged)")
    )


SUMS: dict[str, str] = {
    "insights_notesum": f"""
        WITH day AS (
            SELECT note_id, name, sum(shown) AS shown, sum(opened) AS opened, sum(visits) AS visits,
                sum(readers) AS readers, sum(engaged) AS engaged, sum(saved) AS saved,
                sum(commented) AS commented
            FROM batch_day JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2
        ), source AS (
            SELECT note_id, name, jsonb_object_agg(source, readers) AS sources
            FROM (
                SELECT note_id, name, source, sum(readers) AS readers
                FROM batch_day JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2, 3 HAVING sum(readers) > 0
            ) AS each GROUP BY 1, 2
        ), far AS (
            SELECT note_id, name, jsonb_object_agg(reached, readers) AS reached
            FROM (
                SELECT note_id, name, reached, count(*) AS readers
                FROM batch_reader JOIN {_PERIODS} ON week < weeks WHERE reached IS NOT NULL GROUP BY 1, 2, 3
            ) AS each GROUP BY 1, 2
        ), won AS (
            SELECT note_id, name, sum(won) AS won FROM batch_won JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2
        )
        SELECT note.id AS note_id, period.name AS period, coalesce(shown, 0) AS shown,
            coalesce(opened, 0) AS opened, coalesce(visits, 0) AS visits, coalesce(readers, 0) AS readers,
            coalesce(engaged, 0) AS engaged, coalesce(saved, 0) AS saved, coalesce(commented, 0) AS commented,
            coalesce(won, 0) AS won, coalesce(sources, '{{}}') AS sources, coalesce(reached, '{{}}') AS reached
        FROM batch_note AS note CROSS JOIN {_PERIODS}
        LEFT JOIN day ON day.note_id = note.id AND day.name = period.name
        LEFT JOIN source ON source.note_id = note.id AND source.name = period.name
        LEFT JOIN far ON far.note_id = note.id AND far.name = period.name
        LEFT JOIN won ON won.note_id = note.id AND won.name = period.name
        WHERE note.person_id = ANY (%(changed)s) AND (day.note_id IS NOT NULL OR won.note_id IS NOT NULL)
    """,
    "insights_topicsum": f"""
        WITH posted AS (
            SELECT tag.person_id, tag.tag_id, name, count(*) AS notes, sum(x * {_WEIGHT}) AS weight
            FROM batch_tag AS tag JOIN batch_note AS note ON note.id = tag.note_id
            JOIN {_PERIODS} ON note.week < weeks GROUP BY 1, 2, 3
        ), read AS (
            SELECT tag.person_id, tag.tag_id, period AS name, count(*) AS read_notes, sum(readers) AS readings,
                sum(engaged) AS engaged, sum(readers::float8 ^ 2) AS vv, sum(x * readers) AS x_readings,
                sum(x * engaged) AS x_engaged, sum(x * x * readers) AS xx_readings,
                sum((x * readers) ^ 2) AS xx_vv
            FROM batch_tag AS tag JOIN new_insights_notesum AS sums ON sums.note_id = tag.note_id
            WHERE readers > 0 GROUP BY 1, 2, 3
        ), people AS (
            SELECT person_id, tag_id, name, count(*) AS readers
            FROM (
                SELECT tag.person_id, tag.tag_id, reader, min(week) AS week
                FROM batch_tag AS tag JOIN batch_reader AS read ON read.note_id = tag.note_id GROUP BY 1, 2, 3
            ) AS each JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2, 3
        ), asked AS (
            SELECT tag.person_id, tag.tag_id, name, count(DISTINCT asker) AS askers,
                (array_agg(said.id ORDER BY said.id DESC))[1:{NAMED}] AS asked
            FROM batch_tag AS tag JOIN batch_asked AS said ON said.note_id = tag.note_id
            JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2, 3
        ), topic AS (
            SELECT person_id, tag_id, name FROM posted UNION SELECT person_id, tag_id, name FROM read
            UNION SELECT person_id, tag_id, name FROM asked
        )
        SELECT topic.person_id, topic.name AS period, topic.tag_id, coalesce(notes, 0) AS notes,
            coalesce(weight, 0) AS weight, coalesce(read_notes, 0) AS read_notes,
            coalesce(people.readers, 0) AS readers, coalesce(readings, 0) AS readings,
            coalesce(engaged, 0) AS engaged, coalesce(vv, 0) AS vv, coalesce(x_readings, 0) AS x_readings,
            coalesce(x_engaged, 0) AS x_engaged, coalesce(xx_readings, 0) AS xx_readings,
            coalesce(xx_vv, 0) AS xx_vv, coalesce(askers, 0) AS askers,
            coalesce(asked, ARRAY[]::bigint[]) AS asked
        FROM topic
        LEFT JOIN posted USING (person_id, tag_id, name) LEFT JOIN read USING (person_id, tag_id, name)
        LEFT JOIN people USING (person_id, tag_id, name) LEFT JOIN asked USING (person_id, tag_id, name)
        WHERE topic.person_id = ANY (%(changed)s)
    """,
    "insights_personsum": f"""
        WITH posted AS (
            SELECT person_id, name, count(*) AS notes, sum({_WEIGHT}) AS weight
            FROM batch_note AS note JOIN {_PERIODS} ON week < weeks WHERE is_open GROUP BY 1, 2
        ), met AS (
            SELECT note.person_id, period AS name, count(*) FILTER (WHERE readers > 0) AS read_notes,
                sum(readers) AS readings, sum(engaged) AS engaged, sum(readers::float8 ^ 2) AS vv,
                sum(readers::float8 * engaged) AS ve, sum(engaged::float8 ^ 2) AS ee,
                percentile_disc(0.5) WITHIN GROUP (ORDER BY readers) FILTER (WHERE readers > 0) AS median,
                sum(shown) AS shown, sum(visits) AS visits
            FROM batch_note AS note JOIN new_insights_notesum AS sums ON sums.note_id = note.id
            WHERE note.is_open GROUP BY 1, 2
        ), compared AS (
            SELECT note.person_id, period AS name, jsonb_build_object(
                'cover', jsonb_build_array({_group("has_cover")}, {_group("NOT has_cover")}),
                'length', jsonb_build_array({_group(f"length <= {SHORT}")}, {_group(f"length > {SHORT}")}),
                'photos', jsonb_build_array(
                    {_group(f"photos BETWEEN 1 AND {FEW}")}, {_group(f"photos > {FEW}")}
                )
            ) AS groups
            FROM batch_note AS note JOIN new_insights_notesum AS sums ON sums.note_id = note.id
            WHERE note.is_open AND readers > 0 GROUP BY 1, 2
        ), people AS (
            SELECT person_id, name, count(*) AS readers
            FROM (
                SELECT person_id, reader, min(week) AS week FROM batch_reader WHERE is_open GROUP BY 1, 2
            ) AS each JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2
        ), profile AS (
            SELECT person_id, name, sum(won) AS won, sum(lost) AS lost, sum(visits) AS visits
            FROM batch_profile JOIN {_PERIODS} ON week < weeks GROUP BY 1, 2
        )
        SELECT person.id AS person_id, period.name AS period, coalesce(notes, 0) AS notes,
            coalesce(weight, 0) AS weight,
            (SELECT min(day) FROM batch_note AS note WHERE note.person_id = person.id AND is_open) AS first,
            coalesce(read_notes, 0) AS read_notes, coalesce(people.readers, 0) AS readers,
            coalesce(readings, 0) AS readings, coalesce(engaged, 0) AS engaged, coalesce(vv, 0) AS vv,
            coalesce(ve, 0) AS ve, coalesce(ee, 0) AS ee, coalesce(median, 0) AS median,
            coalesce(groups, '{{}}') AS groups, coalesce(shown, 0) AS shown,
            coalesce(met.visits, 0) AS visits, coalesce(profile.visits, 0) AS profile_visits,
            coalesce(won, 0) AS won, coalesce(lost, 0) AS lost
        FROM unnest(%(changed)s::bigint[]) AS person (id) CROSS JOIN {_PERIODS}
        LEFT JOIN posted ON posted.person_id = person.id AND posted.name = period.name
        LEFT JOIN met ON met.person_id = person.id AND met.name = period.name
        LEFT JOIN compared ON compared.person_id = person.id AND compared.name = period.name
        LEFT JOIN people ON people.person_id = person.id AND people.name = period.name
        LEFT JOIN profile ON profile.person_id = person.id AND profile.name = period.name
    """,
    "insights_chaptersum": """
        WITH met AS (
            SELECT positioning_id, count(*) AS notes, sum(readers) AS readings, sum(engaged) AS engaged,
                sum(won) AS won
            FROM batch_note AS note
            LEFT JOIN new_insights_notesum AS sums ON sums.note_id = note.id AND period = 'all'
            WHERE is_open GROUP BY 1
        ), people AS (
            SELECT positioning_id, count(DISTINCT reader) AS readers
            FROM batch_note AS note JOIN batch_reader AS read ON read.note_id = note.id
            WHERE note.is_open GROUP BY 1
        )
        SELECT chapter.id AS positioning_id, coalesce(notes, 0) AS notes,
            coalesce(people.readers, 0) AS readers, coalesce(readings, 0) AS readings,
            coalesce(engaged, 0) AS engaged, coalesce(won, 0) AS won
        FROM profiles_positioning AS chapter
        LEFT JOIN met ON met.positioning_id = chapter.id
        LEFT JOIN people ON people.positioning_id = chapter.id
        WHERE chapter.person_id = ANY (%(changed)s)
    """,
}

# Each person's weeks, the newest first: the new readers of open notes, and how many of them were ever engaged.
WEEKLY = """
SELECT person.id, jsonb_agg(jsonb_build_array(coalesce(readers, 0), coalesce(engaged, 0)) ORDER BY number)
FROM unnest(%(changed)s::bigint[]) AS person (id)
CROSS JOIN generate_series(0, %(weeks)s - 1) AS number
LEFT JOIN (
    SELECT day.person_id, day.week, sum(readers) AS readers, sum(engaged) AS engaged
    FROM batch_day AS day JOIN batch_note AS note ON note.id = day.note_id
    WHERE note.is_open GROUP BY 1, 2
) AS met ON met.person_id = person.id AND met.week = number
GROUP BY 1
"""
