"""The title of a bank transfer and the Polish QR code for it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from billing import transfers
from billing.models import Payment
from billing.parties import Seller

ACCOUNT = "PL61109010140000071219812874"
SELLER = Seller(
    name="Łąka Hosting Spółka z ograniczoną odpowiedzialnością",
    brand="Łąka",
    tax_id="5260250274",
    line1="ul. Prosta 1",
    line2="00-001 Warszawa",
    country="PL",
    email="support@example.com",
    phone="+48 22 000 00 00",
    bank_account=ACCOUNT,
)


def test_the_code_says_what_polish_banks_expect():
    assert transfers.qr(SELLER, Decimal("123.00"), "PRO/12/2026") == (
        "5260250274|PL|61109010140000071219812874|012300|Łąka Hosting Spółka|PRO/12/2026|||"
    )


@pytest.mark.parametrize(
    ("amount", "grosze"), [("0.01", "000001"), ("1", "000100"), ("999.995", "100000"), ("9999.99", "999999")]
)
def test_amounts_are_six_digits_of_grosze(amount, grosze):
    assert transfers.qr(SELLER, Decimal(amount), "x").split("|")[3] == grosze


@pytest.mark.parametrize("amount", ["10000", "9999.995", "0", "0.004", "-5"])
def test_there_is_no_code_for_amounts_that_it_cannot_say(amount):
    assert transfers.qr(SELLER, Decimal(amount), "x") == ""


@pytest.mark.parametrize("account", ["", "DE89370400440532013000", "61109010140000071219812874", f"{ACCOUNT}1"])
def test_there_is_no_code_without_a_polish_account(account):
    assert transfers.qr(replace(SELLER, bank_account=account), Decimal(1), "x") == ""


def test_a_title_is_never_cut_off():
    assert transfers.qr(SELLER, Decimal(1), "x" * 32)
    assert transfers.qr(SELLER, Decimal(1), "x" * 33) == ""


def test_nothing_in_a_name_or_title_reaches_another_field():
    text = transfers.qr(replace(SELLER, name="A|B\n\u202eC"), Decimal(1), "PRO|1\x00")
    assert text.split("|")[4:] == ["A B C", "PRO 1", "", "", ""]


@given(name=some.text(max_size=60), title=some.text(max_size=40), grosze=some.integers(-10, 10**7))
def test_whatever_is_typed_the_code_keeps_to_its_limits(name, title, grosze):
    text = transfers.qr(replace(SELLER, name=name), Decimal(grosze) / 100, title)
    if text:
        fields = text.split("|")
        assert len(fields) == 9
        assert len(fields[3]) == 6 and len(fields[4]) <= 20 and len(fields[5]) <= 32
        assert len(text.encode()) <= 160


def test_the_drawing_is_a_picture_that_needs_no_style():
    drawing = transfers.svg(transfers.qr(SELLER, Decimal("123.00"), "PRO/1/2026"))
    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert "style" not in drawing and "5260250274" not in drawing


def test_a_transfer_is_titled_by_the_numbers_it_pays(buyer, hosting, order, begin):
    receivable = order(buyer, hosting)
    assert transfers.title(begin(buyer, receivable)) == receivable.document.number


def test_too_many_numbers_become_the_customer_and_the_payment(buyer, hosting, voip, domain, order, begin):
    payment = begin(buyer, *(order(buyer, service) for service in (hosting, voip, domain)))
    assert transfers.title(payment) == f"PLAT 1000001/{payment.pk}"
    assert transfers.qr(SELLER, payment.amount, transfers.title(payment))


def test_a_top_up_is_titled_by_the_customer(company):
    payment = Payment.objects.create(customer=company, purpose="top_up", gateway="transfer", amount=50)
    assert transfers.title(payment) == f"DOL 1000001/{payment.pk}"
