from django.db import migrations, models


class Migration(migrations.Migration):
    """Let readers of one note who share a network be told from those who do not (notes/readers/networks.py)."""

    dependencies = [("notes", "0021_not_yet_counted")]
    operations = [
        migrations.CreateModel(
            "NetworkKey",
            [
                ("week", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField()),
            ],
        ),
        migrations.AddField("notereader", "network", models.BigIntegerField(null=True, editable=False)),
    ]
