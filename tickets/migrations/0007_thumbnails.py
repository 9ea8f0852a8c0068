from django.db import migrations, models

import tickets.models.attachment


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_mails_of_a_thread"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="thumbnail",
            field=models.FileField(
                blank=True,
                max_length=120,
                upload_to=tickets.models.attachment.thumbnail_path,
                verbose_name="thumbnail",
            ),
        ),
    ]
