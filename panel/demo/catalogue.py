"""What the demo's company sells: groups with products, their prices and what can be chosen of each."""

from decimal import Decimal

from billing.models import PromoCode
from panel.demo.offer import GROUPS, OPTIONS, PRODUCTS
from services.models import OptionValue, Price, Product, ProductGroup, ProductOption

# Who makes accounts of what is ordered; the rest is done as soon as it is asked for.
DRIVERS = {Product.Kind.HOSTING: "host_null"}


def publish(provider):
    """The whole catalogue; returns products by code."""
    groups = {}
    for position, (slug, (name_pl, name_en), (text_pl, text_en)) in enumerate(GROUPS):
        groups[slug] = ProductGroup.objects.create(
            provider=provider,
            slug=slug,
            name_pl=name_pl,
            name_en=name_en,
            description_pl=text_pl,
            description_en=text_en,
            position=position,
        )
    products = {
        code: add(groups[group], code, position, *row)
        for group, rows in PRODUCTS.items()
        for position, (code, *row) in enumerate(rows)
    }
    for code, questions in OPTIONS.items():
        for position, (question, names, answers) in enumerate(questions):
            ask(products[code], question, position, names, answers)
    promote([groups["hosting"], groups["vps"]])
    return products


def promote(groups):
    """The code of which the news tell."""
    code = PromoCode.objects.create(code="START20", percent=20, most_uses=100, most_of_a_customer=1)
    code.groups.set(groups)


def add(group, code, position, kind, names, texts, prices, more):
    """A product with its prices: {months: net} or {months: (net, set-up fee)}."""
    (name_pl, name_en), (text_pl, text_en) = names, texts
    product = Product.objects.create(
        provider_id=group.provider_id,
        group=group,
        code=code,
        kind=kind,
        name_pl=name_pl,
        name_en=name_en,
        description_pl=text_pl,
        description_en=text_en,
        position=position,
        driver=DRIVERS.get(kind, "null"),
        tax_point=Product.TaxPoint.TELECOM if kind == Product.Kind.VOIP else Product.TaxPoint.PERIOD,
        **more,
    )
    for months, amounts in prices.items():
        net, setup = amounts if isinstance(amounts, tuple) else (amounts, "0")
        Price.objects.create(product=product, months=months, net=Decimal(net), setup_net=Decimal(setup))
    return product


def ask(product, code, position, names, answers):
    """A question about a product; each answer is (code, name in Polish, in English, net a month, net once)."""
    name_pl, name_en = names
    option = ProductOption.objects.create(
        product=product, code=code, name_pl=name_pl, name_en=name_en, position=position
    )
    OptionValue.objects.bulk_create(
        OptionValue(
            option=option,
            code=answer,
            name_pl=answer_pl,
            name_en=answer_en,
            monthly_net=Decimal(monthly),
            setup_net=Decimal(setup),
            position=place,
        )
        for place, (answer, answer_pl, answer_en, monthly, setup) in enumerate(answers)
    )
