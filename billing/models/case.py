"""What money did that nobody expected: staff decide, and nothing is thrown away."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """Something for staff to look at. The same trouble (`key`) makes one open case, however often it comes."""

    class Reason(models.TextChoices):
        UNKNOWN_PAYMENT = "unknown_payment", _("Money for a payment that we do not know")
        WRONG_AMOUNT = "wrong_amount", _("Another amount than asked for")
        WRONG_CURRENCY = "wrong_currency", _("Another currency than asked for")
        WRONG_MERCHANT = "wrong_merchant", _("Meant for another seller")
        WRONG_CUSTOMER = "wrong_customer", _("Paid for another customer")
        PAID_ALREADY = "paid_already", _("Money for what was paid or cancelled already")
        REFUNDED_FIRST = "refunded_first", _("Refunded before it was paid")
        UNEXPECTED_REFUND = "unexpected_refund", _("A refund that nobody here asked for")
        FAILED_AFTER_PAID = "failed_after_paid", _("Called failed after it was paid")
        UNREADABLE = "unreadable", _("A notification that makes no sense")
        NOT_DELIVERED = "not_delivered", _("Paid, but what was ordered could not be delivered")
        DRIVER_FAILED = "driver_failed", _("A server did not do what it was asked for")
        NOT_INVOICED = "not_invoiced", _("What was charged for use could not be invoiced")
        BAD_USAGE = "bad_usage", _("A record of use that makes no sense")
        USE_NOT_PAID = "use_not_paid", _("Use that the balance is too small for")
        PDF_FAILED = "pdf_failed", _("The PDF of a document could not be made")
        MAIL_FAILED = "mail_failed", _("The mail with a document could not be written")
        WITHDRAWAL = "withdrawal", _("A consumer withdrew from a contract")
        REFUND_FAILED = "refund_failed", _("A refund did not go through")

    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    key = models.CharField(_("about"), max_length=160)
    details = models.JSONField(_("details"), default=dict)
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="cases"
    )
    payment = models.ForeignKey(
        "billing.Payment", models.PROTECT, verbose_name=_("payment"), null=True, blank=True, related_name="cases"
    )
    document = models.ForeignKey(
        "billing.Document", models.PROTECT, verbose_name=_("document"), null=True, blank=True, related_name="cases"
    )
    event = models.ForeignKey(
        "billing.GatewayEvent", models.PROTECT, verbose_name=_("event"), null=True, blank=True, related_name="cases"
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    times = models.PositiveIntegerField(_("times"), default=1)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases for staff")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "key"], condition=Q(closed_at=None), name="one_open_case_for_one_trouble"
            )
        ]

    def __str__(self):
        return f"{self.get_reason_display()} ({self.key})"
