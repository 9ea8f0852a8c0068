"""Rows are locked in the order of their keys, so that two who want the same ones wait instead of blocking each other.

The order between tables is: event, payment, wallet, receivables, services, number series.
"""


def locked(rows):
    """The rows of a queryset, locked until the transaction ends."""
    return list(rows.select_for_update(of=["self"]).order_by("pk"))


def locked_one(rows, **which):
    """One row, locked; raises DoesNotExist."""
    return rows.select_for_update(of=["self"]).get(**which)
