"""What a customer still owes for a proforma."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.fields import Amount, Currency


class ReceivableQuerySet(models.QuerySet):
    def open(self):
        """What can be paid."""
        return self.filter(state=Receivable.State.OPEN)

    def overdue(self):
        """What should have been paid by yesterday."""
        return self.open().filter(due_on__lt=timezone.localdate())


class Receivable(models.Model):
    """The changing half of a proforma: whether it is paid. States only move away from OPEN."""

    class State(models.TextChoices):
        OPEN = "open", _("To be paid")
        PAID = "paid", pgettext_lazy("invoice", "Paid")
        CANCELLED = "cancelled", _("Cancelled")

    class Status(models.TextChoices):
        """How it is shown: the state, and whether its day has passed."""

        OPEN = "open", _("To be paid")
        OVERDUE = "overdue", _("Overdue")
        PAID = "paid", pgettext_lazy("invoice", "Paid")
        CANCELLED = "cancelled", _("Cancelled")

    document = models.OneToOneField(
        "billing.Document", models.PROTECT, verbose_name=_("proforma"), related_name="receivable"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="receivables"
    )
    amount = Amount(_("amount"))
    currency = Currency(_("currency"))
    due_on = models.DateField(_("payable until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receivable_is_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | (~Q(state="paid") & Q(paid_at=None)),
                name="paid_says_when",
            ),
        ]
        indexes = [models.Index(fields=["customer", "due_on"], condition=Q(state="open"), name="receivables_open")]

    def __str__(self):
        return str(self.document)

    @property
    def is_overdue(self):
        """Whether it should have been paid by now."""
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()

    @property
    def status(self):
        """The Status to show."""
        return self.Status.OVERDUE if self.is_overdue else self.Status(self.state)
