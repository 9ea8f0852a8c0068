"""What usage of services costs: charged to the balance, and invoiced month by month."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.fields import Amount


class UsageInvoice(models.Model):
    """The one invoice for what was charged to a customer's balance in a month of Europe/Warsaw."""

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="usage_invoices"
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    document = models.OneToOneField(
        "billing.Document", models.PROTECT, verbose_name=_("document"), related_name="usage_invoice"
    )

    class Meta:
        verbose_name = _("invoice for use")
        verbose_name_plural = _("invoices for use")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "month"], name="one_usage_invoice_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_begins_on_its_first"),
        ]

    def __str__(self):
        return str(self.document)


class UsageDay(models.Model):
    """What the uses of a service that began on a day of Europe/Warsaw come to, so that nobody adds them up anew."""

    service = models.ForeignKey(
        "services.Service", models.PROTECT, verbose_name=_("service"), related_name="usage_days"
    )
    day = models.DateField(_("day"))
    unit = models.CharField(_("unit"), max_length=20)
    count = models.PositiveIntegerField(_("uses"), default=0)
    quantity = models.DecimalField(_("quantity"), max_digits=16, decimal_places=3, default=0)
    gross = Amount(_("gross"), default=0)

    class Meta:
        verbose_name = _("day of use")
        verbose_name_plural = _("days of use")
        ordering = ["-day", "unit"]
        constraints = [models.UniqueConstraint(fields=["service", "day", "unit"], name="a_day_of_use_is_kept_once")]

    def __str__(self):
        return f"{self.service}, {self.day}"


class UsageCharge(models.Model):
    """The price of one use. It waits until the balance is enough; then the movement stands beside it."""

    usage = models.OneToOneField(
        "services.Usage", models.PROTECT, verbose_name=_("use of a service"), related_name="charge"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="usage_charges"
    )
    # As they were when it was reported.
    tax_rate = models.CharField(_("VAT rate"), max_length=4)
    gross = Amount(_("gross"))
    created_at = models.DateTimeField(_("reported"), default=timezone.now)
    charged_at = models.DateTimeField(_("charged"), null=True, blank=True)
    entry = models.OneToOneField(
        "billing.WalletEntry", models.PROTECT, verbose_name=_("movement"), null=True, blank=True, related_name="charge"
    )
    invoice = models.ForeignKey(
        "billing.UsageInvoice",
        models.PROTECT,
        verbose_name=_("invoice"),
        null=True,
        blank=True,
        related_name="charges",
    )

    class Meta:
        verbose_name = _("charge for use")
        verbose_name_plural = _("charges for use")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gross__gte=0), name="a_charge_takes"),
            # What is free is charged without a movement.
            models.CheckConstraint(
                condition=Q(charged_at=None, entry=None)
                | Q(charged_at__isnull=False, entry__isnull=False, gross__gt=0)
                | Q(charged_at__isnull=False, entry=None, gross=0),
                name="what_is_charged_has_its_movement",
            ),
            models.CheckConstraint(
                condition=Q(invoice=None) | Q(entry__isnull=False), name="only_what_is_charged_is_invoiced"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], condition=Q(charged_at=None), name="charges_waiting"),
            models.Index(
                fields=["customer", "charged_at"],
                condition=Q(invoice=None, gross__gt=0, charged_at__isnull=False),
                name="charges_not_invoiced",
            ),
        ]

    def __str__(self):
        return f"{self.usage}: {self.gross}"
