"""What the demo's company sells and what its customers have."""

from datetime import timedelta

from django.utils import timezone

from services.models import Domain, Product, Service


def catalogue(provider):
    """Products by code."""
    rows = [
        ("hosting-start", "hosting", "Hosting Start", "Hosting Start"),
        ("hosting-pro", "hosting", "Hosting Pro", "Hosting Pro"),
        ("domena-pl", "domain", "Domena .pl", ".pl domain"),
        ("domena-com", "domain", "Domena .com", ".com domain"),
        ("sip", "voip", "Konto SIP", "SIP account"),
        ("ssl", "other", "Certyfikat SSL", "SSL certificate"),
    ]
    return {
        code: Product.objects.create(
            provider=provider,
            code=code,
            kind=kind,
            name_pl=name_pl,
            name_en=name_en,
            tax_point=Product.TaxPoint.TELECOM if kind == Product.Kind.VOIP else Product.TaxPoint.PERIOD,
        )
        for code, kind, name_pl, name_en in rows
    }


def of_garden_designer(customer, products):
    """Hosting, domains (one kept elsewhere), a phone line, one thing that ends soon and one suspended."""
    held = {
        "hosting": add(
            customer,
            products["hosting-pro"],
            "Hosting Ogrody",
            domain="ogrody-lipinska.example",
            days=201,
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
            configuration={"Numer": "+48 58 300 02 17", "Kanały": "2", "Serwer SIP": "sip.example.net"},
        ),
        "certificate": add(customer, products["ssl"], "Certyfikat SSL", domain="ogrody-lipinska.example", days=12),
    }
    domain_pl, domain_com = products["domena-pl"], products["domena-com"]
    held["domain_pl"] = add_domain(customer, domain_pl, "ogrody-lipinska.example", Domain.Origin.REGISTERED, days=143)
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
