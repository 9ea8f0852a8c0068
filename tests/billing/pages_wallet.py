"""The page of the balance: its movements, topping up, the warning, and what people type for an amount."""

from decimal import Decimal

import pytest
from django import forms

from accounts.models import Event, Outbox
from billing import gateway_reports, gateways, limits, payments, wallet
from billing.forms.wallet import AmountField
from billing.models import Payment, WalletEntry
from tests import cast
from tests.billing.crowd import many_entries
from tests.crowd import queries_of

WALLET = "/wallet/"


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def rich(company):
    """The customer has 200.00 in the balance."""
    return wallet.enter(company, WalletEntry.Kind.ADJUSTMENT, 200, reference="gift", text="A gift")


# --- The ledger ----------------------------------------------------------------------------------


def test_movements_are_told_in_words_with_what_they_paid(client_of, buyer, hosting, order, rich):
    receivable = order(buyer, hosting)
    payment = payments.pay_from_wallet(buyer.membership.customer, [receivable], by=buyer)
    page = text_of(client_of(buyer).get(WALLET))
    assert "In your balance <strong" in page and ">PLN 77.00</strong>" in page
    assert page.index("-PLN 123.00") < page.index("+PLN 200.00")
    assert "Adjustment by the provider" in page and "A gift" in page
    assert f'href="/invoices/{receivable.document_id}/">{receivable.document.number}</a>' in page
    assert f"/payments/{payment.token}/" in page


def test_an_empty_balance_says_what_it_is_for(client_of, buyer):
    page = text_of(client_of(buyer).get(WALLET))
    assert "No movements yet" in page and "PLN 0.00" in page


def test_the_balance_is_for_those_who_may_see_invoices(client_of, buyer, company, stranger, rich):
    accountant = cast.member(company, "iza", "Iza Invoices", "standard", ["invoices"])
    payer = cast.member(company, "oskar", "Oskar Orders", "standard", ["ordering"])
    assert "PLN 200.00" in text_of(client_of(accountant).get(WALLET))
    assert "PLN 200.00" not in text_of(client_of(stranger).get(WALLET))
    client = client_of(payer)
    assert client.get(WALLET).status_code == 403
    assert client.post(f"{WALLET}top-up/", {"amount": "50", "way": "transfer"}).status_code == 403
    assert client.post(f"{WALLET}threshold/", {"threshold": "50"}).status_code == 403
    assert not Payment.objects.exists() and wallet.of(company).threshold is None


def test_a_thousand_movements_cost_what_ten_do(client_of, buyer, company):
    own = wallet.of(company)
    client = client_of(buyer)
    many_entries(own, 10)
    few = queries_of(client, WALLET)
    many_entries(own, 1_000)
    assert len(queries_of(client, WALLET)) == len(few) <= 8
    first = client.get(WALLET).context["page"]
    second = client.get(f"{WALLET}?after={first.after}").context["page"]
    keys = [row.pk for row in (*first.rows, *second.rows)]
    assert keys == list(WalletEntry.objects.order_by("-pk").values_list("pk", flat=True)[:50])


# --- Topping up ----------------------------------------------------------------------------------


def test_a_top_up_leads_to_the_gateway(client_of, buyer, begin):
    answer = client_of(buyer).post(f"{WALLET}top-up/", {"amount": "99,50", "way": "sandbox"})
    payment = Payment.objects.get()
    assert answer["Location"] == f"http://localhost:8001/{payment.token}"
    assert (payment.amount, payment.purpose, payment.started_by) == (Decimal("99.50"), "top_up", buyer)
    assert wallet.of(buyer.membership.customer).balance == 0
    assert Event.objects.filter(action="payment_started").exists()


def test_a_top_up_that_came_stands_in_the_ledger(client_of, buyer, begin, report):
    client = client_of(buyer)
    client.post(f"{WALLET}top-up/", {"amount": "1 500", "way": "sandbox"})
    gateway_reports.apply(report(Payment.objects.get()), gateway="sandbox")
    page = text_of(client.get(WALLET))
    assert "Top-up" in page and "+PLN 1,500.00" in page


def test_nothing_is_topped_up_from_the_balance_itself(client_of, buyer, rich):
    page = text_of(client_of(buyer).post(f"{WALLET}top-up/", {"amount": "50", "way": "wallet"}))
    assert "You cannot pay this way now." in page and not Payment.objects.exists()


