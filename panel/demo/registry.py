"""The small registry of the demo's registrar: what customers have, and names that others have."""

from datetime import timedelta

from django.utils import timezone

from services.domain_names import in_punycode
from services.models import Domain, RegistryName, Service

# Names at another registrar, and what they are moved here with.
AWAY = {"ogrody-pomorza.pl": "Sadzonki-2026", "tlumaczenia-gdansk.com": "Slownik-2026"}
NAMESERVERS = ["ns1.inny-rejestrator.example", "ns2.inny-rejestrator.example"]


def enter():
    """Every name that customers registered or moved here, and a few that can be moved."""
    here = Service.objects.filter(registration__origin__in=Domain.HERE)
    for service in here:
        add(in_punycode(service.domain), f"przekaz-{service.pk}", f"service:{service.pk}", service.ends_on)
    for name, code in AWAY.items():
        add(name, code, "", timezone.localdate() + timedelta(days=200), nameservers=NAMESERVERS)


def add(name, code, holder, until, nameservers=()):
    """One row of the registry."""
    row = RegistryName(name=name, holder=holder, expires_on=until, nameservers=list(nameservers))
    row.authinfo = code
    row.save()
