"""Who has chosen nothing of it yet goes on getting the letters about missed deadlines."""

from typing import Any

from django.db import migrations

ESCALATIONS = "escalations"


def get_them(apps: Any, schema_editor: Any) -> None:
    user = apps.get_model("accounts", "User")
    for person in user.objects.only("pk", "notices_at_once").iterator():
        if ESCALATIONS not in person.notices_at_once:
            rest = [value for value in person.notices_at_once if value != "letters"]
            last = ["letters"] if "letters" in person.notices_at_once else []
            user.objects.filter(pk=person.pk).update(notices_at_once=[*rest, ESCALATIONS, *last])


def forget_them(apps: Any, schema_editor: Any) -> None:
    user = apps.get_model("accounts", "User")
    for person in user.objects.only("pk", "notices_at_once").iterator():
        kept = [value for value in person.notices_at_once if value != ESCALATIONS]
        user.objects.filter(pk=person.pk).update(notices_at_once=kept)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_notices_one_by_one")]

    operations = [migrations.RunPython(get_them, forget_them)]
