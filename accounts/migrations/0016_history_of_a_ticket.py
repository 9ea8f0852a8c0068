from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_reports_about_mails"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                models.F("details__ticket"),
                condition=models.Q(("details__has_key", "ticket")),
                name="events_of_a_ticket",
            ),
        ),
    ]
