"""That a consumer has withdrawn from a contract."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    """The statement by which a consumer withdrew from the contract about a service, as it was sent.

    Art. 27 and 30 of the Polish Consumer Rights Act, art. 11a of Directive 2011/83/EU. It is kept: what it says
    went to `email` with its date and time.
    """

    service = models.OneToOneField(
        "services.Service", models.PROTECT, verbose_name=_("service"), related_name="withdrawal"
    )
    name = models.CharField(_("first and last name"), max_length=200)
    email = models.EmailField(_("e-mail address of the confirmation"), max_length=254)
    contract = models.CharField(_("contract"), max_length=300)
    concluded_at = models.DateTimeField(_("contract concluded"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("sent by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-pk"]

    def __str__(self):
        return self.contract
