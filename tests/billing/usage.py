"""Use is charged to the balance once, the oldest first; what the balance is too small for waits for a top-up."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from accounts.models import BackgroundTask, Outbox
from billing import charging, review, wallet
from billing.models import UsageCharge, WalletEntry
from services import usage
from services.drivers import Used

D = Decimal


def call(reference, net="1.00", *, ago=1, **fields):
    """A call that ended so many hours ago."""
    ended_at = timezone.now() - timedelta(hours=ago)
    times = {"started_at": ended_at - timedelta(minutes=10), "ended_at": ended_at}
    facts = {"what": "+48 601 555 010", "quantity": D(10), "unit": "min", "net": D(net)}
    return Used(**{"reference": reference} | facts | times | fields)


def put(customer, amount, reference="gift"):
    """Money for the balance."""
    wallet.enter(customer, WalletEntry.Kind.ADJUSTMENT, D(amount), reference=reference)


def charged():
    """References of what was charged, in the order of the movements."""
    rows = WalletEntry.objects.filter(kind="usage").order_by("pk")
    return [row.reference.rpartition(":")[2] for row in rows]


def test_a_call_takes_its_gross_from_the_balance_once(company, voip):
    put(company, "10.00")
    for _ in range(3):
        usage.report(voip, [call("c1", "1.00")])
        charging.charge.call(company.pk)
    entry = WalletEntry.objects.get(kind="usage")
    assert (entry.reference, entry.amount, entry.balance_after) == ("usage:null:c1", D("-1.23"), D("8.77"))
    assert entry.text == "Office phone: 10 min"
    charge = UsageCharge.objects.get()
    assert (charge.gross, charge.entry, charge.tax_rate) == (D("1.23"), entry, "23")
    assert list(review.findings()) == []


def test_the_movement_speaks_the_owners_language(company, owner, voip):
    owner.language = "pl"
    owner.save()
    put(company, "10.00")
    usage.report(voip, [call("c1", quantity=D("2.5"))])
    charging.charge.call(company.pk)
    assert WalletEntry.objects.get(kind="usage").text == "Office phone: 2 min 30 s"


def test_the_gross_is_counted_by_the_products_rate(company, voip):
    voip.product.tax_rate = "8"
    voip.product.save()
    put(company, "10.00")
    usage.report(voip, [call("c1", "1.00")])
    charging.charge.call(company.pk)
    assert wallet.of(company).balance == D("8.92")


def test_what_is_free_moves_nothing(company, voip):
    usage.report(voip, [call("c1", "0.00")])
    charging.charge.call(company.pk)
    assert UsageCharge.objects.get().charged_at and not WalletEntry.objects.exists()
    assert list(review.findings()) == []


def test_the_worker_is_told_when_something_new_was_used(company, voip):
    tasks = BackgroundTask.objects.filter(task_path="billing.charging.charge")
    for expected in (1, 1):
        usage.report(voip, [call("c1")])
        assert tasks.count() == expected


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_too_little_balance_is_never_overdrawn_and_the_oldest_goes_first(company, voip, order):
    """In whatever order they are told: the dear one of the day before yesterday is not overtaken."""
    calls = {"a": call("a", "1.00", ago=50), "b": call("b", "5.00", ago=30), "c": call("c", "1.00", ago=2)}
    put(company, "3.00")
    for name in order:
        usage.report(voip, [calls[name]])
    charging.charge.call(company.pk)
    assert charged() == ["a"] and wallet.of(company).balance == D("1.77")
    assert charging.sum_waiting(company) == D("7.38")
    put(company, "5.00", "second")
    charging.charge.call(company.pk)
    assert charged() == ["a", "b"] and wallet.of(company).balance == D("0.62")
    put(company, "0.61", "third")
    charging.charge.call(company.pk)
    assert charged() == ["a", "b", "c"] and wallet.of(company).balance == 0
    assert charging.sum_waiting(company) == 0
    assert list(review.findings()) == []


def test_money_that_comes_has_what_waits_charged(company, voip):
    usage.report(voip, [call("c1")])
    charging.charge.call(company.pk)
    BackgroundTask.objects.all().delete()
    put(company, "10.00")
    assert BackgroundTask.objects.filter(task_path="billing.charging.charge").count() == 1
    charging.charge.call(company.pk)
    BackgroundTask.objects.all().delete()
    put(company, "10.00", "again")
    assert not BackgroundTask.objects.filter(task_path="billing.charging.charge").exists()


def test_many_uses_are_charged_by_few_queries(company, voip, django_assert_max_num_queries):
    put(company, "1000.00")
    usage.report(voip, [call(f"c{n}", "0.10") for n in range(charging.AT_ONCE + 20)])
    with django_assert_max_num_queries(40):
        charging.charge.call(company.pk)
    assert wallet.of(company).balance == 1000 - D("0.12") * (charging.AT_ONCE + 20)
    assert not charging.waiting(company).exists()


def test_a_balance_that_falls_by_calls_is_warned_about_once(company, owner, voip):
    put(company, "10.00")
    wallet.set_threshold(company, D("9.00"), by=owner)
    usage.report(voip, [call("c1"), call("c2")])
    charging.charge.call(company.pk)
    assert Outbox.objects.filter(letter="balance_low").count() == 1


def test_a_worker_that_dies_half_way_has_taken_nothing(company, voip, monkeypatch):
    put(company, "10.00")
    usage.report(voip, [call("c1"), call("c2")])

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(UsageCharge.objects, "bulk_update", die)
        with pytest.raises(SystemExit):
            charging.charge.call(company.pk)
    assert wallet.of(company).balance == 10 and charged() == []
    charging.charge.call(company.pk)
    assert charged() == ["c1", "c2"] and list(review.findings()) == []


def test_who_closes_the_account_is_told_of_what_waits(company, owner, voip, client_of):
    usage.report(voip, [call("c1", "3.00")])
    page = client_of(owner).get("/data/close/").content.decode()
    assert "Use of services for PLN\N{NO-BREAK SPACE}3.69 was not paid" in page


def test_staff_see_what_was_used_and_what_waits_and_change_nothing(company, voip, client_of, administrator):
    put(company, "2.00")
    usage.report(voip, [call("c1", ago=5), call("c2")])
    charging.charge.call(company.pk)
    browser = client_of(administrator)
    waiting, paid = UsageCharge.objects.get(charged_at=None), UsageCharge.objects.exclude(entry=None).get()
    assert "+48 601 555 010" in browser.get("/admin/services/usage/").content.decode()
    for answer, shown, other in (("no", waiting, paid), ("yes", paid, waiting)):
        page = browser.get(f"/admin/billing/usagecharge/?charged={answer}").content.decode()
        assert f"/usagecharge/{shown.pk}/change/" in page and f"/usagecharge/{other.pk}/change/" not in page
    rows = [f"/admin/billing/usagecharge/{paid.pk}/change/", f"/admin/services/usage/{paid.usage_id}/change/"]
    for address in rows:
        assert browser.get(address).status_code == 200
        assert browser.post(address, {"gross": "0"}).status_code == 403
    assert browser.get("/admin/billing/usageinvoice/").status_code == 200
