"""What was ordered, and what is to happen once it is paid."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """What one person ordered at once. Its proforma says what it costs."""

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="orders"
    )
    placed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("ordered by"), null=True, related_name="+"
    )
    placed_at = models.DateTimeField(_("ordered"), default=timezone.now)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]

    def __str__(self):
        return str(self.pk)


class OrderLine(models.Model):
    """One thing to do when the order is paid: so many months more of a service.

    While it `is_open`, nobody can order the same service a second time.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for payment")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Paid, but could not be done")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    service = models.ForeignKey(
        "services.Service", models.PROTECT, verbose_name=_("service"), related_name="order_lines"
    )
    price = models.ForeignKey("services.Price", models.PROTECT, verbose_name=_("price"), related_name="+")
    months = models.PositiveSmallIntegerField(_("months"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="open"), name="a_service_is_ordered_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.order} / {self.position}"

    @property
    def reference(self):
        """What names this line where its effect must happen once."""
        return f"order-line:{self.pk}"
