from django.db import migrations, models


class Migration(migrations.Migration):
    """Say that a scheduled note was hidden, by a moderator or by a program."""


    dependencies = [
        ('notes', '0067_reported_photos'),
    ]

    operations = [
        migrations.AlterField(
            model_name='note',
            name='not_published',
            field=models.CharField(blank=True, choices=[('photo', 'A photo could not be prepared.'), ('hidden', 'The note was hidden.'), ('account', 'Your account was suspended or was about to be deleted.'), ('unconfirmed', 'Your e-mail address was not confirmed.'), ('unfinished', 'The note was not complete.'), ('failed', 'Something went wrong on our side.')], db_default='', default='', editable=False, max_length=12),
        ),
    ]
