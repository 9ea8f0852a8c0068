"""What open orders hold on to of the catalogue: they are paid at the prices that were agreed to."""

from billing.models import OrderLine


def ordered(value):
    """Whether a value of an option stands in an order that waits for payment; called by services."""
    lines = OrderLine.objects.filter(product=value.option.product_id, state=OrderLine.State.OPEN)
    return any(value.pk in chosen for chosen in lines.values_list("chosen", flat=True))
