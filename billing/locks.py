"""Rows are locked in the order of their keys, so that two who want the same ones wait instead of blocking each other.

The order between tables is: membership (its cart), customer, event, payment, wallet, receivables, services, changes of
products, products (their stock, and the names below their suffix), promo codes, number series. Keys never change, so
the locks are those for no key (FOR NO KEY UPDATE): rows that merely point at a locked one need not wait.
"""


def locked(rows):
    """The rows of a queryset, locked until the transaction ends."""
    return list(rows.select_for_update(of=["self"], no_key=True).order_by("pk"))


def locked_one(rows, **which):
    """One row, locked; raises DoesNotExist."""
    return rows.select_for_update(of=["self"], no_key=True).get(**which)
