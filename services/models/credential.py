"""How a service itself is signed in to: its own accounts, never those of the panel."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import encrypted


class Credential(models.Model):
    """An account on the server of a service. Its password is encrypted at rest and shown after the panel's one."""

    class Kind(models.TextChoices):
        PANEL = "panel", _("Server's panel")
        FTP = "ftp", _("Files (FTP, SFTP)")
        DATABASE = "database", _("Database")
        MAIL = "mail", _("E-mail")
        SIP = "sip", _("SIP account")
        OTHER = "other", _("Account")

    service = models.ForeignKey(
        "services.Service", models.CASCADE, verbose_name=_("service"), related_name="credentials"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    login = models.CharField(_("login or number"), max_length=120)
    host = models.CharField(_("server"), max_length=253, blank=True)
    secret = models.TextField(_("password, encrypted"), blank=True, editable=False)
    # A password that was asked for and that the server does not have yet; it takes the other's place when it does.
    wanted = models.TextField(_("next password, encrypted"), blank=True, editable=False)
    # Counts the changes that were asked for, so that an older job does not pass for a newer one.
    changes = models.PositiveIntegerField(_("changes"), default=0, editable=False)
    changed_at = models.DateTimeField(_("password set"), default=timezone.now)
    # SIP accounts only: others are never sent.
    mailed_at = models.DateTimeField(_("mail written"), null=True, blank=True)

    password = encrypted("secret")
    next_password = encrypted("wanted")

    class Meta:
        verbose_name = _("account on a server")
        verbose_name_plural = _("accounts on servers")
        ordering = ["kind", "login"]
        constraints = [models.UniqueConstraint(fields=["service", "kind", "login"], name="one_credential_per_login")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.login}"

    @classmethod
    def waiting_for(cls, job):
        """The credential whose password a job is to set; None when a newer change has taken its place."""
        found = cls.objects.filter(pk=job.asked.get("credential"), changes=job.asked.get("change"))
        return found.exclude(wanted="").first()

    @property
    def has_page(self):
        """Whether its server is an address to open, such as that of a server's panel."""
        return self.host.startswith("https://")

    @property
    def is_withheld(self):
        """Whether nobody gets to know its password yet, because the provider does not know the customer."""
        return self.kind == self.Kind.SIP and self.service.customer.verified_at is None
