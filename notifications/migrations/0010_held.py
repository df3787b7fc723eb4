from django.db import migrations

# As in 0002. A note that was held for review and is hidden from then on is told anew.
TELL = """
CREATE OR REPLACE TRIGGER tell_of_hidden_note AFTER UPDATE OF hidden_at, is_held ON notes_note FOR EACH ROW
    WHEN ((OLD.hidden_at IS NULL) <> (NEW.hidden_at IS NULL) OR (NEW.hidden_at IS NOT NULL AND OLD.is_held <> NEW.is_held))
    EXECUTE FUNCTION tell_of_hidden_note();
"""
BEFORE = """
CREATE OR REPLACE TRIGGER tell_of_hidden_note AFTER UPDATE OF hidden_at ON notes_note FOR EACH ROW
    WHEN ((OLD.hidden_at IS NULL) <> (NEW.hidden_at IS NULL)) EXECUTE FUNCTION tell_of_hidden_note();
"""


class Migration(migrations.Migration):
    """Tell authors too when a moderator hides a note that was held for review."""

    dependencies = [("notifications", "0009_told_by_number"), ("notes", "0060_held")]
    operations = [migrations.RunSQL(TELL, BEFORE)]
