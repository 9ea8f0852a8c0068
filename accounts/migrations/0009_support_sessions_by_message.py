import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_whose_rights(apps, schema_editor):
    """Until now every session rested on a code, whose owner's rights it had."""
    session = apps.get_model("accounts", "SupportSession")
    code = apps.get_model("accounts", "AuthorizationCode")
    owner = code.objects.filter(pk=OuterRef("code")).values("membership")
    session.objects.update(membership=Subquery(owner))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_consents_and_vat_checks")]

    operations = [
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["action", "-at"], name="events_of_an_action")
        ),
        migrations.AddField(
            model_name="supportsession",
            name="membership",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="support_sessions",
                to="accounts.membership",
                verbose_name="within the rights of",
            ),
        ),
        migrations.RunPython(name_whose_rights, migrations.RunPython.noop),
    ]
