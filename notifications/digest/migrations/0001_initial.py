import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let people have a digest of their notifications a day."""

    initial = True

    dependencies = [
        ('profiles', '0031_time_zone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('hour', models.PositiveSmallIntegerField(default=18)),
                ('next_at', models.DateTimeField(null=True)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('told_up_to', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='digest_next')],
                'constraints': [models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='digest_hour')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True, verbose_name='day')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('state', models.CharField(choices=[('claimed', 'Being sent, or cut off'), ('waiting', 'Waits to be tried again'), ('sent', 'Sent'), ('refused', 'Refused by the mail server'), ('given_up', 'Not sent')], max_length=8, verbose_name='state')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('claimed_at', models.DateTimeField(verbose_name='last tried')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('up_to', models.BigIntegerField()),
                ('number', models.PositiveIntegerField(verbose_name='notifications')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'digest',
                'verbose_name_plural': 'digests',
                'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='digest_once_a_day')],
            },
        ),
    ]
