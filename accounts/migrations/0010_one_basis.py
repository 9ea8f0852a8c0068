import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the rows' own change: PostgreSQL alters no table in whose rows a foreign key is still to be checked.
    dependencies = [("accounts", "0009_support_sessions_by_message")]

    operations = [
        migrations.AlterModelOptions(
            name="supportsession",
            options={
                "verbose_name": "access by a code or a message",
                "verbose_name_plural": "accesses by a code or a message",
            },
        ),
        migrations.AlterField(
            model_name="supportsession",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="support_sessions",
                to="accounts.membership",
                verbose_name="within the rights of",
            ),
        ),
        migrations.AlterField(
            model_name="supportsession",
            name="code",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="support_sessions",
                to="accounts.authorizationcode",
                verbose_name="authorization code",
            ),
        ),
        migrations.AddField(
            model_name="supportsession",
            name="case",
            field=models.CharField(blank=True, max_length=20, verbose_name="case number", default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="supportsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case", ""), _negated=True),
                fields=("staff", "case", "membership"),
                name="one_session_per_case_and_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", None), models.Q(("case", ""), _negated=True)),
                    models.Q(("case", ""), ("code__isnull", False)),
                    _connector="OR",
                ),
                name="a_session_has_one_basis",
            ),
        ),
    ]
