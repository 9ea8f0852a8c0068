"""Pieces of what there is only so many of: taken by an order, given back when it comes to nothing."""

from collections import Counter

from django.db.models import F

from billing.cart import SoldOut
from services.models import Product


def take(lines):
    """Takes a piece for each line of a product that is counted. Raises SoldOut when there are too few.

    One conditional statement a product, in the order of their keys: however many order at once, nobody gets a
    piece that is not there. The caller's transaction gives all of them back when it fails.
    """
    counted = [line for line in lines if line.product and line.product.stock is not None]
    for product, count in sorted(Counter(line.product for line in counted).items(), key=lambda pair: pair[0].pk):
        left = Product.objects.filter(pk=product.pk, stock__gte=count)
        if not left.update(stock=F("stock") - count):
            raise SoldOut(product.name)
    for line in counted:
        line.took_piece = True
        line.save(update_fields=["took_piece"])


def give_back(lines):
    """Gives back what these lines took; twice is harmless, as the caller holds the lock of their order."""
    taken = [line for line in lines if line.took_piece]
    for product, count in sorted(Counter(line.product_id for line in taken).items()):
        Product.objects.filter(pk=product, stock__isnull=False).update(stock=F("stock") + count)
    for line in taken:
        line.took_piece = False
        line.save(update_fields=["took_piece"])
