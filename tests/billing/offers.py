"""A catalogue to buy from: a group, products in it, prices and options."""

from decimal import Decimal

from services.models import OptionValue, Price, Product, ProductGroup, ProductOption


def group(provider, slug="servers", **fields):
    """A group that is shown."""
    names = {"name_pl": f"{slug} (pl)", "name_en": slug.capitalize()}
    return ProductGroup.objects.create(provider=provider, slug=slug, **(names | fields))


def product(group, code="vps", *, prices=(("1", "20.00"), ("12", "200.00")), **fields):
    """A product on offer, with (months, net) prices, or (months, net, set-up fee)."""
    names = {"name_pl": f"{code} (pl)", "name_en": code.upper(), "kind": Product.Kind.OTHER}
    made = Product.objects.create(provider_id=group.provider_id, group=group, code=code, **(names | fields))
    for months, net, *setup in prices:
        price(made, months, net, *setup)
    return made


def price(product, months, net, setup="0"):
    return Price.objects.create(product=product, months=int(months), net=Decimal(net), setup_net=Decimal(setup))


def option(product, code="disk", *, values=(("50", "0", "0"), ("100", "10.00", "5.00"))):
    """A question with (code, net a month, net once) for each answer."""
    names = {"name_pl": f"{code} (pl)", "name_en": code.capitalize()}
    made = ProductOption.objects.create(product=product, code=code, **names)
    for name, monthly, setup in values:
        value(made, name, monthly, setup)
    return made


def value(option, code, monthly="0", setup="0", **fields):
    names = {"name_pl": f"{code} GB (pl)", "name_en": f"{code} GB"}
    amounts = {"monthly_net": Decimal(monthly), "setup_net": Decimal(setup)}
    return OptionValue.objects.create(option=option, code=code, **(names | amounts | fields))


def crowd(provider, *, groups, products):
    """So many groups with so many products each, all on offer."""
    made = ProductGroup.objects.bulk_create(
        ProductGroup(provider=provider, slug=f"g{i}", name_pl=f"G {i:03}", name_en=f"G {i:03}") for i in range(groups)
    )
    rows = [
        Product(provider=provider, group=one, kind="other", code=f"{one.slug}-{n}", name_pl=f"P {n}", name_en=f"P {n}")
        for one in made
        for n in range(products)
    ]
    rows = Product.objects.bulk_create(rows, batch_size=1000)
    prices = [Price(product=row, months=months, net=months * 10) for row in rows for months in (1, 12)]
    Price.objects.bulk_create(prices, batch_size=1000)
    return made
