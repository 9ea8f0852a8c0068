"""The customer's balance: the sum of entries that never change."""

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.fields import Amount, Currency
from billing.money import ZERO, rounded


class Wallet(models.Model):
    """A customer's wallet. Its row is locked while an entry is written, so that nothing is spent twice."""

    customer = models.OneToOneField(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="wallet"
    )
    currency = Currency(_("currency"))
    threshold = Amount(
        _("warn below"), null=True, blank=True, help_text=_("A mail is sent when the balance falls below this.")
    )
    # Set by the mail, cleared when the balance is back above the threshold: one mail for one fall.
    warned_at = models.DateTimeField(_("warned at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")

    def __str__(self):
        return str(self.customer)

    @property
    def balance(self):
        """The sum of all entries (SQLite sums in floating point, so it is brought back to grosze)."""
        return rounded(self.entries.aggregate(sum=Sum("amount"))["sum"] or ZERO)


class WalletEntry(models.Model):
    """One movement. `reference` names its cause and is unique: the same cause moves money once."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Top-up")
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")
        USAGE = "usage", _("Use of a service")
        ADJUSTMENT = "adjustment", _("Adjustment by the provider")

    wallet = models.ForeignKey(Wallet, models.PROTECT, verbose_name=_("wallet"), related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    amount = Amount(_("amount"))
    # As long as "usage:", the name of a driver and what it calls a use.
    reference = models.CharField(_("reference"), max_length=150, unique=True)
    payment = models.ForeignKey(
        "billing.Payment", models.PROTECT, verbose_name=_("payment"), null=True, blank=True, related_name="entries"
    )
    text = models.CharField(_("for"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name=_("by"), null=True, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    balance_after = Amount(_("balance"))

    class Meta:
        verbose_name = _("movement of a wallet")
        verbose_name_plural = _("movements of wallets")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something")]
        indexes = [models.Index(fields=["wallet", "-id"], name="entries_of_a_wallet")]

    def __str__(self):
        return f"{self.wallet}: {self.amount}"
