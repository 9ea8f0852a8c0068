"""Upgrade and downgrade: what is shown is what is charged, and a service changes only when it is paid."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event
from billing import cart, changes, checkout, gateway_reports, limits, payments, review
from billing.admin.cases import returnable
from billing.changes import Agreed
from billing.models import Case, Document, Order, OrderLine, Receivable
from services import changing, ending, expiry, provisioning
from services.models import (
    Extension,
    Price,
    Product,
    ProductGroup,
    ProvisioningJob,
    Service,
    ServiceChange,
    Withdrawal,
)
from tests.billing.shop import page_of, row, sums, words
from tests.crowd import queries_of
from tests.services.bigger import choose, disk_of, priced
from tests.support.jobs import do_jobs

D = Decimal
TODAY = "2027-07-02"  # 183 days until the end of the year, today included
DUE = "60.16"  # 120.00 × 183 / 365 = 60.1644
GROSS = "74.00"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 10:00:00+00:00", tick=False) as clock:
        yield clock


def now(service):
    return Service.objects.get(pk=service.pk)


def offered(service, product):
    service = changing.locked(service)
    return next(row for row in changes.offers_of(service.customer, service) if row.target.product.pk == product.pk)


def form_of(page):
    """What the button on the page would send."""
    fields = dict(re.findall(r'<input type="hidden" name="(product|way|gross|net)" value="([^"]*)"', page))
    assert fields.keys() == {"product", "way", "gross", "net"}
    return fields


def agree(client, service, product):
    """Chooses a product on the page and presses the button there."""
    address = f"/services/{service.pk}/change/"
    page = page_of(client, f"{address}?product={product.pk}")
    return client.post(address, form_of(page), follow=True)


@pytest.fixture
def change(buyer):
    """`change(service, product)` agrees to what is offered now; returns the proforma, if there is one."""
    return lambda service, product: changes.make(
        service, product.pk, agreed=offered(service, product).agreed, by=buyer
    )


def pay(receivable, begin, report, buyer):
    payment = begin(buyer, receivable)
    gateway_reports.apply(report(payment), gateway="sandbox")
    return payment


def renewed(buyer, service, price):
    """The receivable of an ordered renewal."""
    membership = buyer.membership
    cart.add(membership, service, price)
    agreed = cart.quote(membership, cart.items(membership)).gross
    return receivable_of(checkout.place(membership, agreed=agreed, by=buyer).documents.get())


def receivable_of(document):
    return Receivable.objects.get(document=document)


def test_what_is_shown_is_charged_and_invoiced_for_the_days_that_are_left(
    client_of, buyer, small, sizes, begin, report
):
    client = client_of(buyer)
    page = page_of(client, f"/services/{small.pk}/change/")
    line = next(part for part in page.split("<tr>") if "Choose Big" in part)
    assert "PLN 220.00" in line and f"PLN {DUE}" in line and "when it is paid" in line
    page = page_of(client, f"/services/{small.pk}/change/?product={sizes.big.pk}")
    assert "Small becomes Big" in page and "days left divided by the days of the period" in page
    assert "Small (small.example), change to Big" in page and "2 Jul 2027 –" in page and "31 Dec 2027" in page
    assert sums(page) == [[DUE, "13.84", GROSS]]
    answer = agree(client, small, sizes.big)
    assert "The change is ordered." in words(answer)
    receivable = Receivable.objects.get()
    assert answer.redirect_chain == [(f"/invoices/pay/?document={receivable.document_id}", 302)]
    assert (receivable.amount, now(small).product) == (D(GROSS), sizes.small)
    pay(receivable, begin, report, buyer)
    invoice = Document.objects.get(kind="invoice")
    line = invoice.lines.get()
    assert (line.name, line.amount) == ("Small (small.example), change to Big", D(DUE))
    assert (line.period_from, line.period_to) == (date(2027, 7, 2), date(2027, 12, 31))
    # It is paid, and the driver has not said anything yet.
    assert (now(small).product, OrderLine.objects.get().state) == (sizes.small, "done")
    job = ProvisioningJob.objects.get()
    assert job.asked["product"] == "big"
    do_jobs()
    assert (now(small).product, now(small).price, now(small).ends_on) == (
        sizes.big,
        priced(sizes.big),
        date(2027, 12, 31),
    )
    assert not Case.objects.exists()
    history = page_of(client, "/history/")
    assert "was changed from Small to Big" in history and "has begun" in history
    assert "PLN 220.00" in row(page_of(client), "Big")


def test_private_persons_are_shown_and_charged_gross(client_of, buyer, small, sizes):
    type(buyer.membership.customer).objects.update(kind="private")
    client = client_of(buyer)
    page = page_of(client, f"/services/{small.pk}/change/")
    assert f"PLN {GROSS}" in page and "PLN 270.60" in page and "Prices include VAT." in page
    agree(client, small, sizes.big)
    assert Receivable.objects.get().amount == D(GROSS) and Document.objects.get().from_gross


def test_paid_from_the_balance_it_is_the_same(buyer, small, sizes, change, monkeypatch):
    receivable = receivable_of(change(small, sizes.big))
    monkeypatch.setattr(payments.wallet, "enter", lambda *args, **kwargs: None)
    payments.pay_from_wallet(buyer.membership.customer, [receivable], by=buyer)
    assert ProvisioningJob.objects.get().act == "change"


@given(
    st.decimals(D("0.01"), D("9999.99"), places=2),
    st.decimals(D("0.01"), D("9999.99"), places=2),
    st.dates(date(2027, 1, 1), date(2035, 12, 31)),
    st.integers(0, 1200),
    st.sampled_from([1, 3, 12, 24]),
)
def test_the_sum_is_the_difference_times_days_by_days_to_the_grosz(former, net, day, days, months):
    service = Service(ends_on=day + timedelta(days=days))
    share = changes.targets.periods_left(service, months, day)
    target = changes.Target(Product(), Price(), (), (), net, former, share)
    exact = (net - former) * share.numerator / share.denominator
    assert abs(changes.net_due(target) - exact) <= D("0.005")
    assert (changes.way_of(target) == "planned") == (net < former)


def test_half_a_grosz_counts_as_one():
    half = changes.Target(Product(), Price(), (), (), D("1.01"), D("1.00"), changes.targets.Fraction(1, 2))
    assert changes.net_due(half) == D("0.01") and changes.way_of(half) == "paid"


def test_less_than_half_a_grosz_is_nothing_and_done_at_once(client_of, buyer, small, sizes):
    Price.objects.filter(product=sizes.big, months=12).update(net=D("100.01"))
    with time_machine.travel("2027-12-31 10:00:00+00:00", tick=False):
        answer = agree(client_of(buyer), small, sizes.big)
    assert "The change is being made." in words(answer) and not Order.objects.exists()


def test_at_the_same_price_it_changes_at_once(client_of, buyer, small, sizes):
    client = client_of(buyer)
    page = page_of(client, f"/services/{small.pk}/change/?product={sizes.middle.pk}")
    assert "It costs nothing now" in page and "Change now" in page
    assert "The change is being made." in words(agree(client, small, sizes.middle))
    assert ProvisioningJob.objects.get().act == "change" and not Order.objects.exists()
    assert "It is being made Middle." in page_of(client, f"/services/{small.pk}/change/")


def test_a_smaller_one_is_planned_said_plainly_and_taken_back(client_of, buyer, big, sizes):
    client, address = client_of(buyer), f"/services/{big.pk}/change/"
    page = page_of(client, f"{address}?product={sizes.small.pk}")
    assert "No money goes back." in page and "obliges you to pay" not in page
    assert "The change is planned." in words(agree(client, big, sizes.small))
    assert not Order.objects.exists() and not ProvisioningJob.objects.exists()
    page = page_of(client, address)
    assert "From 1 January 2028 on it is to be Small." in page
    renewal = row(page_of(client), "Big")
    assert "PLN 100.00" in renewal and "PLN 220.00" not in renewal and "is to be Small" in renewal
    assert "Keep Big as it is?" in words(client.post(f"{address}take-back/"))
    assert ServiceChange.objects.get().state == "planned"
    assert "The service stays what it is." in words(
        client.post(f"{address}take-back/", {"confirmed": "yes"}, follow=True)
    )
    assert "PLN 220.00" in row(page_of(client), "Big")


def test_the_next_renewal_is_priced_by_what_is_planned(buyer, big, sizes, change, begin, report, today):
    change(big, sizes.small)
    receivable = renewed(buyer, big, priced(sizes.small))
    assert receivable.document.lines.get().name == "Small, renewal: 1 year" and receivable.amount == D("123.00")
    with pytest.raises(changing.NotChangeable):
        changes.take_back(big, by=buyer)
    pay(receivable, begin, report, buyer)
    with pytest.raises(changing.NotChangeable):
        changes.take_back(big, by=buyer)
    assert now(big).product == sizes.big and changing.begin_due() == 0
    today.move_to("2028-01-01 00:30:00+01:00")
    assert changing.begin_due() == 1
    do_jobs()
    assert (now(big).product, now(big).ends_on) == (sizes.small, date(2028, 12, 31))


def test_a_renewal_in_the_cart_is_chosen_anew_after_a_plan(buyer, big, sizes, change):
    cart.add(buyer.membership, big, priced(sizes.big))
    change(big, sizes.small)
    assert [item.hindrance for item in cart.contents(buyer.membership)] == ["price_gone"]


def test_an_ordered_change_and_a_renewal_keep_out_of_each_others_way(client_of, buyer, small, sizes, change):
    change(small, sizes.big)
    client = client_of(buyer)
    assert "Ordered, waiting for payment." in row(page_of(client), "Small")
    assert "Ordered, waiting for payment." in page_of(client, f"/services/{small.pk}/change/")
    with pytest.raises(cart.NotForSale):
        cart.add(buyer.membership, small, priced(sizes.small))
    checkout.cancel(Receivable.objects.get(), by=buyer)
    renewed(buyer, small, priced(sizes.small))
    page = page_of(client, f"/services/{small.pk}/change/")
    assert "Ordered, waiting for payment." in page and "Choose Big" not in page
    with pytest.raises(changing.NotChangeable):
        change(small, sizes.big)


def test_two_tabs_make_one_order(client_of, buyer, small, sizes):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    client.post(address, sent)
    answer = words(client.post(address, sent))
    assert "has changed meanwhile" in answer and "Ordered, waiting for payment." in answer
    assert Order.objects.count() == ServiceChange.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_agreed_to(client_of, buyer, small, sizes):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    Price.objects.filter(product=sizes.big, months=12).update(is_offered=False)
    Price.objects.create(product=sizes.big, months=12, net=D("320.00"))
    answer = words(client.post(address, sent))
    assert "What it costs has changed" in answer and "PLN 110.30" in answer
    assert form_of(answer)["gross"] == "135.67"
    assert not Order.objects.exists() and not ServiceChange.objects.exists()


def test_midnight_between_the_page_and_the_button(client_of, buyer, small, sizes, today):
    today.move_to("2027-07-02 21:59:59+00:00")
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    today.move_to("2027-07-02 22:00:00+00:00")
    assert "What it costs has changed" in words(client.post(address, sent))


@pytest.mark.parametrize(
    "forged",
    [
        {"product": "0"},
        {"product": "x"},
        {"product": "9" * 30},
        {"way": "planned"},
        {"way": "at_once"},
        {"way": "gift"},
        {"gross": "0"},
        {"gross": "-74.00"},
        {"gross": "73.99"},
        {"net": "0.01"},
        {"gross": "", "net": "", "product": "", "way": ""},
        None,
    ],
    ids=str,
)
def test_forged_forms_change_nothing(client_of, buyer, small, sizes, forged):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    page = page_of(client, f"{address}?product={sizes.big.pk}")
    sent = {} if forged is None else form_of(page) | forged
    answer = client.post(address, sent)
    assert answer.status_code == 200 and 'role="alert"' in words(answer)
    assert not Order.objects.exists() and not ServiceChange.objects.exists()


def test_without_the_comparison_a_forged_sum_passes(buyer, small, sizes, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(changes.Offer, "agreed", Agreed("at_once", D(0), D(0)))
    assert changes.make(small, sizes.big.pk, agreed=Agreed("at_once", D(0), D(0)), by=buyer) is None


def test_products_that_are_not_offered_for_it_are_refused(client_of, buyer, small, sizes, products, provider):
    elsewhere = ProductGroup.objects.create(provider=provider, slug="elsewhere", name_pl="E", name_en="E")
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    assert "cannot become this" in words(client.post(address, sent | {"product": products["other"].pk}))
    assert "cannot become this" in words(client.post(address, sent | {"product": small.product_id}))
    Product.objects.filter(pk=sizes.big.pk).update(group=elsewhere)
    assert "cannot become this" in words(client.post(address, sent))
    assert not ServiceChange.objects.exists()


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        ({"status": "ended"}, "ended"),
        ({"status": "suspended"}, "suspended"),
        ({"ends_on": date(2028, 12, 31)}, "extended"),
        ({"ends_on": date(2027, 8, 1)}, "moved back"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_longer_there_when_it_is_paid_goes_to_staff(
    buyer, small, sizes, change, begin, report, meanwhile, why
):
    Product.objects.filter(pk=sizes.big.pk).update(stock=1)
    receivable = receivable_of(change(small, sizes.big))
    payment = begin(buyer, receivable)
    Service.objects.filter(pk=small.pk).update(**meanwhile)
    with pytest.raises(payments.NotDeliverable):
        begin(buyer, receivable)
    gateway_reports.apply(report(payment), gateway="sandbox")
    receivable.refresh_from_db()
    assert (receivable.state, OrderLine.objects.get().state) == ("paid", "failed")
    case = Case.objects.get()
    assert (case.reason, case.details["service"]) == ("not_delivered", str(now(small)))
    assert Document.objects.filter(kind="invoice").count() == 1 and not ProvisioningJob.objects.exists()
    assert ServiceChange.objects.get().state == "cancelled" and Product.objects.get(pk=sizes.big.pk).stock == 1


def test_paid_after_the_end_of_the_paid_time_it_goes_to_staff(buyer, small, sizes, change, begin, report, today):
    payment = begin(buyer, receivable_of(change(small, sizes.big)))
    today.move_to("2028-01-01 10:00:00+01:00")
    gateway_reports.apply(report(payment), gateway="sandbox")
    assert Case.objects.get().reason == "not_delivered" and not ProvisioningJob.objects.exists()


def test_without_the_look_a_terminated_service_would_be_changed(
    buyer, small, sizes, change, begin, report, monkeypatch
):
    """The negative control."""
    payment = begin(buyer, receivable_of(change(small, sizes.big)))
    Service.objects.filter(pk=small.pk).update(status="ended")
    monkeypatch.setattr(changing, "is_void", lambda change, service: False)
    gateway_reports.apply(report(payment), gateway="sandbox")
    assert ProvisioningJob.objects.get().act == "change" and not Case.objects.exists()


def test_paid_a_few_days_later_it_is_the_same_sum_and_the_same_days(buyer, small, sizes, change, begin, report, today):
    receivable = receivable_of(change(small, sizes.big))
    today.move_to("2027-07-09 10:00:00+00:00")
    pay(receivable, begin, report, buyer)
    line = Document.objects.get(kind="invoice").lines.get()
    assert (line.amount, line.period_from) == (D(DUE), date(2027, 7, 2))
    assert ProvisioningJob.objects.count() == 1


def test_a_cancelled_proforma_changes_nothing_and_gives_its_piece_back(
    client_of, buyer, small, sizes, change, begin, report
):
    Product.objects.filter(pk=sizes.big.pk).update(stock=1)
    receivable = receivable_of(change(small, sizes.big))
    assert Product.objects.get(pk=sizes.big.pk).stock == 0
    payment = begin(buyer, receivable)
    for _time in range(2):
        checkout.cancel(receivable, by=buyer)
    assert ServiceChange.objects.get().state == "cancelled" and Product.objects.get(pk=sizes.big.pk).stock == 1
    assert "Choose Big" in page_of(client_of(buyer), f"/services/{small.pk}/change/")
    gateway_reports.apply(report(payment), gateway="sandbox")
    assert Case.objects.get().reason == "paid_already" and not ProvisioningJob.objects.exists()


def test_an_unpaid_order_lapses_with_its_change(buyer, small, sizes, change, today):
    change(small, sizes.big)
    today.shift(timedelta(days=120))
    assert checkout.lapse() == 1
    assert ServiceChange.objects.get().state == "cancelled"


def test_what_is_sold_out_is_said_and_not_chosen(client_of, buyer, small, sizes):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    Product.objects.filter(pk=sizes.big.pk).update(stock=0)
    page = page_of(client, address)
    assert "Sold out" in page and "Choose Big" not in page
    assert "There is no piece of it left." in words(client.post(address, sent))
    assert "Small becomes Big" not in page_of(client, f"{address}?product={sizes.big.pk}")


def test_options_are_part_of_what_is_shown_and_what_is_gone_is_named(client_of, buyer, small, sizes):
    disk = disk_of(sizes.small, ("10gb", "1.00"))
    choose(small, disk["10gb"])
    client = client_of(buyer)
    page = page_of(client, f"/services/{small.pk}/change/?product={sizes.big.pk}")
    assert "No longer there" in page and "Disk: 10GB" in page and "PLN 112.00" in page
    disk_of(sizes.big, ("10gb", "3.00"))
    page = page_of(client, f"/services/{small.pk}/change/?product={sizes.big.pk}")
    assert "No longer there" not in page and "PLN 256.00" in page
    assert sums(page)[0][0] == "72.20"  # 144.00 × 183 / 365


def test_buyers_who_cannot_be_invoiced_are_told(client_of, owner, small, sizes):
    client, address = client_of(owner), f"/services/{small.pk}/change/"
    page = page_of(client, f"{address}?product={sizes.big.pk}")
    assert "We need a name and an address for your invoice." in page and "obligation to pay" not in page
    agreed = offered(small, sizes.big).agreed
    sent = {"product": sizes.big.pk, "way": agreed.way, "gross": agreed.gross, "net": agreed.net}
    assert "We need a name and an address" in words(client.post(address, sent))
    assert not Order.objects.exists() and not ServiceChange.objects.exists()
    # What costs nothing needs no invoice.
    assert "The change is being made." in words(agree(client, small, sizes.middle))


@pytest.mark.parametrize("fields", [{"status": "suspended"}, {"status": "ended"}, {"cancelled_at": timezone.now()}])
def test_what_cannot_be_changed_says_why(client_of, buyer, small, sizes, fields):
    Service.objects.filter(pk=small.pk).update(**fields)
    page = page_of(client_of(buyer), f"/services/{small.pk}/change/?product={sizes.big.pk}")
    assert "Choose Big" not in page and "becomes" not in page and 'class="notice"' in page


def test_nothing_it_could_become(client_of, buyer, hosting, prices):
    assert "There is nothing it could become" in page_of(client_of(buyer), f"/services/{hosting.pk}/change/")


def test_a_sub_user_changes_what_was_granted_and_with_the_permission_only(
    client_of, standard, renewer, hosting, small
):
    client = client_of(renewer)
    assert client.get(f"/services/{hosting.pk}/change/").status_code == 200
    for address in (f"/services/{small.pk}/change/", f"/services/{small.pk}/change/take-back/"):
        assert client.post(address).status_code == 404
    renewer.membership.permissions = ["tickets"]
    renewer.membership.save()
    for method in (client.get, client.post):
        assert method(f"/services/{hosting.pk}/change/").status_code == 403


def test_a_script_that_orders_and_orders_is_stopped(client_of, buyer, small, sizes):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    sent = form_of(page_of(client, f"{address}?product={sizes.big.pk}"))
    for _time in range(30):
        limits.ORDERS_PLACED.charge(buyer.membership.customer.pk)
    assert "a great many orders" in words(client.post(address, sent))


def test_extended_by_itself_a_service_of_a_planned_change_stays_what_it_is_until_then(big, sizes, change):
    change(big, sizes.small)
    expiry.extend(big, 12, reference="gift", by=None)
    assert Extension.objects.count() == 1 and now(big).product == sizes.big and changing.begin_due() == 0


def test_the_page_costs_the_same_in_a_catalogue_of_many(client_of, buyer, small, sizes, provider):
    client, address = client_of(buyer), f"/services/{small.pk}/change/"
    few = queries_of(client, address)
    for number in range(40):
        product = Product.objects.create(
            provider=provider, code=f"p{number}", kind="hosting", name_en="P", group=sizes.group
        )
        Price.objects.create(product=product, months=12, net=number + 1)
        disk_of(product, ("1gb", "1.00"), ("2gb", "2.00"))
    assert len(queries_of(client, address)) <= len(few) + 1  # values of options, of which there were none


def test_the_history_names_who_asked_for_it(buyer, big, sizes, change):
    change(big, sizes.small)
    event = Event.objects.get(action="change_planned")
    assert (event.by_id, event.details["product"]) == (buyer.pk, "Small")


def test_the_order_says_truthfully_where_the_change_is(client_of, buyer, small, sizes, change, begin, report):
    proforma = change(small, sizes.big)
    client, address = client_of(buyer), f"/orders/{proforma.order_id}/"
    page = page_of(client, address)
    assert "Waiting for payment" in page and "Change of the product" in page
    pay(receivable_of(proforma), begin, report, buyer)
    assert "Being set up" in page_of(client, address)
    ProvisioningJob.objects.update(failures=1)
    assert "Our support is looking into it" in page_of(client, address)
    do_jobs()
    page = page_of(client, address)
    assert "Being set up" not in page and "Our support is looking into it" not in page and "Done" in page


def test_what_was_terminated_before_it_was_changed_is_not_called_done(
    client_of, buyer, small, sizes, change, begin, report
):
    proforma = change(small, sizes.big)
    pay(receivable_of(proforma), begin, report, buyer)
    Service.objects.filter(pk=small.pk).update(status="ended")
    provisioning.drop(ProvisioningJob.objects.get())
    assert ServiceChange.objects.get().state == "cancelled"
    assert "Ended" in page_of(client_of(buyer), f"/orders/{proforma.order_id}/")


@pytest.fixture
def left_off(buyer, small, sizes, change, begin, report):
    """`left_off()` pays for the last piece and then ends the service; the driver refuses to change it first."""
    Product.objects.filter(pk=sizes.big.pk).update(stock=1)
    payment = pay(receivable_of(change(small, sizes.big)), begin, report, buyer)
    job = ProvisioningJob.objects.get()

    def left_off():
        provisioning.fail(job, "no", permanent=True)
        do_jobs()
        assert now(small).status == "ended"
        job.refresh_from_db()
        assert (job.state, ServiceChange.objects.get().state) == ("dropped", "cancelled")
        return payment

    return left_off


def test_what_was_paid_and_left_off_is_told_to_staff_and_its_piece_is_sold_again(buyer, small, sizes, left_off):
    ending.terminate(small, by=buyer)
    payment = left_off()
    case = Case.objects.get(closed_at=None)
    assert (case.reason, case.payment, returnable(case)) == ("not_delivered", payment, D(GROSS))
    assert Product.objects.get(pk=sizes.big.pk).stock == 1
    assert list(review.findings()) == []


def test_what_was_withdrawn_from_is_given_back_by_one_case(buyer, small, left_off):
    Withdrawal.objects.create(service=small, name="A", email="a@b.example", contract="x", concluded_at=timezone.now())
    ending.stop(small, by=buyer)
    left_off()
    assert not Case.objects.filter(closed_at=None).exists()


def test_the_page_of_the_payment_says_what_it_paid_for(client_of, buyer, small, sizes, change, begin, report):
    payment = pay(receivable_of(change(small, sizes.big)), begin, report, buyer)
    client, address = client_of(buyer), f"/payments/{payment.token}/"
    assert "is being made Big" in page_of(client, address)
    do_jobs()
    assert "is Big now" in page_of(client, address)
