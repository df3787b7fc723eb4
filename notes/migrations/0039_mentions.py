import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Store the people that published notes and comments mention."""

    dependencies = [
        ('notes', '0038_open_report_count'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=30)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mentions_made', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='notes.comment')),
                ('note', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='notes.note')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['author', 'person'], name='mention_of_author')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('comment__isnull', True)), fields=('note', 'person'), name='mention_in_note_once'), models.UniqueConstraint(fields=('comment', 'person'), name='mention_in_comment_once'), models.CheckConstraint(condition=models.Q(('note__isnull', False), models.Q(('comment__isnull', True), ('removed_at__isnull', False)), _connector='OR'), name='mention_of_deleted_note_removed')],
            },
        ),
    ]
