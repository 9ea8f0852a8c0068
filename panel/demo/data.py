"""The demo's story: a hosting company by the sea, a garden designer, a translator, and the staff."""

from django.db import transaction

from accounts.models import User
from panel.demo import (
    announcements,
    catalogue,
    company,
    conversations,
    customers,
    help,
    holdings,
    money,
    registry,
    telephony,
)


@transaction.atomic
def fill():
    """Writes everything at once or, where the demo has been filled before, nothing; says which."""
    if User.objects.filter(login="klient").exists():
        return False
    provider = company.open_shop()
    staff = company.hire()
    products = catalogue.publish(provider)
    announcements.publish(products)
    help.write()
    garden = customers.garden_designer()
    held = holdings.of_garden_designer(garden.customer, products)
    customers.let_people_in(garden, granted=[held["hosting"]])
    translator = customers.translator()
    translated = holdings.of_translator(translator.customer, products)
    registry.enter()
    money.of_garden_designer(garden, held, staff=staff["administrator"])
    money.of_translator(translator, translated)
    telephony.connect(products)
    telephony.of_garden_designer(held["phone"], staff=staff["administrator"])
    telephony.of_translator(translator.customer, products["sip"])
    conversations.write(garden, translator, held, support=staff["support"], technician=staff["technician"])
    return True
