"""billing: money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Documents and payments")

    def ready(self):
        from accounts.closing import OBJECTIONS, ON_CLOSE
        from billing import actions, closing, einvoices, emails, failures, gateways, permissions  # noqa: F401  register their words
        from services.tasks import ON_FAILURE, ON_SUCCESS

        gateways.refuse_half_configured()
        einvoices.refuse_unknown()
        OBJECTIONS.extend([closing.unpaid, closing.balance])
        ON_CLOSE.append(closing.cancel_orders)
        ON_FAILURE.append(failures.driver_failed)
        ON_SUCCESS.append(failures.driver_worked)
