"""What somebody means to buy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CartItem(models.Model):
    """One renewal in the cart of a person who acts for a customer. It promises nothing: prices are looked up anew."""

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("user"), related_name="cart_items"
    )
    service = models.ForeignKey("services.Service", models.CASCADE, verbose_name=_("service"), related_name="+")
    price = models.ForeignKey("services.Price", models.CASCADE, verbose_name=_("price"), related_name="+")
    # When it has another end now, somebody has paid for it meanwhile.
    ends_on = models.DateField(_("paid until, when it was added"), null=True, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("item of a cart")
        verbose_name_plural = _("carts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "service"], name="a_service_is_once_in_a_cart")]

    def __str__(self):
        return f"{self.membership}: {self.service}"
