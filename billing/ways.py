"""The ways of paying as a person chooses from them: gateways, and the balance when it is theirs to spend."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from billing import gateways, money, wallet
from billing.permissions import Permission


@dataclass(frozen=True)
class Way:
    """One of them; with a `refusal` it is shown, but cannot be chosen."""

    name: str
    label: str
    description: str
    refusal: str = ""


def by_gateway():
    """The gateways that are on, in the order of the setting."""
    return [Way(found.name, capfirst(str(found.label)), str(found.description)) for found in gateways.enabled()]


def for_documents(membership, amount):
    """How this person may pay documents that come to `amount`; the balance first when it is enough."""
    if not membership.may(Permission.INVOICES):
        return by_gateway()
    balance = from_balance(wallet.of(membership.customer).balance, amount)
    return [*by_gateway(), balance] if balance.refusal else [balance, *by_gateway()]


def from_balance(balance, amount):
    """The balance as a way of paying."""
    words = {"balance": money.in_words(balance), "missing": money.in_words(amount - balance)}
    missing = _("The balance is too small: %(missing)s are missing.") % words if balance < amount else ""
    description = _("At once and without a payment page. There are %(balance)s in it.") % words
    return Way(gateways.WALLET, _("Balance"), description, missing)
