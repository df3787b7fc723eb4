from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redbook", "0001_parked_forms")]

    operations = [
        migrations.AddField("parkedform", "is_aside", models.BooleanField(db_default=False, default=False)),
    ]
