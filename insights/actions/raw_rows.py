"""The SQL with which insights/actions/summing.py reads the rows of some people once, as of one moment."""
# ruff: noqa: S608 (the names of tables are ours)

WEEKS = 53

_WEEK = f"least((%(last)s - {{}}) / 7, {WEEKS})"

# Temporary tables of the batch, each made of the rows of `people` up to the day `last`.
ROWS: dict[str, str] = {
    # is_open: others can read it; is_public: everybody can.
    "batch_note": f"""
        SELECT note.id, note.author_id AS person_id, note.positioning_id,
            note.visibility <> 'private' AND note.hidden_at IS NULL AS is_open,
            note.visibility = 'public' AND note.hidden_at IS NULL AND author.is_active
                AND NOT author.approves_followers AS is_public,
            site_day(note.published_at) AS day, {_WEEK.format("site_day(note.published_at)")} AS week,
            note.cover_id IS NOT NULL AS has_cover, char_length(note.body) AS length,
            (SELECT count(*) FROM notes_photo AS photo
                WHERE photo.note_id = note.id AND photo.state = 'ready') AS photos
        FROM notes_note AS note JOIN profiles_user AS author ON author.id = note.author_id
        WHERE note.author_id = ANY (%(people)s) AND note.status = 'published'
            AND site_day(note.published_at) <= %(last)s
    """,
    "batch_tag": """
        SELECT note.person_id, note.id AS note_id, tagging.tag_id,
            1::float8 / count(*) OVER (PARTITION BY note.id) AS x
        FROM batch_note AS note JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id
        WHERE note.is_open
            AND NOT EXISTS (SELECT FROM notes_tagstate WHERE tag_id = tagging.tag_id AND is_hidden)
    """,
    "batch_day": f"""
        SELECT note.person_id, day.note_id, day.source, {_WEEK.format("day.day")} AS week,
            sum(day.shown) AS shown, sum(day.opened) AS opened, sum(day.visits) AS visits,
            sum(day.new_readers) AS readers, sum(day.ever_engaged) AS engaged,
            sum(day.ever_saved) AS saved, sum(day.ever_commented) AS commented
        FROM batch_note AS note JOIN notes_noteday AS day ON day.note_id = note.id
        WHERE day.day <= %(last)s
        GROUP BY 1, 2, 3, 4
    """,
    "batch_reader": f"""
        SELECT note.person_id, read.note_id, note.is_open,
            coalesce(read.person_id, read.departed, -read.id) AS reader,
            {_WEEK.format("read.first_seen_day")} AS week, read.reached
        FROM batch_note AS note JOIN notes_notereader AS read ON read.note_id = note.id
        WHERE read.is_counted AND read.first_seen_day <= %(last)s
    """,
    "batch_asked": f"""
        SELECT note.person_id, said.id, said.note_id, said.author_id AS asker,
            {_WEEK.format("site_day(said.created_at)")} AS week
        FROM batch_note AS note
        JOIN notes_comment AS said ON said.note_id = note.id
        JOIN profiles_user AS asker ON asker.id = said.author_id
        WHERE note.is_public AND said.deleted_at IS NULL AND said.hidden_at IS NULL AND asker.is_active
            AND said.author_id <> note.person_id AND site_day(said.created_at) <= %(last)s
            AND said.body ~ %(asks)s
            AND NOT EXISTS (
                SELECT FROM profiles_block
                WHERE (blocker_id, blocked_id) IN
                    ((said.author_id, note.person_id), (note.person_id, said.author_id))
            )
    """,
    "batch_won": f"""
        SELECT note.person_id, day.note_id, {_WEEK.format("day.day")} AS week, sum(day.won) AS won
        FROM batch_note AS note JOIN insights_notefollowday AS day ON day.note_id = note.id
        WHERE day.day <= %(last)s
        GROUP BY 1, 2, 3
    """,
    "batch_profile": f"""
        SELECT person_id, {_WEEK.format("day")} AS week, sum(won) AS won, sum(lost) AS lost,
            sum(visits) AS visits
        FROM (
            SELECT person_id, day, won, lost, 0 AS visits FROM insights_followday
            UNION ALL
            SELECT person_id, day, 0, 0, visits FROM insights_profileday
        ) AS days
        WHERE person_id = ANY (%(people)s) AND day <= %(last)s
        GROUP BY 1, 2
    """,
}

# Of all rows of a person, in whatever order. A row that changes, comes or goes, or moves by a week, changes it.
SIGNATURES = """
SELECT person.id, coalesce(bit_xor(rows.hash), 0)
FROM unnest(%(people)s::bigint[]) AS person (id)
LEFT JOIN (
{}
) AS rows ON rows.person_id = person.id
GROUP BY 1
""".format(
    "\n    UNION ALL\n".join(
        f"    SELECT person_id, hash_record_extended(ROW('{name}'::text, one.*), %(version)s) AS hash"
        f" FROM {name} AS one"
        for name in ROWS
    )
)
