"""panel: puts the house together."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class PanelConfig(AppConfig):
    name = "panel"


class AdminConfig(DjangoAdminConfig):
    """Django admin without a sign-in page of its own."""

    default_site = "panel.admin_site.PanelAdminSite"
