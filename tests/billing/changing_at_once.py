"""Changes of products at the same moment: one order for a service, one buyer for the last piece, one effect."""

from datetime import date

import pytest
from django.db import models
from django.db.models import F

from accounts import closing
from billing import cart, changes, checkout, gateway_reports, stock
from billing.models import CartItem, Order, OrderLine, Receivable
from services import changing, ending
from services.models import Product, ProvisioningJob, Service, ServiceChange
from services.purchasing import Wanted
from tests.services.bigger import priced
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")


def agreed(service, product):
    found = changes.offers_of(service.customer, service)
    return next(row for row in found if row.target.product.pk == product.pk).agreed


def kinds(answers):
    return sorted(type(answer).__name__ if isinstance(answer, Exception) else "ok" for answer in answers)


def test_two_tabs_order_a_change_once(buyer, small, sizes, together):
    what = agreed(small, sizes.big)
    answers = together(4, lambda i: changes.make(small, sizes.big.pk, agreed=what, by=buyer))
    assert kinds(answers) == ["NotChangeable"] * 3 + ["ok"]
    assert Order.objects.count() == ServiceChange.objects.count() == Receivable.objects.count() == 1


def test_a_change_and_a_renewal_at_once_are_one_order(buyer, small, sizes, together):
    what = agreed(small, sizes.big)
    cart.add(buyer.membership, small, priced(sizes.small))
    gross = cart.quote(buyer.membership, cart.items(buyer.membership)).gross
    deeds = [
        lambda: changes.make(small, sizes.big.pk, agreed=what, by=buyer),
        lambda: checkout.place(buyer.membership, agreed=gross, by=buyer),
    ]
    assert kinds(together(2, lambda i: deeds[i]())) in (["EmptyCart", "ok"], ["NotChangeable", "ok"])
    assert OrderLine.objects.get().act in CartItem.Act


def several(small, count):
    """So many services like this one."""
    rows = [
        Service(customer=small.customer, product=small.product, price=small.price, name=f"S{i}") for i in range(count)
    ]
    for row in rows:
        row.status, row.ends_on, row.anchor_day = "active", date(2027, 12, 31), 31
    return Service.objects.bulk_create(rows)


def test_of_the_last_three_pieces_ten_get_three(buyer, small, sizes, together):
    Product.objects.filter(pk=sizes.big.pk).update(stock=3)
    services, what = several(small, 10), agreed(small, sizes.big)
    answers = together(10, lambda i: changes.make(services[i], sizes.big.pk, agreed=what, by=buyer))
    assert kinds(answers) == ["SoldOut"] * 7 + ["ok"] * 3
    assert Product.objects.get(pk=sizes.big.pk).stock == 0 and Order.objects.count() == 3


def test_without_the_condition_two_get_the_last_piece(buyer, small, sizes, together, monkeypatch):
    """The negative control: looking first and taking then."""
    Product.objects.filter(pk=sizes.big.pk).update(stock=1)
    services, what, meet = several(small, 2), agreed(small, sizes.big), meeting()

    def take(product):
        left = Product.objects.get(pk=product.pk).stock
        meet()
        if not left:
            raise changing.SoldOut
        Product.objects.filter(pk=product.pk).update(stock=F("stock") * 0)
        return True

    monkeypatch.setattr(changing, "take", take)
    answers = together(2, lambda i: changes.make(services[i], sizes.big.pk, agreed=what, by=buyer))
    assert kinds(answers) == ["ok", "ok"]


def test_paid_many_times_at_once_it_is_changed_once(buyer, small, sizes, together, begin, report):
    proforma = changes.make(small, sizes.big.pk, agreed=agreed(small, sizes.big), by=buyer)
    payment = begin(buyer, proforma.receivable)
    together(6, lambda i: gateway_reports.apply(report(payment), gateway="sandbox"))
    assert ProvisioningJob.objects.get().act == "change" and OrderLine.objects.get().state == "done"


