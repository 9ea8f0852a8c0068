"""What the demo's customers have."""

from datetime import timedelta

from django.utils import timezone

from panel.demo import zones
from services.models import Credential, Domain, Service


def of_garden_designer(customer, products):
    """Hosting, domains (one kept elsewhere), a phone line, one thing that ends soon and one suspended."""
    held = {
        "hosting": add(
            customer,
            products["hosting-pro"],
            "Hosting Ogrody",
            domain="ogrody-lipinska.example",
            days=201,
            label="Strona firmowa",
            configuration={"Serwer": "h07.example.net", "Konto": "ogrody", "Dysk": "50 GB", "PHP": "8.3"},
        ),
        "shop": add(
            customer,
            products["hosting-start"],
            "Hosting Sklep",
            domain="sklep-z-sadzonkami.example",
            days=-6,
            status=Service.Status.SUSPENDED,
            configuration={"Serwer": "h03.example.net", "Konto": "sklep", "Dysk": "10 GB"},
        ),
        "phone": add(
            customer,
            products["sip"],
            "Telefon biuro",
            days=88,
            configuration={"Numer": "+48 58 300 02 77", "Kanały": "2", "Serwer SIP": "sip.example.net"},
        ),
        "certificate": add(customer, products["ssl"], "Certyfikat SSL", domain="ogrody-lipinska.example", days=12),
    }
    account(held["hosting"], Credential.Kind.PANEL, "ogrody", "https://h07.example.net:8443", "Kwiaty-i-krzewy.27")
    account(held["hosting"], Credential.Kind.FTP, "ogrody", "h07.example.net", "Trawnik_rosnie.48")
    domain_pl, domain_com = products["domena-pl"], products["domena-com"]
    held["domain_pl"] = add_domain(customer, domain_pl, "ogrody-lipinska.example", Domain.Origin.REGISTERED, days=143)
    zones.of_garden_designer(held["domain_pl"])
    held["domain_shop"] = add_domain(
        customer, domain_pl, "sklep-z-sadzonkami.example", Domain.Origin.REGISTERED, days=27
    )
    held["domain_com"] = add_domain(
        customer, domain_com, "lipinska-gardens.example", Domain.Origin.TRANSFERRED, days=310
    )
    add_domain(customer, products["domena-com"], "zielony-balkon.example", Domain.Origin.ELSEWHERE)
    return held


def of_translator(customer, products):
    """A small website with its domain."""
    name = "tlumacz-nalkowski.example"
    return {
        "hosting": add(customer, products["hosting-start"], "Hosting Tłumacz", domain=name, days=64),
        "domain": add_domain(customer, products["domena-pl"], name, Domain.Origin.REGISTERED, days=64),
    }


def account(service, kind, login, host, password):
    """An account on a server, with its password."""
    row = Credential(service=service, kind=kind, login=login, host=host)
    row.password = password
    row.save()


def add(customer, product, name, *, days=None, status=Service.Status.ACTIVE, **fields):
    """A service that is paid for `days` more days, for ever without them."""
    today = timezone.localdate()
    ends_on = None if days is None else today + timedelta(days=days)
    starts_on = today - timedelta(days=365 - (days or 0))
    return Service.objects.create(
        customer=customer, product=product, name=name, status=status, starts_on=starts_on, ends_on=ends_on, **fields
    )


def add_domain(customer, product, name, origin, **fields):
    """A domain name with how it came here."""
    service = add(customer, product, name, domain=name, **fields)
    Domain.objects.create(service=service, origin=origin)
    return service
