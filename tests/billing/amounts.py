"""Rounding and tax: half up, from net for companies and inside gross for private persons, to the grosz."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import money, quotes
from billing.models import CartItem, Document
from services.models import Price

D = Decimal
amounts = st.decimals(min_value=D("0.01"), max_value=D("99999.99"), places=2)
rates = st.sampled_from(["23", "8", "5", "zw"])
lines = st.lists(st.tuples(rates, amounts), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.004", "0.00"),
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("1.0049999", "1.00"),
        ("0.995", "1.00"),
    ],
)
def test_half_a_grosz_is_rounded_up(amount, expected):
    assert money.rounded(D(amount)) == D(expected)


def test_rounding_to_even_would_be_another(monkeypatch):
    """The negative control: Python's own rounding makes 0.02 of 0.025."""
    assert round(D("0.025"), 2) == D("0.02") != money.rounded(D("0.025"))


@pytest.mark.parametrize(
    ("net", "rate", "vat"),
    [
        ("100.00", "23", "23.00"),
        ("488.79", "23", "112.42"),
        ("0.01", "23", "0.00"),
        ("0.02", "23", "0.00"),
        ("0.03", "23", "0.01"),
        ("0.07", "8", "0.01"),
        ("0.10", "5", "0.01"),
        ("0.09", "5", "0.00"),
        ("1234.56", "zw", "0.00"),
    ],
)
def test_tax_on_net(net, rate, vat):
    assert money.tax_on_net(D(net), rate) == D(vat)


@pytest.mark.parametrize(
    ("gross", "rate", "vat"),
    [
        ("123.00", "23", "23.00"),
        ("100.00", "23", "18.70"),
        ("0.01", "23", "0.00"),
        ("0.03", "23", "0.01"),
        ("108.00", "8", "8.00"),
        ("105.00", "5", "5.00"),
        ("99.99", "zw", "0.00"),
    ],
)
def test_tax_in_gross(gross, rate, vat):
    assert money.tax_in_gross(D(gross), rate) == D(vat)


@given(lines, st.booleans())
def test_parts_add_up(pairs, from_gross):
    parts = money.sums(pairs, from_gross=from_gross)
    net, vat, gross = money.total(parts)
    assert all(part.gross == part.net + part.vat for part in parts)
    assert (gross if from_gross else net) == sum(amount for _rate, amount in pairs)
    assert gross == net + vat
    assert len({part.rate for part in parts}) == len(parts)
    assert all(part.vat >= 0 and part.net >= 0 for part in parts)


@given(amounts, rates)
def test_tax_is_right_to_half_a_grosz(amount, rate):
    exact = amount * money.percent(rate) / 100
    assert abs(money.tax_on_net(amount, rate) - exact) <= D("0.005")
    inside = amount * money.percent(rate) / (100 + money.percent(rate))
    assert abs(money.tax_in_gross(amount, rate) - inside) <= D("0.005")


@given(amounts, rates)
def test_net_and_gross_say_the_same(net, rate):
    """Whoever is shown the gross of a net price is charged the same tax inside it."""
    gross = money.with_tax(net, rate)
    assert gross == net + money.tax_on_net(net, rate)
    assert money.tax_in_gross(gross, rate) == money.tax_on_net(net, rate)


@given(st.lists(lines, min_size=1, max_size=5), st.booleans())
def test_corrections_telescope(states, from_gross):
    """However often an invoice is corrected, it and its corrections come to what stands at last."""
    sums = [money.sums(pairs, from_gross=from_gross) for pairs in states]
    sums.append(money.sums([(rate, D("0.00")) for rate, _amount in states[0]], from_gross=from_gross))
    net, vat, gross = money.total(sums[0])
    for before, after in itertools.pairwise(sums):
        more = money.total(money.differences(before, after))
        net, vat, gross = net + more[0], vat + more[1], gross + more[2]
        assert (net, vat, gross) == money.total(after)
    assert (net, vat, gross) == (0, 0, 0)


def test_the_highest_rate_comes_first_and_exempt_last():
    pairs = [("zw", D(1)), ("5", D(1)), ("23", D(1)), ("8", D(1))]
    assert [part.rate for part in money.sums(pairs, from_gross=False)] == ["23", "8", "5", "zw"]


def test_a_company_and_a_private_person_are_asked_for_their_own_sums(company, products, hosting, voip, domain):
    """Three times 0.33 net: tax is counted once on the sum; a person pays three gross prices of 0.41."""
    prices = {
        service: Price.objects.create(product=service.product, months=1, net=D("0.33"))
        for service in (hosting, voip, domain)
    }
    wanted = [CartItem(service=service, price=price) for service, price in prices.items()]
    quote = quotes.of(company, wanted)
    assert (quote.net, quote.vat, quote.gross) == (D("0.99"), D("0.23"), D("1.22"))
    company.kind = "private"
    quote = quotes.of(company, wanted)
    assert (quote.net, quote.vat, quote.gross) == (D("1.00"), D("0.23"), D("1.23"))


@pytest.mark.parametrize(("net", "gross"), [("0.01", "0.01"), ("0.02", "0.02"), ("0.03", "0.04")])
def test_a_document_of_one_grosz(buyer, hosting, order, prices, net, gross):
    Price.objects.filter(pk=prices["hosting"].pk).update(net=net)
    receivable = order(buyer, hosting)
    document = Document.objects.get()
    assert receivable.amount == document.gross == D(gross)
    assert document.net + document.vat == document.gross


def test_exempt_and_taxed_lines_stand_apart(buyer, hosting, voip, products, order):
    products["voip"].tax_rate = "zw"
    products["voip"].save()
    voip.refresh_from_db()
    document = order(buyer, hosting, voip).document
    assert list(document.rates.values_list("rate", "net", "vat")) == [
        ("23", D("100.00"), D("23.00")),
        ("zw", D("20.00"), D("0.00")),
    ]
    assert document.notes_data["exemption"]
