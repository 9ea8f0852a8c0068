"""Amounts in words, in both languages."""

from decimal import Decimal

import pytest

from billing.words import spelled


@pytest.mark.parametrize(
    ("amount", "polish", "english"),
    [
        ("0", "zero złotych 00/100", "zero zlotys 00/100"),
        ("0.01", "zero złotych 01/100", "zero zlotys 01/100"),
        ("1", "jeden złoty 00/100", "one zloty 00/100"),
        ("2.50", "dwa złote 50/100", "two zlotys 50/100"),
        ("5", "pięć złotych 00/100", "five zlotys 00/100"),
        ("12", "dwanaście złotych 00/100", "twelve zlotys 00/100"),
        ("22.99", "dwadzieścia dwa złote 99/100", "twenty-two zlotys 99/100"),
        ("101", "sto jeden złotych 00/100", "one hundred and one zlotys 00/100"),
        ("1000", "tysiąc złotych 00/100", "one thousand zlotys 00/100"),
        ("2123.45", "dwa tysiące sto dwadzieścia trzy złote 45/100", None),
        ("1000000", "milion złotych 00/100", "one million zlotys 00/100"),
        ("-183.89", "minus sto osiemdziesiąt trzy złote 89/100", "minus one hundred and eighty-three zlotys 89/100"),
        ("-0.01", "minus zero złotych 01/100", None),
    ],
)
def test_an_amount_is_spelled_with_the_right_form_of_its_currency(amount, polish, english):
    assert spelled(Decimal(amount), "PLN", "pl") == polish
    if english:
        assert spelled(Decimal(amount), "PLN", "en") == english


def test_another_currency_goes_by_its_code():
    assert spelled(Decimal("12.30"), "EUR", "pl") == "dwanaście EUR 30/100"
    assert spelled(Decimal("12.30"), "EUR", "en") == "twelve EUR 30/100"


def test_the_largest_amount_that_can_be_stored_has_words():
    assert spelled(Decimal("9999999999.99"), "PLN", "pl").endswith("dziewięć złotych 99/100")
