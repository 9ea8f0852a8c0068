"""services: what is sold and what runs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = _("Services")

    def ready(self):
        from accounts.closing import OBJECTIONS, ON_CLOSE
        from accounts.codes import FINDERS
        from accounts.subusers import BEYOND
        from accounts.verifying import ON_VERIFIED
        from accounts.work.lanes import LANES
        from services import (  # noqa: F401  some register sentences and letters
            actions,
            changed,
            changing,
            closing,
            domains,
            drivers,
            emails,
            provisioning,
            running,
        )
        from services.callers import by_domain
        from services.dns import records
        from services.grants import beyond
        from services.sip import accounts_made, customer_verified
        from services.zones import powerdns

        drivers.refuse_half_configured()
        powerdns.refuse_half_configured()
        FINDERS.append(by_domain)
        BEYOND.append(beyond)
        OBJECTIONS.append(closing.running)
        ON_CLOSE.append(closing.end_services)
        ON_VERIFIED.append(customer_verified)
        LANES.append(running.LANES)
        provisioning.ON_DROP.extend([changing.left_off, domains.forget_typed])
        provisioning.ON_FAILURE.extend([domains.tell_refused, changed.could_not])
        provisioning.ON_SUCCESS.extend([accounts_made, domains.keep_what_was_told, records.follow])
