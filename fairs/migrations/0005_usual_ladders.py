"""What was there before ladders gets the usual one, and the usual quiet days."""

from datetime import timedelta

from django.db import migrations

from fairs.domain.ladders import USUAL
from fairs.quiet_time import usual_quiet_days


def give_usual(apps, schema_editor):
    deadlines = apps.get_model("fairs", "Deadline").objects.order_by("pk")
    rung = apps.get_model("fairs", "Rung")
    rung.objects.bulk_create(
        rung(deadline=deadline, offset=offset, unit=str(unit), reader=str(reader), act=str(act))
        for deadline in deadlines
        for offset, unit, reader, act in USUAL
    )
    quiet = apps.get_model("fairs", "QuietDays")
    for fair in apps.get_model("fairs", "Fair").objects.order_by("pk"):
        first, last = fair.starts_on - timedelta(days=366), fair.ends_on + timedelta(days=90)
        quiet.objects.bulk_create(
            quiet(fair=fair, country=days.country, first_day=days.first, last_day=days.last)
            for days in usual_quiet_days()
            if days.last >= first and days.first <= last
        )


class Migration(migrations.Migration):

    dependencies = [
        ('fairs', '0004_ladders_and_quiet_days'),
    ]

    operations = [
        migrations.RunPython(give_usual, migrations.RunPython.noop),
    ]
