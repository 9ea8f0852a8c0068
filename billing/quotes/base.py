"""Lines with their sums."""

from dataclasses import dataclass
from itertools import chain

from billing import money
from billing.models import DocumentLine
from billing.parties import prices_are_gross

# As much of a name as a line of a document holds.
LONGEST_NAME = DocumentLine._meta.get_field("name").max_length


@dataclass(frozen=True)
class Quote:
    """`parts` are the lines of each item; `from_gross` says that prices are gross (a private person buys)."""

    parts: list
    rates: list
    from_gross: bool
    currency: str

    @property
    def lines(self):
        """All lines in their order."""
        return list(chain.from_iterable(self.parts))

    @property
    def rows(self):
        """(line, its RateSum), for reading; what is charged are the sums of the rates."""
        return [(line, money.rate_sum(line.tax_rate, line.amount, from_gross=self.from_gross)) for line in self.lines]

    @property
    def net(self):
        return money.total(self.rates)[0]

    @property
    def vat(self):
        return money.total(self.rates)[1]

    @property
    def gross(self):
        return money.total(self.rates)[2]


def made(customer, parts_of, *, currency):
    """The Quote of what `parts_of(from_gross)` returns: a list of lines for each item."""
    from_gross = prices_are_gross(customer)
    parts = parts_of(from_gross)
    amounts = [(line.tax_rate, line.amount) for line in chain.from_iterable(parts)]
    return Quote(parts, money.sums(amounts, from_gross=from_gross), from_gross, currency or money.CURRENCY)


def charged(net, product, *, from_gross):
    """A net amount of a product as its buyer is charged: net for companies, gross for private persons."""
    return money.with_tax(net, product.tax_rate) if from_gross else net
