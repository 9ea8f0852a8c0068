"""What `manage.py check --deploy` refuses to let out of the house."""

from itertools import combinations
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

KEYS = ["SECRET_KEY", "SHORT_CODE_KEY", "ENCRYPTION_KEY"]
SHORTEST_KEY = 32


@register(Tags.security, deploy=True)
def production_mode(app_configs, **kwargs):
    """The demo and the tests run with well-known keys."""
    if settings.DEMO or settings.MODE != "production":
        yield Error(f"PANEL_MODE is “{settings.MODE}”: its keys are known to everybody.", id="panel.E001")


@register(Tags.security, deploy=True)
def addresses(app_configs, **kwargs):
    """Links in mails go to SITE_URL, and only our own names are answered."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or not site.hostname:
        yield Error("SITE_URL must be a whole https:// address.", id="panel.E002")
    if site.path:
        yield Error("SITE_URL must end after the host, without a slash.", id="panel.E003")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS must name the hosts of this panel, not all.", id="panel.E004")


@register(Tags.security, deploy=True)
def staff(app_configs, **kwargs):
    """Who sees all customers needs more than a mailbox to sign in."""
    if not settings.STAFF_STRONG_SECOND_STEP:
        yield Error("STAFF_STRONG_SECOND_STEP is off: a mailed code opens the whole panel to staff.", id="panel.E007")


@register(Tags.security, deploy=True)
def text_messages(app_configs, **kwargs):
    """Without its token SMSAPI sends nothing, and codes are awaited in vain."""
    if settings.SMS_BACKEND == "smsapi" and not settings.SMSAPI_TOKEN:
        yield Error("SMS_BACKEND is “smsapi”, but SMSAPI_TOKEN is empty.", id="panel.E008")


@register(Tags.security, deploy=True)
def keys(app_configs, **kwargs):
    """One stolen key must not open what another one keeps."""
    for name in KEYS:
        if len(getattr(settings, name)) < SHORTEST_KEY:
            yield Error(f"{name} is shorter than {SHORTEST_KEY} characters.", id="panel.E005")
    for one, other in combinations(KEYS, 2):
        if getattr(settings, one) == getattr(settings, other):
            yield Error(f"{one} and {other} are the same.", id="panel.E006")


@register(Tags.security, deploy=True)
def gateways(app_configs, **kwargs):
    """The sandbox says of any payment what the person wants it to say."""
    if "sandbox" in settings.PAYMENT_GATEWAYS:
        yield Error("PAYMENT_GATEWAYS names “sandbox”: everybody pays there with money that is not.", id="panel.E009")


@register(Tags.database, deploy=True)
def database(app_configs, **kwargs):
    """SQLite is for trying the panel out and for the smallest companies."""
    if settings.DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
        yield Warning("The database is SQLite: one writer at a time, no search by words.", id="panel.W001")
