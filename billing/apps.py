"""billing: money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Documents and payments")

    def ready(self):
        from accounts.closing import OBJECTIONS, ON_CLOSE
        from accounts.retention import LAST_ENTRIES
        from accounts.waiting import KEPT
        from billing import (  # noqa: F401  register their words
            actions,
            charging,
            closing,
            einvoices,
            emails,
            failures,
            gateways,
            owing,
            permissions,
            promos,
            undone,
            verifying,
            wallet,
            withdrawals,
        )
        from billing.cart import baskets
        from billing.holding import ordered
        from services.by_hand import ON_GIVEN_UP
        from services.ending import ON_END
        from services.models.option import HOLDS_VALUE
        from services.notices import WHY_HELD
        from services.provisioning import ON_DROP, ON_FAILURE, ON_SUCCESS
        from services.usage import ON_BAD, ON_USAGE
        from services.withdrawing import CONTRACTS, ON_WITHDRAWAL

        KEPT.extend([baskets.IN_SESSION, promos.IN_SESSION])
        gateways.refuse_half_configured()
        einvoices.refuse_unknown()
        OBJECTIONS.extend([closing.unpaid, closing.unpaid_usage, closing.balance])
        ON_CLOSE.append(closing.cancel_orders)
        LAST_ENTRIES.append(closing.last_entry)
        ON_END.append(closing.cancel_orders_of)
        CONTRACTS.append(withdrawals.concluded_at)
        ON_WITHDRAWAL.append(withdrawals.give_back)
        HOLDS_VALUE.append(ordered)
        ON_FAILURE.append(failures.driver_failed)
        ON_SUCCESS.append(failures.driver_worked)
        ON_DROP.extend([failures.driver_worked, undone.change_left_off])
        ON_GIVEN_UP.append(undone.given_up)
        ON_USAGE.extend([charging.price, failures.usage_understood])
        ON_BAD.append(failures.usage_told)
        WHY_HELD.append(owing.why_held)
        wallet.ON_MONEY.append(charging.money_came)
