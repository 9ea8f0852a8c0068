"""The provider of the demo, its terms and its staff."""

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Provider, Terms, User

PASSWORD = "Demo-1234!"  # noqa: S105  well-known on purpose: the demo's data are nobody's

TERMS_PL = """Regulamin demonstracyjny

1. Usługi w tym panelu są zmyślone i nikt za nie nie płaci.

2. Nie wpisuj tu prawdziwych danych."""
TERMS_EN = """Terms of the demo

1. The services in this panel are made up and nobody pays for them.

2. Type no real data here."""


def open_shop():
    """The provider with its brand and seller data, and the terms in force."""
    Terms.objects.create(version="2026-01", text_pl=TERMS_PL, text_en=TERMS_EN)
    provider = Provider.objects.create(
        name="Latarnia Hosting",
        legal_name="Latarnia Hosting sp. z o.o.",
        tax_id="9990001232",
        street="ul. Portowa 7",
        postal_code="80-001",
        city="Gdańsk",
        email="pomoc@example.com",
        phone="+48 58 300 01 00",
        website="https://example.com/",
        registry="KRS 0000999000, REGON 999000124, kapitał zakładowy 50 000 zł",
        bank_account="13 9990 0009 0000 3104 8570 0017",
        bank_name="Bank Przykładowy S.A.",
        accent="#0f5a47",
    )
    cache.delete("provider")
    return provider


def hire():
    """Two people at the desk, one in the administration."""
    return {
        "support": employee("wsparcie", "Wanda Sparska", is_support=True),
        "technician": employee("technik", "Tadeusz Kornik", is_support=True),
        "administrator": employee("admin", "Adam Minkiewicz", is_staff=True, is_superuser=True),
    }


def employee(login, name, **rights):
    """A member of staff who can sign in at once."""
    person = User(login=login, name=name, email=f"{login}@example.com", activated_at=timezone.now(), **rights)
    person.set_password(PASSWORD)
    person.save()
    return person
