import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let authors put notes in series."""

    dependencies = [
        ('notes', '0047_reading_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hidden_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='hidden')),
                ('hidden_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason')),
                ('name', models.CharField(max_length=400, verbose_name='name')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='series', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('hidden_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='hidden by')),
            ],
            options={
                'verbose_name': 'series',
                'verbose_name_plural': 'series',
                'constraints': [
                    models.UniqueConstraint(models.F('author'), django.db.models.functions.text.Lower('name'), name='series_name_once'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='series_named'),
                ],
            },
        ),
        migrations.AddField(
            model_name='note',
            name='series',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='notes.series'),
        ),
        migrations.AddField(
            model_name='note',
            name='series_place',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
    ]
