from django.db import migrations, models

import accounts.enums
import accounts.models


def _split(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    # New applications and documents were all that could wait.
    user.objects.filter(notices_at_once=False).update(at_once=["offers", "withdrawals", "requests", "decisions", "letters"])


def _join(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    for person in user.objects.all():
        user.objects.filter(pk=person.pk).update(notices_at_once="applications" in person.at_once)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_notices_of_staff")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="at_once",
            field=models.JSONField(
                blank=True,
                default=accounts.enums.every_notice,
                help_text="Each comes as a letter of its own; what is not chosen stands in the daily digest.",
                validators=[accounts.models.validate_notices],
                verbose_name="notices at once",
            ),
        ),
        migrations.RunPython(_split, _join),
        migrations.RemoveField(model_name="user", name="notices_at_once"),
        migrations.RenameField(model_name="user", old_name="at_once", new_name="notices_at_once"),
    ]
