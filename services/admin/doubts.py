"""What was saved in the catalogue and may not have been meant so: told, not refused."""

from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services import catalogue
from services.models import Price, Service


def doubts(form, formsets, change):
    """A sentence for each, about the product that this form and its rows have just saved."""
    product = form.instance
    if product.is_offered and not catalogue.products(product.provider_id).filter(pk=product.pk).exists():
        yield _("Customers do not see it yet: it needs a price on offer and a group shown.")
    if any(isinstance(row, Price) and row.is_offered and not row.net for row in saved_by(formsets)):
        yield _("A price is zero: whoever orders it for this period pays nothing, and it has no end.")
    if change and {"driver", "zones"} & set(form.changed_data):
        yield from orphans(product)


def saved_by(formsets):
    """The rows that are new or were changed."""
    for rows in formsets:
        yield from chain(rows.new_objects, (row for row, _fields in rows.changed_objects))


def orphans(product):
    """Says how many services another driver is to look after, which may never have heard of them."""
    count = product.services.exclude(status=Service.Status.ENDED).count()
    if count:
        text = ngettext(
            "Another driver looks after %(count)d service of this product from now on. Make sure that it knows it.",
            "Another driver looks after %(count)d services of this product from now on. Make sure that it knows them.",
            count,
        )
        yield text % {"count": count}
