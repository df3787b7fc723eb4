from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def of(filtered: str) -> AddIndexConcurrently:
    open_alone = models.Q(closed_at__isnull=True)
    index = models.Index(
        fields=[filtered, "-urgency", "-id"], name=f"case_queue_of_{filtered}", condition=open_alone
    )
    return AddIndexConcurrently("case", index)


class Migration(migrations.Migration):
    """Let each filter of the queue find its page by an index."""

    atomic = False
    dependencies = [("moderation", "0014_evidence_stays")]
    operations = [of("severity"), of("kind"), of("reason")]
