"""That a service becomes another product: now, or when its paid time is over."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ServiceChange(models.Model):
    """What was agreed to about a service: its next product, price and options. One at a time is under way.

    `until` is the end of the paid time for which it was agreed.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("Waiting for payment")
        PLANNED = "planned", _("At the end of the paid time")
        ASKED = "asked", _("Being done")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    # States in which something is still to come of it.
    UNDER_WAY = (State.ORDERED, State.PLANNED, State.ASKED)
    # Those in which the next period costs what the new product does; before it is paid an order changes nothing.
    CERTAIN = (State.PLANNED, State.ASKED)

    service = models.ForeignKey("services.Service", models.PROTECT, verbose_name=_("service"), related_name="changes")
    former = models.ForeignKey("services.Product", models.PROTECT, verbose_name=_("product before"), related_name="+")
    product = models.ForeignKey("services.Product", models.PROTECT, verbose_name=_("product"), related_name="+")
    price = models.ForeignKey("services.Price", models.PROTECT, verbose_name=_("price"), related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State)
    reference = models.CharField(_("paid by"), max_length=60, blank=True)
    took_piece = models.BooleanField(_("taken from stock"), default=False, editable=False)
    until = models.DateField(_("paid until, when it was agreed"))
    job = models.OneToOneField(
        "services.ProvisioningJob",
        models.PROTECT,
        verbose_name=_("provisioning job"),
        null=True,
        blank=True,
        related_name="change",
    )
    by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("asked for by"), null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(_("asked for"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a product")
        verbose_name_plural = _("changes of products")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["id"], condition=Q(state="planned"), name="planned_changes")]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=["ordered", "planned", "asked"]),
                name="a_service_changes_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="a_change_is_paid_by_one_line"
            ),
        ]

    def __str__(self):
        return f"{self.service}: {self.former} → {self.product}"

    @property
    def is_planned(self):
        """Whether it waits for the end of the paid time."""
        return self.state == self.State.PLANNED


class ChangeOption(models.Model):
    """An option that the service has after the change, at the monthly price that was agreed to."""

    change = models.ForeignKey(ServiceChange, models.CASCADE, verbose_name=_("change"), related_name="options")
    value = models.ForeignKey("services.OptionValue", models.PROTECT, verbose_name=_("value"), related_name="+")
    monthly_net = models.DecimalField(_("net price a month"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("option after a change")
        verbose_name_plural = _("options after a change")
        ordering = ["value__option__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["change", "value"], name="a_value_is_agreed_once")]

    def __str__(self):
        return f"{self.change}: {self.value}"
