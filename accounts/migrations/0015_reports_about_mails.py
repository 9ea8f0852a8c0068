import django.utils.timezone
from django.db import migrations, models

HOW = [
    ("registration", "when registering"),
    ("page", "on the page with personal data"),
    ("link", "by the link in a mail"),
    ("complaint", "by reporting a mail as spam"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_bounced_addresses"),
    ]

    operations = [
        migrations.RenameField("bouncedaddress", "late_count", "soft_count"),
        migrations.AlterField(
            model_name="bouncedaddress",
            name="soft_count",
            field=models.PositiveIntegerField(default=0, verbose_name="how many came back for the moment"),
        ),
        migrations.CreateModel(
            name="BounceReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                (
                    "at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="taken"),
                ),
            ],
            options={
                "verbose_name": "report about a mail",
                "verbose_name_plural": "reports about mails",
            },
        ),
        migrations.AlterField(
            model_name="consent",
            name="given_how",
            field=models.CharField(choices=HOW, max_length=20, verbose_name="how"),
        ),
        migrations.AlterField(
            model_name="consent",
            name="withdrawn_how",
            field=models.CharField(blank=True, choices=HOW, max_length=20, verbose_name="how taken back"),
        ),
    ]
