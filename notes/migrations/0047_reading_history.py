import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let people have a reading history."""

    dependencies = [
        ('notes', '0046_arrivals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingHistory',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('is_kept', models.BooleanField(db_default=True, default=True, verbose_name='kept')),
                ('kept_since', models.DateTimeField(null=True, verbose_name='kept since')),
                ('cleared_at', models.DateTimeField(null=True, verbose_name='cleared')),
            ],
            options={
                'verbose_name': 'reading history',
                'verbose_name_plural': 'reading histories',
            },
        ),
        migrations.CreateModel(
            name='HistoryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='last opened')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='removed')),
                ('note', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notes.note')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'entry of a reading history',
                'verbose_name_plural': 'entries of reading histories',
                'indexes': [models.Index(fields=['person', '-opened_at', '-id'], name='history_entry_latest')],
                'constraints': [models.UniqueConstraint(fields=('note', 'person'), name='history_entry_once')],
            },
        ),
    ]
