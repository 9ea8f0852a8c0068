"""accounts: who you are and what you may do; the ground floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from accounts import emails, mailings, people_emails, unsubscribing  # noqa: F401  registers the letters and their words
