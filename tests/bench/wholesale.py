"""A catalogue of thousands of products, and a customer with thousands of services out of it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import AuthorizationCode, Customer, Membership, SupportSession, Terms, User
from billing.models import (
    CartItem,
    Document,
    DocumentLine,
    NumberSeries,
    Order,
    OrderLine,
    Receivable,
    UsageCharge,
    UsageDay,
    Wallet,
    WalletEntry,
)
from billing.parties import Buyer, Notes, Seller
from services.models import (
    Credential,
    DnsRecord,
    Domain,
    OptionValue,
    Price,
    Product,
    ProductGroup,
    ProductOption,
    ProvisioningJob,
    Service,
    ServiceGrant,
    ServiceOption,
    Usage,
    Zone,
)
from tests.bench import money

# Keys begin here, far behind those of everybody else.
FIRST = 100_000_000
GROUPS, GROUPS_OF_DOMAINS = 50, 4
# As many products and uses for each service as 5 000 and 100 000 are for 20 000.
SERVICES_OF_A_PRODUCT, USES_OF_A_SERVICE = 4, 5
RECORDS, ORDERS, LINES, IN_CART = 2000, 5000, 3, 100
PERIODS, OPTIONS, VALUES = (1, 12), 2, 3
KINDS = tuple(Product.Kind.values)
JOBS = (ProvisioningJob.Act.CREATE, ProvisioningJob.Act.EXTEND, ProvisioningJob.Act.PASSWORD)
# The first of a kind, whose page is measured.
PAGE_OF = {kind: FIRST + position for position, kind in enumerate(KINDS)}
OWNER, SUB_USER = FIRST, FIRST + 1
MINUTE = timedelta(minutes=1)


def write(copy, after_copy, provider, support, password, now, services):
    """All of it; returns the logins of the people who are measured."""
    keys = range(FIRST, FIRST + services)
    products = list(catalogue(provider, range(FIRST, FIRST + services // SERVICES_OF_A_PRODUCT)))
    customer = {"kind": "company", "tax_id": "5260250274", "street": "-", "postal_code": "00-001", "city": "-"}
    customer = Customer(pk=FIRST, provider=provider, number=FIRST, name="Wholesale", created_at=now, **customer)
    for rows in (
        [customer],
        people(password, now),
        groups(provider),
        products,
        prices(products),
        options(products),
        values(products),
        holdings(keys, products, now),
        registrations(keys),
        chosen(keys, products),
        (Credential(pk=pk, service_id=pk, kind="panel", login=f"u{pk}") for pk in keys if pk % len(KINDS) != 1),
        jobs(keys, now),
        (ServiceGrant(pk=pk, membership_id=SUB_USER, service_id=pk) for pk in keys),
        records(),
        cart(products, now),
        ordered(provider, customer, products, now),
        used(services * USES_OF_A_SERVICE, now),
    ):
        by_table(copy, rows)
    NumberSeries.objects.filter(code="PRO").update(last=FIRST + ORDERS)
    Terms.objects.create(version="bench", text_pl="-", text_en="-", published_at=now)
    code = {"membership_id": OWNER, "customer": customer, "code_mac": "-", "expires_at": now + timedelta(days=365)}
    code = AuthorizationCode.objects.create(**code)
    copy([SupportSession(pk=FIRST, staff=support, customer=customer, membership_id=OWNER, code=code)])
    for model in (Customer, User, Membership, Product, Price, Service, CartItem, Order, OrderLine, Document, UsageDay):
        after_copy(model)


def by_table(copy, rows):
    """Writes rows of several tables, those of each together, in the order in which the tables first come."""
    tables = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    for found in tables.values():
        copy(found)


def people(password, now):
    """The owner, and a standard sub-user to whom every service is granted one by one."""
    for pk, login, role in [(OWNER, "wholesale", "owner"), (SUB_USER, "granted", "standard")]:
        email, permissions = f"{login}@example.com", ["tickets", "ordering", "invoices"]
        yield User(pk=pk, login=login, email=email, password=password, activated_at=now, created_at=now)
        given = [] if role == "owner" else permissions
        yield Membership(pk=pk, user_id=pk, customer_id=FIRST, role=role, created_at=now, permissions=given)


def groups(provider):
    for i in range(GROUPS):
        name = {"name_pl": f"Grupa {i}", "name_en": f"Group {i}"}
        yield ProductGroup(pk=FIRST + i, provider=provider, slug=f"group-{i}", position=i, **name)


def catalogue(provider, keys):
    """Products in turn of every group; those of the last groups are endings of domain names."""
    for pk in keys:
        i = pk - FIRST
        group = i % GROUPS
        is_domain = group >= GROUPS - GROUPS_OF_DOMAINS
        kind = Product.Kind.DOMAIN if is_domain else KINDS[0] if group % 2 else KINDS[2 + group // 2 % 2]
        yield Product(
            pk=pk,
            provider=provider,
            code=f"product-{i}",
            kind=kind,
            name_pl=f"Produkt {i}",
            name_en=f"Product {i}",
            description_pl="Opis produktu. " * 20,
            description_en="What it is. " * 20,
            group_id=FIRST + group,
            position=i // GROUPS,
            suffix=f"e{i}.example" if is_domain else "",
            zones="null" if is_domain else "",
        )


def prices(products):
    for i, product in enumerate(products):
        for j, months in enumerate(PERIODS):
            yield Price(pk=FIRST + i * len(PERIODS) + j, product=product, months=months, net=money.NET, setup_net=5)


def price_of(product, months):
    """The key of a product's price."""
    return FIRST + (product.pk - FIRST) * len(PERIODS) + PERIODS.index(months)


