import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

WITH_GUID = ('room', 'session', 'speaker')


def give_guids(apps, schema_editor):
    for name in WITH_GUID:
        rows = apps.get_model('conferences', name)._base_manager
        for pk in list(rows.filter(guid=None).values_list('pk', flat=True)):
            rows.filter(pk=pk).update(guid=uuid.uuid4())


def begin_revisions(apps, schema_editor):
    """What the triggers do for every later session (conferences/revision_rules.py)."""
    revisions = apps.get_model('conferences', 'SessionRevision')._base_manager
    sessions = apps.get_model('conferences', 'Session')._base_manager
    now = timezone.now()
    for session in sessions.select_related('conference__fair'):
        revisions.create(
            session_id=session.pk, conference_id=session.conference_id, track_id=session.track_id, guid=session.guid, changed_at=now,
            starts_at=session.starts_at, ends_at=session.ends_at,
            was_public=session.is_public and session.conference.fair.status != 'draft',
        )


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0001_initial'),
        ('fairs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='delegate',
            name='calendar_hash',
            field=models.CharField(blank=True, editable=False, max_length=64, default=''),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='delegate',
            constraint=models.UniqueConstraint(condition=models.Q(('calendar_hash', ''), _negated=True), fields=('calendar_hash',), name='delegate_calendar_once'),
        ),
        migrations.AddField(
            model_name='session',
            name='cancelled_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='cancelled'),
        ),
        *(
            migrations.AddField(model_name=name, name='guid', field=models.UUIDField(default=None, editable=False, null=True))
            for name in WITH_GUID
        ),
        migrations.RunPython(give_guids, migrations.RunPython.noop),
        *(
            migrations.AlterField(model_name=name, name='guid', field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
            for name in WITH_GUID
        ),
        migrations.CreateModel(
            name='SessionRevision',
            fields=[
                ('session', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='revision', serialize=False, to='conferences.session')),
                ('conference', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='session_revisions', to='conferences.conference')),
                ('track', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conferences.track')),
                ('guid', models.UUIDField(unique=True)),
                ('number', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('was_public', models.BooleanField(default=False)),
            ],
        ),
        migrations.RunPython(begin_revisions, migrations.RunPython.noop),
    ]
