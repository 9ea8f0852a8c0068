import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import accounts.models.export


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people")]

    operations = [
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being put together"), ("ready", "Ready"), ("gone", "Deleted")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "file",
                    models.FileField(blank=True, upload_to=accounts.models.export.export_path, verbose_name="file"),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for")),
                ("ready_at", models.DateTimeField(null=True, verbose_name="ready")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_exports",
                        to="accounts.membership",
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "download of own data",
                "verbose_name_plural": "downloads of own data",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("membership",),
                        name="one_export_waits_per_person",
                    )
                ],
            },
        ),
    ]
