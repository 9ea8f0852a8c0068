"""Money on its way, with what it is meant to pay."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector
from billing.models.fields import Amount, Currency
from billing.money import in_words


class Payment(models.Model):
    """One attempt to pay documents, or to top up the wallet when it has no parts.

    `token` is how the gateway and the addresses of our pages name it: unguessable. What the money
    really did is told by reports of the gateway only; states move STARTED → FAILED → PAID and never back.
    """

    class Purpose(models.TextChoices):
        DOCUMENTS = "documents", _("Documents")
        TOP_UP = "top_up", _("Top-up")

    class State(models.TextChoices):
        STARTED = "started", _("Waiting for confirmation")
        FAILED = "failed", _("Failed")
        PAID = "paid", _("Paid")

    # A payment is shown as it stands.
    Status = State

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="payments"
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    gateway = models.CharField(_("way of paying"), max_length=20)
    token = models.CharField(_("token"), max_length=40, unique=True, default=new_selector)
    amount = Amount(_("amount"))
    currency = Currency(_("currency"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.STARTED)
    external_id = models.CharField(_("number at the gateway"), max_length=100, blank=True)
    page = models.URLField(_("page to pay on"), max_length=500, blank=True)
    started_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("started by"), null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    asked_at = models.DateTimeField(_("gateway last asked"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at=None)),
                name="paid_payment_says_when",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="payments_of_a_customer")]

    def __str__(self):
        return f"{self.pk}: {in_words(self.amount, self.currency)}"

    @property
    def status(self):
        """The Status to show."""
        return self.State(self.state)

    @property
    def is_paid(self):
        return self.state == self.State.PAID

    @property
    def is_top_up(self):
        return self.purpose == self.Purpose.TOP_UP


class PaymentPart(models.Model):
    """How much of a payment is for one document, and whether it did pay it: a document is paid by one payment."""

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name=_("payment"), related_name="parts")
    receivable = models.ForeignKey(
        "billing.Receivable", models.PROTECT, verbose_name=_("document"), related_name="parts"
    )
    amount = Amount(_("amount"))
    settled = models.BooleanField(_("settled"), default=False)

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "receivable"], name="one_part_per_document"),
            models.UniqueConstraint(fields=["receivable"], condition=Q(settled=True), name="a_document_is_paid_once"),
        ]

    def __str__(self):
        return f"{self.payment} → {self.receivable}"


class Refund(models.Model):
    """Money that goes back the way it came, or into the wallet."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENT = "sent", _("Sent, not confirmed yet")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Way(models.TextChoices):
        GATEWAY = "gateway", _("The way it came")
        WALLET = "wallet", _("Into the wallet")
        BY_HAND = "by_hand", _("By hand, from the bank account")

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name=_("payment"), related_name="refunds")
    way = models.CharField(_("way"), max_length=10, choices=Way)
    token = models.CharField(_("token"), max_length=40, unique=True, default=new_selector)
    amount = Amount(_("amount"))
    reason = models.CharField(_("reason"), max_length=256)
    correction = models.ForeignKey(
        "billing.Document", models.PROTECT, verbose_name=_("correction"), null=True, blank=True, related_name="refunds"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    external_id = models.CharField(_("number at the gateway"), max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("asked for by"), null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive")]

    def __str__(self):
        return f"{self.payment}: {in_words(self.amount, self.payment.currency)}"
