"""billing: money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Documents and payments")

    def ready(self):
        from billing import actions, einvoices, emails, failures, gateways, permissions  # noqa: F401  register their words
        from services.tasks import ON_FAILURE, ON_SUCCESS

        gateways.refuse_half_configured()
        einvoices.refuse_unknown()
        ON_FAILURE.append(failures.driver_failed)
        ON_SUCCESS.append(failures.driver_worked)
