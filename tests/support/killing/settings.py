"""The panel with real mail, in a process that kills itself where KILL_AT says."""

from panel.settings import *  # noqa: F403
from panel.settings import INSTALLED_APPS

# The last one: everything it wraps is there by then.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.killing.apps.KillingConfig"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
