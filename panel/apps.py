"""panel: puts the house together."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class PanelConfig(AppConfig):
    name = "panel"
    verbose_name = _("News, banners and help centre")

    def ready(self):
        from panel import actions, checks  # noqa: F401  register the sentences of the history and the system checks

        if settings.DEMO:
            from accounts.sms import SENDERS
            from panel.demo.outbox import DemoSender

            SENDERS["demo"] = DemoSender


class AdminConfig(DjangoAdminConfig):
    """Django admin without a sign-in page of its own."""

    default_site = "panel.admin_site.PanelAdminSite"