def test_paid_and_cancelled_at_once_it_is_one_of_them(buyer, small, sizes, together, begin, report):
    Product.objects.filter(pk=sizes.big.pk).update(stock=1)
    receivable = changes.make(small, sizes.big.pk, agreed=agreed(small, sizes.big), by=buyer).receivable
    payment = begin(buyer, receivable)
    deeds = [
        lambda: gateway_reports.apply(report(payment), gateway="sandbox"),
        lambda: checkout.cancel(receivable, by=buyer),
    ]
    together(2, lambda i: deeds[i]())
    receivable.refresh_from_db()
    found = (receivable.state, ServiceChange.objects.get().state, Product.objects.get(pk=sizes.big.pk).stock)
    assert found in (("paid", "asked", 0), ("cancelled", "cancelled", 1))


def test_many_clocks_begin_a_planned_change_once(buyer, big, sizes, together):
    changes.make(big, sizes.small.pk, agreed=agreed(big, sizes.small), by=buyer)
    Service.objects.filter(pk=big.pk).update(status="active")
    big.extensions.create(reference="x", months=12, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    assert sum(together(5, lambda i: changing.begin_due())) == 1
    assert ProvisioningJob.objects.count() == 1


def test_without_the_locks_two_tabs_meet_the_database(buyer, small, sizes, together, monkeypatch):
    """The negative control of the lock: what then refuses the second one is the constraint, with an error."""
    what, meet, find = agreed(small, sizes.big), meeting(), changing.find

    def find_together(*arguments):
        found = find(*arguments)
        meet()
        return found

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **kwargs: rows)
    monkeypatch.setattr(changing, "find", find_together)
    answers = together(2, lambda i: changes.make(small, sizes.big.pk, agreed=what, by=buyer))
    assert kinds(answers) == ["IntegrityError", "ok"]


def test_ending_a_service_and_ordering_pieces_do_not_block_each_other(
    buyer, small, sizes, terms, together, monkeypatch
):
    """One gives a piece back and wants the service, the other holds the service in its cart and wants a piece."""
    Product.objects.filter(pk=sizes.big.pk).update(stock=5)
    changes.make(small, sizes.big.pk, agreed=agreed(small, sizes.big), by=buyer)
    membership, meet, drop, take = buyer.membership, meeting(), changing.drop, stock.take
    CartItem.objects.create(membership=membership, service=small, price=priced(sizes.small), ends_on=small.ends_on)
    cart.put(membership, Wanted(Product.objects.get(pk=sizes.big.pk), priced(sizes.big)))
    gross = cart.quote(membership, cart.items(membership)).gross

    def drop_and_meet(change):
        drop(change)
        meet()

    def meet_and_take(lines):
        meet()
        take(lines)

    monkeypatch.setattr(changing, "drop", drop_and_meet)
    monkeypatch.setattr(stock, "take", meet_and_take)
    deeds = [
        lambda: ending.terminate(small, by=buyer),
        lambda: checkout.place(membership, agreed=gross, terms=terms, by=buyer),
    ]
    assert kinds(together(2, lambda i: deeds[i]())) == ["ok", "ok"]
    assert Product.objects.get(pk=sizes.big.pk).stock == 4


def test_closing_an_account_and_ordering_do_not_block_each_other(buyer, small, sizes, together, monkeypatch):
    """One holds the customer and wants the services, the other orders for these services."""
    membership, meet, cancel, items = buyer.membership, meeting(), checkout.cancel, cart.items
    changes.make(small, sizes.big.pk, agreed=agreed(small, sizes.big), by=buyer)
    other = several(small, 1)[0]
    cart.add(membership, other, priced(sizes.small))
    CartItem.objects.create(membership=membership, service=small, price=priced(sizes.small), ends_on=small.ends_on)
    gross = cart.quote(membership, items(membership)).gross

    def meet_and_cancel(*arguments, **named):
        meet()
        return cancel(*arguments, **named)

    def items_and_meet(membership):
        meet()
        return items(membership)

    monkeypatch.setattr(checkout, "cancel", meet_and_cancel)
    monkeypatch.setattr(cart, "items", items_and_meet)
    deeds = [
        lambda: closing.close(membership.customer, by=buyer),
        lambda: checkout.place(membership, agreed=gross, by=buyer),
    ]
    assert kinds(together(2, lambda i: deeds[i]())) in (["ok", "ok"], ["EmptyCart", "ok"])
    assert not Receivable.objects.open().exists()