def options(products):
    for product in products:
        for j in range(OPTIONS * (product.kind != Product.Kind.DOMAIN)):
            pk = FIRST + (product.pk - FIRST) * OPTIONS + j
            yield ProductOption(pk=pk, product=product, code=f"o{j}", name_pl=f"Opcja {j}", name_en=f"Option {j}")


def values(products):
    for option in options(products):
        for j in range(VALUES):
            pk = FIRST + (option.pk - FIRST) * VALUES + j
            name = {"name_pl": f"Wartość {j}", "name_en": f"Value {j}"}
            yield OptionValue(pk=pk, option=option, code=f"v{j}", monthly_net=j, position=j, **name)


def values_of(product):
    """The keys of one value of each of a product's options, the dearest."""
    if product.kind == Product.Kind.DOMAIN:
        return []
    return [FIRST + ((product.pk - FIRST) * OPTIONS + j) * VALUES + VALUES - 1 for j in range(OPTIONS)]


def holdings(keys, products, now):
    """Services of every kind in turn, which end day after day for two years."""
    of_kind = {kind: [product for product in products if product.kind == kind] for kind in KINDS}
    for i, pk in enumerate(keys):
        kind = KINDS[i % len(KINDS)]
        yield Service(
            pk=pk,
            customer_id=FIRST,
            product=of_kind[kind][i % len(of_kind[kind])],
            name=f"name-{i:06}.example" if kind == Product.Kind.DOMAIN else f"{kind} {i:06}",
            domain=f"name-{i:06}.example" if kind != Product.Kind.VOIP else "",
            status=Service.Status.SUSPENDED if i % 50 == 49 else Service.Status.ACTIVE,
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=i % 730),
            configuration={"Server": f"s{i}.example"},
            created_at=now,
        )


def registrations(keys):
    for pk in keys[1 :: len(KINDS)]:
        yield Domain(pk=pk, service_id=pk, origin=Domain.Origin.REGISTERED)
        yield Zone(pk=pk, service_id=pk, name=f"zone-{pk}.example", version=1, published=1)


def chosen(keys, products):
    """Options of every third hosting."""
    hosting = [product for product in products if product.kind == KINDS[0]]
    for pk in keys[:: len(KINDS) * 3]:
        for j, value in enumerate(values_of(hosting[(pk - FIRST) % len(hosting)])):
            key = FIRST + (pk - FIRST) * OPTIONS + j
            yield ServiceOption(pk=key, service_id=pk, value_id=value, monthly_net=2)


