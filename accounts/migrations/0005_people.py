from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

PURPOSES = [
    ("registration", "confirming a registration"),
    ("activation", "activating a sub-user"),
    ("password", "setting a new password"),
    ("not-me", "“this was not me”"),
    ("invitation", "accepting an invitation"),
    ("email", "confirming a new e-mail address"),
    ("email-back", "taking a new e-mail address back"),
]


def tell_when_invited(apps, schema_editor):
    """People who are not active were mailed when their newest activation link was made."""
    Link, Membership = (apps.get_model("accounts", name) for name in ("Link", "Membership"))
    links = Link.objects.filter(user=OuterRef("user"), purpose="activation").order_by("-created_at")
    waiting = Membership.objects.filter(user__activated_at=None)
    waiting.update(invited_at=Subquery(links.values("created_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_provider_money")]

    operations = [
        migrations.AddField(
            "membership",
            "accepted_at",
            models.DateTimeField(blank=True, default=timezone.now, null=True, verbose_name="accepted"),
        ),
        migrations.AddField(
            "membership", "invited_at", models.DateTimeField(blank=True, null=True, verbose_name="invited")
        ),
        migrations.AddField(
            "membership", "invited_as", models.JSONField(blank=True, default=dict, verbose_name="invited as")
        ),
        migrations.RemoveConstraint("membership", "one_membership_per_person"),
        migrations.AddConstraint(
            "membership",
            models.UniqueConstraint(
                condition=Q(("accepted_at__isnull", False)),
                fields=("user", "customer"),
                name="one_membership_per_person",
            ),
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=Q(("accepted_at__isnull", False), ("blocked_at__isnull", False), _connector="OR"),
                name="invited_people_are_shut_out",
            ),
        ),
        migrations.AddField(
            "link",
            "membership",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.CASCADE,
                related_name="links",
                to="accounts.membership",
                verbose_name="sub-user",
            ),
        ),
        migrations.AddField("link", "address", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
        migrations.AlterField(
            "link", "purpose", models.CharField(choices=PURPOSES, max_length=20, verbose_name="purpose")
        ),
        migrations.AddField(
            "customer", "closing_at", models.DateTimeField(blank=True, null=True, verbose_name="will be closed")
        ),
        migrations.AddField(
            "customer",
            "closed_reason",
            models.CharField(blank=True, default="", max_length=300, verbose_name="why closed"),
            preserve_default=False,
        ),
        migrations.RunPython(tell_when_invited, migrations.RunPython.noop, elidable=True),
    ]
