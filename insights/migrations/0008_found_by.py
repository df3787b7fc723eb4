import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The searched words that creators see."""

    dependencies = [
        ('insights', '0007_entered_by_the_weekly_job'),
        ('notes', '0046_arrivals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FoundBy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=60, verbose_name='words')),
                ('creator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notes.note')),
            ],
            options={
                'verbose_name': 'words that people searched for',
                'verbose_name_plural': 'words that people searched for',
                'constraints': [models.UniqueConstraint(fields=('creator', 'note', 'words'), name='found_by_once', nulls_distinct=False)],
            },
        ),
    ]