def test_a_gateway_that_does_not_answer_is_told_beside_what_was_typed(client_of, buyer, monkeypatch):
    def down(self, payment, **kwargs):
        raise gateways.GatewayError("no answer")

    monkeypatch.setattr(gateways.sandbox.Sandbox, "start", down)
    page = text_of(client_of(buyer).post(f"{WALLET}top-up/", {"amount": "50,5", "way": "sandbox"}))
    assert "does not answer now" in page and 'value="50,5"' in page


def test_too_many_in_an_hour_are_refused(client_of, buyer, begin, monkeypatch):
    monkeypatch.setattr(limits, "PAYMENTS_STARTED", limits.Limit("payments-started", 1, 3600))
    client, data = client_of(buyer), {"amount": "50", "way": "sandbox"}
    assert client.post(f"{WALLET}top-up/", data).status_code == 302
    assert "a great many payments" in text_of(client.post(f"{WALLET}top-up/", data))
    assert Payment.objects.count() == 1


# --- Amounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1", "1.00"),
        ("50000", "50000.00"),
        ("50 000,00", "50000.00"),
        ("50\N{NO-BREAK SPACE}000", "50000.00"),
        (" 99,50 ", "99.50"),
        ("99.5", "99.50"),
        ("150 zł", "150.00"),
        ("1\N{NARROW NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}ZŁ", "1234.56"),
        ("007", "7.00"),
    ],
)
def test_amounts_are_taken_as_they_are_written(typed, amount):
    assert AmountField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["1e3", "1_0", "NaN", "Infinity", "-5", "+5", "５０", "٥٠", "0x10", "½", "5-", "5€"])
def test_no_number_of_a_program_or_another_script_is_an_amount(typed):
    refused(typed)


def test_without_our_pattern_they_would_pass():
    assert [Decimal(typed) for typed in ("1e3", "1_0", "５０")] == [1000, 10, 50]


@pytest.mark.parametrize("typed", ["1,234", "1.000,00", "1,", ",50", "12 34", "1 0000"])
def test_what_is_half_written_is_no_amount(typed):
    refused(typed)


def refused(typed):
    with pytest.raises(forms.ValidationError) as refusal:
        AmountField().clean(typed)
    assert refusal.value.code == "invalid"


@pytest.mark.parametrize("typed", ["0", "0,99", "50000,01", "999999999999999"])
def test_too_little_and_too_much_are_refused(typed):
    with pytest.raises(forms.ValidationError) as refusal:
        AmountField().clean(typed)
    assert refusal.value.code == "outside"
    assert refusal.value.messages[0].replace("\xa0", " ") == "Type an amount from PLN 1.00 to PLN 50,000.00."


@pytest.mark.parametrize("typed", ["1e3", "", "0", "1" * 40])
def test_a_refused_amount_starts_nothing_and_says_why(client_of, buyer, typed):
    page = text_of(client_of(buyer).post(f"{WALLET}top-up/", {"amount": typed, "way": "transfer"}))
    assert 'aria-invalid="true"' in page and not Payment.objects.exists()


# --- The warning ---------------------------------------------------------------------------------


def test_a_threshold_is_kept_shown_and_taken_away(client_of, buyer, rich):
    client = client_of(buyer)
    page = text_of(client.post(f"{WALLET}threshold/", {"threshold": "50,50"}, follow=True))
    assert "We will write when the balance falls below that." in page and 'value="50,50"' in page
    assert Event.objects.get(action="threshold_changed").by_id == buyer.pk
    page = text_of(client.post(f"{WALLET}threshold/", {"threshold": ""}, follow=True))
    assert "No mail will be sent about a low balance." in page
    assert wallet.of(buyer.membership.customer).threshold is None
    assert not Outbox.objects.filter(letter="balance_low").exists()


def test_a_threshold_above_the_balance_warns_at_once(client_of, buyer, rich):
    client_of(buyer).post(f"{WALLET}threshold/", {"threshold": "500"})
    assert Outbox.objects.filter(letter="balance_low", user=buyer).count() == 1


def test_a_threshold_that_makes_no_sense_changes_nothing(client_of, buyer, rich):
    client = client_of(buyer)
    client.post(f"{WALLET}threshold/", {"threshold": "50"})
    page = text_of(client.post(f"{WALLET}threshold/", {"threshold": "NaN"}))
    assert "Type an amount in złote" in page
    assert wallet.of(buyer.membership.customer).threshold == 50
    assert client.get(f"{WALLET}threshold/").status_code == client.get(f"{WALLET}top-up/").status_code == 405
