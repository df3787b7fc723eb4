import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# An entry is written once. Two changes remain: an account that is deleted takes its name out of what it did, by the key
# itself; and after five years an entry may be deleted.
KEEP = """
ALTER TABLE redbook_auditentry ADD CONSTRAINT auditentry_actor FOREIGN KEY (actor_id) REFERENCES profiles_user (id)
    ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.actor_id IS NULL AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id'
            AND NOT EXISTS (SELECT FROM profiles_user WHERE id = OLD.actor_id)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '5 years' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_audit_entries BEFORE UPDATE OR DELETE ON redbook_auditentry
    FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER keep_audit_table BEFORE TRUNCATE ON redbook_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
"""
FORGET = """
DROP TRIGGER keep_audit_table ON redbook_auditentry;
DROP TRIGGER keep_audit_entries ON redbook_auditentry;
DROP FUNCTION keep_audit_log();
ALTER TABLE redbook_auditentry DROP CONSTRAINT auditentry_actor;
"""


class Migration(migrations.Migration):
    """Make the audit log, which the database keeps append-only."""

    dependencies = [("redbook", "0003_presses"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "AuditEntry",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="when"
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                ("action", models.CharField(editable=False, max_length=32, verbose_name="what was done")),
                ("kind", models.CharField(blank=True, editable=False, max_length=64, verbose_name="kind")),
                ("number", models.BigIntegerField(editable=False, null=True, verbose_name="number")),
                ("case_number", models.BigIntegerField(editable=False, null=True, verbose_name="case")),
                ("decision_number", models.BigIntegerField(editable=False, null=True, verbose_name="decision")),
                ("words", models.CharField(blank=True, editable=False, max_length=300, verbose_name="more")),
            ],
            options={
                "verbose_name": "entry of the audit log",
                "verbose_name_plural": "audit log",
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(
                        fields=["case_number"],
                        name="audit_of_case",
                        condition=models.Q(("case_number__isnull", False)),
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
