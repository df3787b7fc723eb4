import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A confirmed address is one account's; an unconfirmed one may be claimed by several."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('profiles', '0012_counted_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='PreviousAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('replaced_by', models.EmailField(max_length=254, verbose_name='replaced by')),
                ('replaced_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='replaced')),
            ],
            options={
                'verbose_name': 'previous address',
                'verbose_name_plural': 'previous addresses',
            },
        ),
        migrations.RemoveConstraint(
            model_name='user',
            name='user_email_unique',
        ),
        migrations.AddField(
            model_name='user',
            name='unconfirmed_until',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='unconfirmed until'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('unconfirmed_until__isnull', False)), name='user_email_unconfirmed'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('unconfirmed_until__isnull', False)), fields=['unconfirmed_until'], name='user_unconfirmed_until'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('unconfirmed_until__isnull', True)), name='user_email_confirmed_once', violation_error_message='This address is already in use.'),
        ),
        migrations.AddField(
            model_name='previousaddress',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='previous_addresses', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
    ]
