from typing import Any

from django.db import migrations

from core.jobs import defer
from core.slug_repair import readdress


def keep_marks(apps: Any, schema_editor: Any) -> None:
    model, former = apps.get_model("taggit", "Tag"), apps.get_model("profiles", "FormerSlug")
    rows = model.objects.order_by("pk").values_list("pk", "name", "slug")
    readdress(rows.iterator(), model, former, "tag")


def read_stories(apps: Any, schema_editor: Any) -> None:
    """Defer the reading of stories by today's grammar of tags, where there are any."""
    if apps.get_model("notes", "Note").objects.exists():
        defer("read_stories", after=0)


class Migration(migrations.Migration):
    """Marks of every script stay in the addresses of tags; the former addresses lead there."""

    atomic = False  # some hundred tags at a time; done twice, it changes nothing
    dependencies = [
        ("notes", "0016_counted_readers"),
        ("profiles", "0017_former_slugs"),
        ("procrastinate", "0041_post_retry_failed_job"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]
    operations = [
        migrations.RunPython(keep_marks, migrations.RunPython.noop),
        migrations.RunPython(read_stories, migrations.RunPython.noop),
    ]
