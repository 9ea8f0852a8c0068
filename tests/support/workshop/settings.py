"""The panel with the workshop in it, and with real mail."""

from pathlib import Path

from panel.settings import *  # noqa: F403
from panel.settings import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.workshop"]
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
