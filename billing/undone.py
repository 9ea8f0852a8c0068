"""What was paid and will never be done: staff get a case from which the money goes back."""

from billing import stock, withdrawals
from billing.cases import open_case
from billing.models import CartItem, Case, OrderLine, PaymentPart
from services.models import ServiceChange, Withdrawal


def change_left_off(job):
    """A change that was paid for is not made, because the service was ended first; called by services.

    Who has withdrawn from the contract gets that money back anyway: the case of the withdrawal says how much.
    """
    change = ServiceChange.objects.filter(job=job, state=ServiceChange.State.ASKED).exclude(reference="").first()
    if change is None or Withdrawal.objects.filter(service=change.service_id).exists():
        return
    paid = OrderLine.objects.filter(service=change.service_id, act=CartItem.Act.CHANGE, state=OrderLine.State.DONE)
    line = next(line for line in paid.select_related("service") if line.reference == change.reference)
    ask_back(line, part_of(line))


def given_up(service):
    """Staff will not set up a new service after all; called by services. Its piece is sold again, its money goes back.

    Who has withdrawn from the contract gets that by the case of the withdrawal.
    """
    lines = OrderLine.objects.filter(service=service, act=CartItem.Act.PURCHASE, state=OrderLine.State.DONE)
    line = lines.select_related("service", "order").first()
    if line is None or Withdrawal.objects.filter(service=service).exists():
        return
    stock.give_back([line])
    if part := part_of(line):
        ask_back(line, part, amount=str(withdrawals.paid_for(line)))


def part_of(line):
    """The part of a payment that settled the line's order, or None: what costs nothing was not paid."""
    parts = PaymentPart.objects.filter(settled=True, receivable__document__order=line.order_id)
    return parts.select_related("payment__customer", "receivable__document").first()


def ask_back(line, part, **details):
    """Opens the case from which staff pay back what was paid for a line."""
    about = {"payment": part.payment, "document": part.receivable.document}
    open_case(Case.Reason.NOT_DELIVERED, line.reference, service=line.thing, **about, **details)
