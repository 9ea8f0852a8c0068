"""What a password may not be (M6)."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import CommonPassword
from tests.cast import member

COMMONEST = 10_000


def refused(password, person=None):
    """Why the password is refused, in codes."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {problem.code for problem in error.error_list}
    return set()


def test_the_ten_thousand_commonest_are_known():
    assert len(CommonPasswordValidator().passwords) >= COMMONEST


@pytest.mark.parametrize(
    "password", ["Password1!", "!Qwerty123!", "P@ssw0rd!", "Iloveyou1!", "Football2024!", "$Trustno1$", "Welcome1!"]
)
def test_a_common_password_in_a_costume_is_refused(password):
    assert "password_too_common" in refused(password)


def test_the_costume_alone_would_pass(monkeypatch):
    """The negative control: looked up as it is written, it is in no list."""
    monkeypatch.setattr(CommonPassword, "validate", CommonPasswordValidator.validate)
    assert refused("Qwerty123!") == set()


@pytest.mark.parametrize("password", ["Zielony-Rower-7", "kT9#mvLq2x", "Żółw&Żaba88", "Deszcz.W.Maju5"])
def test_a_good_password_is_taken(password):
    assert refused(password) == set()


@pytest.fixture
def person(customer):
    customer.name = "Ogrody Łąkowe"
    customer.save()
    person = member(customer, "kwiatek77", "Grażyna Wójcik", "owner")
    User.objects.filter(pk=person.pk).update(email="poczta.grazyny@example.com")
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    "password",
    [
        "Kwiatek77-xQ!9",
        "xQ9!GRAŻYNA-pw",
        "W0jcik!W0jcik8",
        "Poczta!2026-zz",
        "MojeOgrody#2026",
        "Lakowe-Lakowe9!",
        "Hosting!zz-2026",
    ],
)
def test_ones_own_words_are_refused(person, password):
    """Login, name, e-mail, customer and provider: whatever the case, with or without accents, or with a 0 for an o."""
    assert "own_words" in refused(password, person)
    assert "own_words" not in refused(password)


def test_the_page_says_so(anonymous, terms, provider):
    form = {"login": "kwiatek", "email": "k@example.com", "language": "en", "accepted": "on"}
    page = anonymous.post("/register/", form | {"password": "Kwiatek-2026!", "repeated": "Kwiatek-2026!"})
    words = page.content.decode()
    assert "contains your login, e-mail address, name" in words
    assert "Not a common password" in words
