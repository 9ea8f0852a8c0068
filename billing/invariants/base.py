"""An invariant: its name, its sentence about whoever breaks it, and the function that finds them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Abs, Coalesce

INVARIANTS = {}

# SQLite reckons amounts in floating point: half a grosz apart is no difference between whole ones.
HALF_A_GROSZ = Decimal("0.005")
AMOUNT = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Invariant:
    """`find` yields (row, details). One that is `of_documents` is asked about each document in turn."""

    name: str
    words: str
    find: Callable
    of_documents: bool


@dataclass(frozen=True)
class Finding:
    """One row that breaks an invariant; `model` is its label, such as "billing.document"."""

    invariant: str
    model: str
    pk: int
    details: dict = field(default_factory=dict)

    @property
    def words(self):
        """What is wrong, in the reader's language."""
        known = INVARIANTS.get(self.invariant)
        return str(known.words) % self.details if known else self.invariant


def invariant(words, *, of_documents=False):
    """Registers the decorated function; `words` is a sentence filled from the details that it yields."""

    def register(function):
        INVARIANTS[function.__name__] = Invariant(function.__name__, words, function, of_documents)
        return function

    return register


def findings_of(known, rows):
    """The Findings of what an invariant yields; details are kept as text."""
    for row, details in rows:
        plain = {name: str(value) for name, value in details.items()}
        yield Finding(known.name, row._meta.label_lower, row.pk, plain)


def where_apart(rows, left, right):
    """The rows on which two amounts differ; `left` and `right` are names of columns or expressions."""
    left, right = (F(side) if isinstance(side, str) else side for side in (left, right))
    zero = Value(Decimal(0), AMOUNT)
    difference = Abs(Coalesce(left, zero, output_field=AMOUNT) - Coalesce(right, zero, output_field=AMOUNT))
    return rows.annotate(apart=difference).filter(apart__gt=HALF_A_GROSZ)
