from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redbook", "0002_forms_put_aside")]

    operations = [
        migrations.AddField("parkedform", "is_press", models.BooleanField(db_default=False, default=False)),
    ]
