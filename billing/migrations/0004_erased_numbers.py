import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_erasures"),
        ("billing", "0003_cart_ends_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=10, verbose_name="series")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the series")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.provider",
                        verbose_name="provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "number of an erased document",
                "verbose_name_plural": "numbers of erased documents",
                "ordering": ["-year", "series", "sequence"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "series", "year", "sequence"), name="a_document_is_erased_once"
                    )
                ],
            },
        ),
    ]
