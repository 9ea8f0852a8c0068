"""tickets: conversations between customers and support."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Messages")

    def ready(self):
        from accounts.models.code import OTHER_BASES
        from tickets import actions, emails, permissions  # noqa: F401  registers sentences, letters, permissions
        from tickets.identified import sessions

        OTHER_BASES.append(sessions)
