import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_search_of_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(max_length=500, verbose_name="how the identity was checked")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun")),
                ("due_at", models.DateTimeField(verbose_name="not before")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="cancelled")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_returns",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "restoring of access",
                "verbose_name_plural": "restorings of access",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("done_at", None)),
                        fields=("user",),
                        name="one_return_waits_per_person",
                    )
                ],
            },
        ),
    ]
