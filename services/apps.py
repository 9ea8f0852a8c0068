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
        from services import actions  # noqa: F401  registers the sentences of the history
        from services.callers import by_domain
        from services.closing import end_services, running
        from services.grants import beyond

        FINDERS.append(by_domain)
        BEYOND.append(beyond)
        OBJECTIONS.append(running)
        ON_CLOSE.append(end_services)
