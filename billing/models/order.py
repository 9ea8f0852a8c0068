"""What was ordered, and what is to happen once it is paid."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.cart import CartItem


class Order(models.Model):
    """What one person ordered at once. Its proforma says what it costs."""

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="orders"
    )
    placed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("ordered by"), null=True, related_name="+"
    )
    placed_at = models.DateTimeField(_("ordered"), default=timezone.now)
    terms = models.ForeignKey(
        "accounts.Terms", models.PROTECT, verbose_name=_("accepted terms"), null=True, blank=True, related_name="+"
    )
    # Art. 15(3) and 21(2) of the Polish Consumer Rights Act: the consumer asks for the start before 14 days are over.
    early_start_asked_at = models.DateTimeField(_("start asked for at once"), null=True, blank=True)
    # Empty again once the order is cancelled: its use of the code is given back.
    promo = models.ForeignKey(
        "billing.PromoCode",
        models.PROTECT,
        verbose_name=_("promo code"),
        null=True,
        blank=True,
        related_name="orders",
    )
    is_free = models.BooleanField(
        _("costs nothing"), default=False, help_text=_("Done at once, without a proforma: nothing is owed for it.")
    )

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["customer", "id"], name="orders_of_a_customer")]

    def __str__(self):
        return str(self.pk)

    @property
    def proforma(self):
        """The proforma that asks for its payment, None when it costs nothing."""
        return self.documents.filter(kind="proforma").first()


class OrderLine(models.Model):
    """One thing to do when the order is paid: so many months more of a service, a new one, or another product for it.

    While it is open, nobody can order the same service a second time. The service of a purchase exists once it
    is paid. `chosen` holds the keys of option values.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for payment")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Paid, but could not be done")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    act = models.CharField(_("what"), max_length=10, choices=CartItem.Act, default=CartItem.Act.RENEWAL)
    service = models.ForeignKey(
        "services.Service",
        models.PROTECT,
        verbose_name=_("service"),
        null=True,
        blank=True,
        related_name="order_lines",
    )
    product = models.ForeignKey(
        "services.Product", models.PROTECT, verbose_name=_("product"), null=True, blank=True, related_name="+"
    )
    chosen = models.JSONField(_("options"), default=list, blank=True)
    domain = models.CharField(_("domain name"), max_length=253, blank=True)
    origin = models.CharField(_("registration"), max_length=20, blank=True)
    authinfo = models.TextField(_("AuthInfo, encrypted"), blank=True, editable=False)
    price = models.ForeignKey("services.Price", models.PROTECT, verbose_name=_("price"), related_name="+")
    months = models.PositiveSmallIntegerField(_("months"))
    took_piece = models.BooleanField(_("taken from stock"), default=False, editable=False)
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
    def thing(self):
        """What it is about, for people: the service, or the product of one that does not exist yet."""
        if self.service:
            return str(self.service)
        return f"{self.product} ({self.domain})" if self.domain else str(self.product)

    @property
    def reference(self):
        """What names this line where its effect must happen once."""
        return f"order-line:{self.pk}"