def jobs(keys, now):
    for pk in keys:
        for j, act in enumerate(JOBS):
            key = FIRST + (pk - FIRST) * len(JOBS) + j
            done = {"state": ProvisioningJob.State.DONE, "done_at": now, "next_at": None, "created_at": now}
            yield ProvisioningJob(pk=key, service_id=pk, act=act, driver="null", reference=f"bench-{key}", **done)


def records():
    """A zone as large as they get."""
    for i in range(RECORDS):
        address = f"192.0.2.{i % 250 + 1}"
        yield DnsRecord(pk=FIRST + i, service_id=PAGE_OF["domain"], name=f"host-{i:05}", type="A", content=address)


def cart(products, now):
    """Half of it renewals, half of it new services with options."""
    sold = [product for product in products if product.kind == KINDS[0]]
    for i in range(IN_CART):
        of_it = {"pk": FIRST + i, "membership_id": OWNER, "added_at": now}
        if i % 2:
            product = sold[i % len(sold)]
            price = price_of(product, 12)
            yield CartItem(act="purchase", product=product, price_id=price, chosen=values_of(product), **of_it)
        else:
            product = sold[i * 2 * len(KINDS) % len(sold)]
            yield CartItem(service_id=FIRST + i * 2 * len(KINDS), price_id=price_of(product, 12), **of_it)


def ordered(provider, customer, products, now):
    """Orders of several lines, each with its proforma; the latest wait for payment, the others were cancelled."""
    copied = {
        "seller_data": Seller.of(provider).data(),
        "buyer_data": Buyer.of(customer).data(),
        "notes_data": Notes().data(),
    }
    for key in range(FIRST, FIRST + ORDERS):
        at, is_open = now - MINUTE * (FIRST + ORDERS - key), key >= FIRST + ORDERS - 20
        yield Order(pk=key, customer_id=FIRST, placed_by_id=OWNER, placed_at=at)
        for j in range(LINES):
            product = products[(key + j) % (len(products) // 2)]
            yield OrderLine(
                pk=FIRST + (key - FIRST) * LINES + j,
                order_id=key,
                position=j + 1,
                act="purchase",
                product=product,
                chosen=values_of(product),
                price_id=price_of(product, 12),
                months=12,
                state="open" if is_open else "cancelled",
            )
        yield from of_order(key, provider, at, is_open, copied)


def of_order(key, provider, at, is_open, copied):
    for row in money.document(key, "proforma", "PRO", key, FIRST, provider, at, FIRST, copied):
        if isinstance(row, DocumentLine):
            row.order_line_id = FIRST + (key - FIRST) * LINES
        yield row
    yield Receivable(
        pk=key,
        document_id=key,
        customer_id=FIRST,
        amount=money.GROSS,
        due_on=at.date() + timedelta(days=7),
        state="open" if is_open else "cancelled",
        cancelled_at=None if is_open else at,
    )


def used(count, now):
    """Calls of one telephone, each charged to the balance."""
    yield Wallet(pk=FIRST, customer_id=FIRST, currency="PLN")
    days = Counter(timezone.localdate(now - MINUTE * (count - i)) for i in range(count))
    for pk, (day, uses) in enumerate(days.items(), FIRST):
        sums = {"count": uses, "quantity": uses * Decimal("1.5"), "gross": uses * Decimal("0.12")}
        yield UsageDay(pk=pk, service_id=PAGE_OF["voip"], day=day, unit="min", **sums)
    for i in range(count):
        pk, at = FIRST + i, now - MINUTE * (count - i)
        yield Usage(
            pk=pk,
            service_id=PAGE_OF["voip"],
            driver="null",
            reference=f"bench-{i}",
            what=f"+48 22 {i:07}",
            quantity=Decimal("1.5"),
            unit="min",
            net=Decimal("0.10"),
            started_at=at,
            ended_at=at + MINUTE,
            reported_at=at,
        )
        moved = {"amount": Decimal("-0.12"), "balance_after": count - i}
        yield WalletEntry(pk=pk, wallet_id=FIRST, kind="usage", reference=f"bench-use-{i}", at=at, **moved)
        yield UsageCharge(
            pk=pk,
            usage_id=pk,
            customer_id=FIRST,
            tax_rate="23",
            gross=Decimal("0.12"),
            created_at=at,
            charged_at=at,
            entry_id=pk,
        )
