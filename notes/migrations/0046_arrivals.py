import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Record by which searched words people come to notes."""

    dependencies = [
        ('notes', '0045_not_published_failed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=60, verbose_name='words')),
                ('day', models.DateField(db_index=True, verbose_name='day')),
                ('note', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notes.note')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'arrival from a search',
                'verbose_name_plural': 'arrivals from searches',
                'constraints': [models.UniqueConstraint(fields=('note', 'person', 'words'), name='arrival_once')],
            },
        ),
    ]
