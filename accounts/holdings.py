"""What is kept about people and customers, model by model: for handing it out to them.

Every app says it in a module `own_data`. A test fails for a model that reaches a person or a
customer and is neither registered nor left out with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Holding:
    """One model's rows: which of them a person gets, in which columns and with which file.

    `rows` takes the Membership that asks and gives a queryset. `columns` may go through foreign keys, as in
    `values()`. `file` is (column of the file, column of its name) or ().
    """

    model: type
    rows: Callable
    columns: tuple
    file: tuple = ()

    @property
    def name(self):
        """What its file in an export is called: "tickets/message"."""
        return self.model._meta.label_lower.replace(".", "/")


HOLDINGS = {}
LEFT_OUT = {}


def hold(model, *columns, file=()):
    """Registers the decorated function, which takes a Membership, as the rows of `model` to hand out."""

    def decorate(rows):
        HOLDINGS[model] = Holding(model, rows, columns, file)
        return rows

    return decorate


def leave_out(reason, *models):
    """Says why rows of these models are not handed out."""
    LEFT_OUT.update(dict.fromkeys(models, reason))


def find():
    """All holdings of all apps, in the order of their names."""
    autodiscover_modules("own_data")
    return sorted(HOLDINGS.values(), key=lambda holding: holding.name)


def everything(membership, rows):
    """`rows` for people who see everything of the customer, nothing for the others."""
    return rows if membership.sees_everything else rows.none()
