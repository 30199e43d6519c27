from django.db import migrations, models


def end_with_their_applications(apps, schema_editor):
    """What ended before co-exhibitors ended with it; no letter goes about the past."""
    co_exhibitors = apps.get_model("exhibitors", "CoExhibitor").objects.using(schema_editor.connection.alias)
    over = co_exhibitors.filter(
        application__told_status__in=["rejected", "withdrawn", "cancelled"], status__in=["declared", "confirmed", "admitted"]
    )
    co_exhibitors.filter(pk__in=list(over.values_list("pk", flat=True))).update(status="ended")


class Migration(migrations.Migration):
    dependencies = [
        ("exhibitors", "0017_ticked_by_the_exhibitor"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="coexhibitor", name="co_exhibitor_status_known"),
        migrations.AlterField(
            model_name="coexhibitor",
            name="status",
            field=models.CharField(
                choices=[
                    ("declared", "declared"),
                    ("confirmed", "confirmed by the company"),
                    ("admitted", "admitted"),
                    ("refused", "refused"),
                    ("withdrawn", "withdrawn by the main exhibitor"),
                    ("ended", "ended with the main exhibitor's application"),
                ],
                default="declared",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="coexhibitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["declared", "confirmed", "admitted", "refused", "withdrawn", "ended"])),
                name="co_exhibitor_status_known",
            ),
        ),
        migrations.RunPython(end_with_their_applications, migrations.RunPython.noop),
    ]
