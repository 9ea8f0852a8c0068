from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0002_signed_in_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="generation",
            field=models.PositiveIntegerField(
                blank=True, editable=False, null=True, verbose_name="generation of sessions"
            ),
        ),
    ]
