"""What `manage.py check --deploy` refuses to let out of the house."""

from itertools import combinations
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from services.dns import template as zone_template
from services.models import Product
from services.names import NotAHost, host

KEYS = ["SECRET_KEY", "SHORT_CODE_KEY", "ENCRYPTION_KEY"]
SHORTEST_KEY = 32
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


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


@register(Tags.security, deploy=True)
def name_servers(app_configs, **kwargs):
    """What PowerDNS needs, and what every zone begins with."""
    hosts = [name for name in settings.ZONE_NAMESERVERS if is_host(name)]
    if settings.POWERDNS_URL and (len(hosts) < 2 or len(hosts) < len(settings.ZONE_NAMESERVERS)):
        yield Error("ZONE_NAMESERVERS must name two name servers or more.", id="panel.E010")
    if settings.POWERDNS_URL and "@" not in settings.ZONE_HOSTMASTER:
        yield Error("ZONE_HOSTMASTER must be an e-mail address.", id="panel.E011")
    for said, form in zone_template.forms_for("zone.example"):
        if form is None or not form.is_valid():
            reason = form.errors.as_text() if form else "no such type"
            yield Error(f"ZONE_RECORDS has a record that cannot be: {said}: {reason}", id="panel.E012")


@register(Tags.security, deploy=True)
def webhook_address(app_configs, **kwargs):
    """Passwords of services go there."""
    if goes_in_clear(settings.PROVISIONING_WEBHOOK_URL):
        yield Error("PROVISIONING_WEBHOOK_URL must be an https:// address.", id="panel.E015")


@register(Tags.security, deploy=True)
def powerdns_address(app_configs, **kwargs):
    """The key of all zones goes there."""
    if goes_in_clear(settings.POWERDNS_URL):
        words = "POWERDNS_URL is no https:// address: have the network between encrypted, by a tunnel or a proxy."
        yield Warning(words, id="panel.W002")


def goes_in_clear(address):
    """Whether what is sent there can be read on its way."""
    parts = urlsplit(address)
    return parts.scheme != "https" and parts.hostname not in (None, *THIS_MACHINE)


@register(Tags.database, deploy=True)
def pretenders(app_configs, databases, **kwargs):
    """What is sold must be there: asked when `--database default` is given, once its tables are made."""
    if not databases:
        return
    offered = Product.objects.filter(is_offered=True).order_by("code")
    for product in offered.filter(kind=Product.Kind.DOMAIN, driver="null"):
        words = f"{product.code} is sold at the registrar “null”, which calls every name free and registers none."
        yield Error(words, id="panel.E013")
    for product in offered.filter(driver__in=["host_null", "sip_null"]):
        yield Error(f"{product.code} is sold at “{product.driver}”, which only pretends.", id="panel.E014")


def is_host(name):
    try:
        return bool(host(name))
    except NotAHost:
        return False


@register(Tags.database, deploy=True)
def database(app_configs, **kwargs):
    """SQLite is for trying the panel out and for the smallest companies."""
    if settings.DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
        yield Warning("The database is SQLite: one writer at a time, no search by words.", id="panel.W001")
