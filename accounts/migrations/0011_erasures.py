import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_one_basis"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(null=True, verbose_name="user")),
                ("term", models.CharField(max_length=10, verbose_name="what is erased")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="began")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("rows", models.JSONField(default=dict, verbose_name="rows")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="accounts.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "ordering": ["-began_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "term"), name="a_term_is_erased_once"),
                    models.UniqueConstraint(fields=("person_id",), name="a_person_is_erased_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer", None), ("person_id__isnull", False)),
                            models.Q(("customer__isnull", False), ("person_id", None)),
                            _connector="OR",
                        ),
                        name="erasure_is_of_a_customer_or_a_person",
                    ),
                ],
            },
        ),
    ]
