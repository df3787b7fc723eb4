import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Gather reports in cases, with decisions, rules and appeals. A report no longer goes with its target."""

    dependencies = [
        ('moderation', '0006_reported_text'),
        ('notes', '0055_warning'),
        ('profiles', '0032_limited_until'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='appeal')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='appealed')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('granted', models.BooleanField(null=True, verbose_name='granted')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('note', 'Note'), ('photo', 'Photo'), ('comment', 'Comment'), ('person', 'Person'), ('label', 'Label'), ('tag', 'Tag'), ('campus', 'Campus'), ('collection', 'Collection'), ('series', 'Series')], max_length=10, verbose_name='about')),
                ('number', models.BigIntegerField(verbose_name='number')),
                ('reason', models.CharField(blank=True, choices=[('harassment', 'Harassment, hate or threats'), ('sexual', 'Sexual content'), ('child_abuse', 'Sexual abuse of children'), ('self_harm', 'Self-harm or suicide'), ('danger', 'Someone may be in danger'), ('private', 'Someone’s private information'), ('undisclosed', 'An ad that doesn’t say it is one'), ('advertising', 'Spam or a scam'), ('copied', 'Copied from someone else'), ('rule', 'Another rule is broken'), ('other', 'Something else')], max_length=11, verbose_name='what is wrong')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'Low'), (2, 'Medium'), (3, 'High'), (4, 'Danger')], default=1, verbose_name='severity')),
                ('is_young', models.BooleanField(default=False, verbose_name='high school')),
                ('report_count', models.PositiveIntegerField(default=0, verbose_name='reports')),
                ('reporter_count', models.PositiveIntegerField(default=0, verbose_name='people')),
                ('weight', models.FloatField(default=0, verbose_name='weight')),
                ('urgency', models.FloatField(default=0, verbose_name='urgency')),
                ('version', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('none', 'No action'), ('note', 'A word to the author'), ('warning', 'A warning on the note'), ('hide', 'Hide'), ('limit', 'Limit the account for a time'), ('suspend', 'Suspend the account')], max_length=8, verbose_name='decision')),
                ('limits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('posting', 'Publishing notes'), ('commenting', 'Commenting'), ('following', 'Following people')], max_length=10), default=list, verbose_name='limits')),
                ('warning', models.CharField(blank=True, choices=[('sensitive', 'May be upsetting'), ('doubtful', 'May not be true'), ('ad', 'Looks like an ad')], max_length=10, verbose_name='warning')),
                ('facts', models.TextField(blank=True, verbose_name='facts')),
                ('by_program', models.BooleanField(default=False, verbose_name='by a program')),
                ('version', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='decided')),
                ('ends_at', models.DateTimeField(null=True, verbose_name='until')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('undone_reason', models.TextField(blank=True, verbose_name='reason')),
                ('strike_until', models.DateTimeField(null=True, verbose_name='strike until')),
                ('told_at', models.DateTimeField(null=True, verbose_name='told')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='slug')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name in Chinese')),
                ('text_en', models.TextField(verbose_name='text in English')),
                ('text_zh', models.TextField(verbose_name='text in Chinese')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'Low'), (2, 'Medium'), (3, 'High'), (4, 'Danger')], verbose_name='severity')),
                ('usual_step', models.CharField(choices=[('none', 'No action'), ('note', 'A word to the author'), ('warning', 'A warning on the note'), ('hide', 'Hide'), ('limit', 'Limit the account for a time'), ('suspend', 'Suspend the account')], max_length=8, verbose_name='usual decision')),
                ('strike_days', models.PositiveSmallIntegerField(default=0, verbose_name='strike lasts (days)')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retired')),
            ],
            options={
                'verbose_name': 'rule',
                'verbose_name_plural': 'rules',
            },
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='report_of_one_thing',
        ),
        migrations.AddField(
            model_name='report',
            name='answered_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='answered'),
        ),
        migrations.AddField(
            model_name='report',
            name='is_fresh',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='report',
            name='trust',
            field=models.FloatField(db_default=0.5, default=0.5, editable=False),
        ),
        migrations.AddField(
            model_name='report',
            name='was_right',
            field=models.BooleanField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='report',
            name='comment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='notes.comment', verbose_name='comment'),
        ),
        migrations.AlterField(
            model_name='report',
            name='note',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='notes.note', verbose_name='note'),
        ),
        migrations.AlterField(
            model_name='report',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='report',
            name='reason',
            field=models.CharField(choices=[('harassment', 'Harassment, hate or threats'), ('sexual', 'Sexual content'), ('child_abuse', 'Sexual abuse of children'), ('self_harm', 'Self-harm or suicide'), ('danger', 'Someone may be in danger'), ('private', 'Someone’s private information'), ('undisclosed', 'An ad that doesn’t say it is one'), ('advertising', 'Spam or a scam'), ('copied', 'Copied from someone else'), ('rule', 'Another rule is broken'), ('other', 'Something else')], max_length=11, verbose_name='what is wrong'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='case',
            name='campus',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='profiles.campus'),
        ),
        migrations.AddField(
            model_name='case',
            name='collection',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='notes.collection'),
        ),
        migrations.AddField(
            model_name='case',
            name='comment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='notes.comment'),
        ),
        migrations.AddField(
            model_name='case',
            name='label',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='profiles.label'),
        ),
        migrations.AddField(
            model_name='case',
            name='note',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='notes.note'),
        ),
        migrations.AddField(
            model_name='case',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by'),
        ),
        migrations.AddField(
            model_name='case',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='photo',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='notes.photo'),
        ),
        migrations.AddField(
            model_name='case',
            name='series',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='notes.series'),
        ),
        migrations.AddField(
            model_name='case',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases_of_theirs', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='case',
            name='tag',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='taggit.tag'),
        ),
        migrations.AddField(
            model_name='report',
            name='case',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.case', verbose_name='case'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', True), models.Q(('comment__isnull', True), ('note__isnull', True)), _connector='OR'), name='report_of_one_thing_at_most'),
        ),
        migrations.AddField(
            model_name='decision',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='moderation.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='decision',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions_made', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='decision',
            name='subject',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='decision',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decision',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.decision', verbose_name='decision'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('severity__range', (1, 4))), name='rule_severity_of_four'),
        ),
        migrations.AddField(
            model_name='decision',
            name='rule',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='moderation.rule', verbose_name='rule'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['-urgency', '-id'], name='case_queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['kind', 'number', '-id'], name='case_of_target'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['-closed_at'], name='case_closed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('kind', 'number'), name='case_open_once'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('severity__range', (1, 4))), name='case_severity_of_four'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('decided_at__isnull', True)), fields=['created_at'], name='appeal_open'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('granted__isnull', True)), models.Q(('decided_at__isnull', False), ('granted__isnull', False)), _connector='OR'), name='appeal_decided_whole'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['subject', '-id'], name='decision_of_subject'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['rule', '-id'], name='decision_of_rule'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), ('ends_at__isnull', False), ('undone_at__isnull', True)), fields=['ends_at'], name='decision_that_ends'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('step__in', ['warning', 'hide', 'limit', 'suspend']), ('undone_at__isnull', True)), fields=('case', 'step'), name='decision_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('step', 'limit'), _negated=True), models.Q(('ends_at__isnull', False), ('limits__len__gt', 0)), _connector='OR'), name='decision_limits_for_a_time'),
        ),
    ]
