"""A bank transfer, which the person makes at their bank and staff (or a statement) confirm."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.gateways.base import Gateway, Started


class Transfer(Gateway):
    """Leads to a page of ours with the account, the title and the Polish QR code."""

    name = "transfer"
    label = _("bank transfer")
    description = _("You get the account number and a QR code for your bank's app. The money takes a working day.")

    # The page is ours.
    page_lasts = None

    def start(self, payment, *, back_to, notify_at, title):
        """Nobody has to be told: the page of the payment says where to transfer the money."""
        return Started(page=reverse("billing:payment", args=[payment.token]))
