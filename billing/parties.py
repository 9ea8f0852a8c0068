"""Seller and buyer as a document copies them, with all that an FA(3) e-invoice asks for."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from accounts.identifiers import canonical_account
from accounts.models import Customer


class BuyerNotServed(Exception):
    """Nothing can be invoiced to this buyer; the message says why, in the reader's language."""


class BuyerIncomplete(BuyerNotServed):
    """Something that must stand on the invoice is missing; the buyer can type it."""


@dataclass(frozen=True)
class Seller:
    """Podmiot1 of FA(3). Addresses are two lines; `bank_account` is an IBAN or ""."""

    name: str
    brand: str
    tax_id: str
    line1: str
    line2: str
    country: str
    email: str
    phone: str
    registry: str = ""
    bank_account: str = ""
    bank_name: str = ""
    website: str = ""

    @classmethod
    def of(cls, provider):
        """The provider as it is now."""
        return cls(
            name=provider.legal_name,
            brand=provider.name,
            tax_id=provider.tax_id,
            line1=provider.street,
            line2=f"{provider.postal_code} {provider.city}",
            country=provider.country,
            email=provider.email,
            phone=provider.phone,
            registry=provider.registry,
            bank_account=canonical_account(provider.bank_account) if provider.bank_account else "",
            bank_name=provider.bank_name,
            website=provider.website,
        )

    def data(self):
        """For the document's row."""
        return asdict(self)


@dataclass(frozen=True)
class Buyer:
    """Podmiot2 of FA(3): who buys, under which identifier, and where.

    `tax_id` is a Polish NIP; `eu_prefix` and `eu_number` an EU VAT number (without the prefix in it);
    `other_id` any other number and `other_country` whose; none of them means BrakID. `is_unit` and
    `is_group` are JST and GV. `number` is the customer number (NrKlienta).
    """

    kind: str
    name: str
    line1: str
    line2: str
    country: str
    number: str
    tax_id: str = ""
    eu_prefix: str = ""
    eu_number: str = ""
    other_id: str = ""
    other_country: str = ""
    email: str = ""
    phone: str = ""
    is_unit: bool = False
    is_group: bool = False

    @classmethod
    def of(cls, customer):
        """The customer as they are now; raises BuyerNotServed when no invoice can be made out to them."""
        refuse(customer)
        return cls(
            kind=customer.kind,
            name=customer.name,
            line1=customer.street,
            line2=f"{customer.postal_code} {customer.city}",
            country=customer.country,
            number=str(customer.number),
            tax_id=customer.tax_id,
        )

    def data(self):
        """For the document's row."""
        return asdict(self)


@dataclass(frozen=True)
class Notes:
    """Adnotacje of FA(3): cash method, self-billing, reverse charge, split payment, basis of an exemption."""

    cash_method: bool = False
    self_billing: bool = False
    reverse_charge: bool = False
    split_payment: bool = False
    exemption: str = ""

    def data(self):
        """For the document's row."""
        return asdict(self)


def refuse(customer):
    """Raises BuyerIncomplete or BuyerNotServed unless an invoice with Polish VAT can be made out."""
    if customer.country != "PL":
        raise BuyerNotServed(
            _("We cannot invoice buyers outside Poland here yet. Write to support: we will sell to you another way.")
        )
    if not all([customer.name, customer.street, customer.postal_code, customer.city]):
        raise BuyerIncomplete(_("We need a name and an address for your invoice."))
    if customer.kind == Customer.Kind.COMPANY and not customer.tax_id:
        raise BuyerIncomplete(_("Invoices to a company in Poland need its NIP."))


def prices_are_gross(customer):
    """Private persons, and visitors (None), are shown and charged gross prices, companies net ones."""
    return customer is None or customer.kind != Customer.Kind.COMPANY
