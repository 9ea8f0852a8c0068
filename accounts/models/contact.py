"""People of a customer who get mails of their kind and may be named as a message's sender."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import validate_phone


class Contact(models.Model):
    """A contact person; having one gives no access to the panel."""

    class Kind(models.TextChoices):
        REPRESENTATIVE = "representative", _("Representative")
        TECHNICAL = "technical", _("Technical")
        BILLING = "billing", _("Billing")

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="contacts"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("first and last name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[validate_phone])

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["kind", "name"]

    def __str__(self):
        return f"{self.name} <{self.email}>"
