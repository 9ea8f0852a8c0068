"""What is on offer: the groups that are shown, the products in them, and what can be chosen of each."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Window, prefetch_related_objects

from accounts.wording import reading_language
from services.models import OptionValue, Price, Product, ProductGroup

# Enough to see what a group is about; the others are on its own page.
PRODUCTS_OF_A_GROUP = 5


def products(provider):
    """What can be ordered anew of this provider (its key), sold out or not: it has a price and a group to stand in."""
    priced = Price.objects.filter(product=OuterRef("pk"), is_offered=True)
    found = Product.objects.filter(Exists(priced), provider=provider, is_offered=True, group__is_shown=True)
    return in_order(found)


def named(found, words):
    """Products with these words in their name, in whichever language."""
    return found.filter(Q(name_pl__icontains=words) | Q(name_en__icontains=words))


def groups(provider):
    """The groups with something on offer."""
    inside = products(provider).filter(group=OuterRef("pk")).order_by()
    return in_order(ProductGroup.objects.filter(Exists(inside), provider=provider, is_shown=True))


def with_products(found, provider):
    """Groups with the first of their products as `first`, each with its prices and `beside`: how many there are."""
    beside = Window(Count("pk"), partition_by="group")
    first = products(provider).annotate(beside=beside)[:PRODUCTS_OF_A_GROUP]
    prefetch_related_objects(found, Prefetch("products", first, to_attr="first"), offered_prices("first__"))
    return found


def with_prices(found):
    """Products with their offered prices as `offered`, the shortest period first."""
    return found.prefetch_related(offered_prices())


def find(found, code):
    """One of the products with everything that is asked when it is ordered: `offered` prices and `asked`; or None."""
    product = with_prices(found.select_related("group")).filter(code=code).first()
    if product:
        product.asked = questions(product)
    return product


def questions(product):
    """Its options, each with the values on offer as `answers`; without any an option is no question."""
    values = OptionValue.objects.filter(option__product=product, is_offered=True).select_related("option")
    asked = {}
    for value in values.order_by("option__position", "option", "position", "pk"):
        option = asked.setdefault(value.option_id, value.option)
        option.answers = [*getattr(option, "answers", []), value]
    return list(asked.values())


def offered_prices(path=""):
    """The prices that a product can be ordered at, to be fetched along."""
    prices = Price.objects.filter(is_offered=True).order_by("months", "pk")
    return Prefetch(f"{path}prices", prices, to_attr="offered")


def in_order(found):
    """As they are placed, and by name in the reader's language."""
    return found.order_by("position", f"name_{reading_language()}", "pk")
