from django.db import migrations

KEEP_TO_FOLLOWERS = """
UPDATE notes_photo SET token = replace(gen_random_uuid()::text, '-', '')
FROM notes_note JOIN profiles_user ON profiles_user.id = author_id
WHERE notes_photo.note_id = notes_note.id AND visibility = 'public' AND approves_followers;

UPDATE notes_note SET visibility = 'followers'
FROM profiles_user
WHERE profiles_user.id = author_id AND visibility = 'public' AND approves_followers;
"""


class Migration(migrations.Migration):
    """Who approves their followers has no public notes; the old addresses of the photos end."""

    dependencies = [("notes", "0003_counters"), ("profiles", "0005_privacy")]
    operations = [migrations.RunSQL(KEEP_TO_FOLLOWERS, migrations.RunSQL.noop)]
