"""What somebody means to buy."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CartItem(models.Model):
    """Something in the cart of a person who acts for a customer, or of a visitor who has not signed in.

    It promises nothing: prices are looked up anew. A renewal or a change is of a `service`; a purchase, and the
    product that a service changes to, is of a `product`. `chosen` holds the keys of option values.
    """

    class Act(models.TextChoices):
        RENEWAL = "renewal", _("Renewal")
        PURCHASE = "purchase", _("New service")
        CHANGE = "change", _("Change of the product")

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("user"), null=True, related_name="cart_items"
    )
    visitor = models.CharField(_("visitor"), max_length=64, blank=True, db_index=True, editable=False)
    act = models.CharField(_("what"), max_length=10, choices=Act, default=Act.RENEWAL)
    service = models.ForeignKey(
        "services.Service", models.CASCADE, verbose_name=_("service"), null=True, related_name="+"
    )
    product = models.ForeignKey(
        "services.Product", models.CASCADE, verbose_name=_("product"), null=True, related_name="+"
    )
    price = models.ForeignKey("services.Price", models.CASCADE, verbose_name=_("price"), related_name="+")
    chosen = models.JSONField(_("options"), default=list, blank=True)
    domain = models.CharField(_("domain name"), max_length=253, blank=True)
    # "registered" or "transferred" of services.Domain.Origin, for a domain name that is bought.
    origin = models.CharField(_("registration"), max_length=20, blank=True)
    authinfo = models.TextField(_("AuthInfo, encrypted"), blank=True, editable=False)
    # What it cost net when it was put in, so that a later price can be told as such.
    seen_net = models.DecimalField(_("net price then"), max_digits=12, decimal_places=2, null=True, editable=False)
    # When it has another end now, somebody has paid for it meanwhile.
    ends_on = models.DateField(_("paid until, when it was added"), null=True, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("item of a cart")
        verbose_name_plural = _("carts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "service"], name="a_service_is_once_in_a_cart"),
            models.CheckConstraint(
                condition=Q(membership__isnull=False, visitor="") | (Q(membership=None) & ~Q(visitor="")),
                name="a_cart_is_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(act="renewal", service__isnull=False, product=None)
                | Q(act="purchase", service=None, product__isnull=False)
                | Q(act="change", service__isnull=False, product__isnull=False),
                name="a_cart_item_is_of_something",
            ),
        ]

    def __str__(self):
        return f"{self.membership or self.visitor}: {self.service or self.product}"

    @property
    def name(self):
        """What its owner calls it: the service, the domain name that is bought or that it is for, or the product."""
        return str(self.service) if self.service else self.domain or self.product.name
