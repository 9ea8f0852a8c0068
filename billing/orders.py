"""Who sees which orders, and where each of them is: nothing is called done before it is."""

from dataclasses import dataclass, field

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.wording import LANGUAGES
from billing.models import CartItem, Document, Order, OrderLine
from billing.permissions import Permission
from services.models import OptionValue, ProvisioningJob, Service, ServiceChange


class Stage(models.TextChoices):
    """Where a line of an order is."""

    UNPAID = "unpaid", _("Waiting for payment")
    SETTING_UP = "setting_up", _("Being set up")
    LOOKED_INTO = "looked_into", _("Our support is looking into it")
    RUNS = "runs", _("Runs")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")
    DONE = "done", pgettext_lazy("order", "Done")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


OF_SERVICES = {
    Service.Status.PENDING: Stage.SETTING_UP,
    Service.Status.ACTIVE: Stage.RUNS,
    Service.Status.SUSPENDED: Stage.SUSPENDED,
    Service.Status.ENDED: Stage.ENDED,
}
# What the list tells of a line: what it is about, and where it is.
OF_A_SERVICE = ("service__name", "service__domain", "service__status")
NAMES = [f"product__name_{code}" for code in LANGUAGES]
OF_A_LINE = ("order", "act", "state", "domain", *OF_A_SERVICE, *NAMES)
# An order is where the line is that is furthest behind.
BEHIND = (Stage.LOOKED_INTO, Stage.UNPAID, Stage.SETTING_UP)


def visible_to(membership):
    """The orders of the customer that this person may see: all, or those that they placed."""
    orders = Order.objects.filter(customer=membership.customer_id)
    if membership.may(Permission.INVOICES):
        return orders
    return orders.filter(placed_by=membership.user_id) if membership.may(Permission.ORDERING) else orders.none()


def with_lines(orders, *, in_list=False):
    """The orders with their lines and documents, by so many queries whatever their number.

    `in_list` leaves out what only the page of an order tells.
    """
    if in_list:
        lines = OrderLine.objects.select_related("service", "product").only(*OF_A_LINE)
        documents = Document.objects.only("order", "kind", "gross")
    else:
        lines = OrderLine.objects.select_related("service__product", "product", "price")
        documents = Document.objects.select_related("receivable").defer("seller_data", "buyer_data", "notes_data")
        orders = orders.select_related("placed_by")
    return orders.prefetch_related(Prefetch("lines", lines), Prefetch("documents", documents.order_by("pk")))


@dataclass
class Progress:
    """An order of `with_lines` as it is now."""

    order: Order
    lines: list
    stage: Stage

    # What its mark is looked up by.
    Status = Stage

    @property
    def status(self):
        return self.stage

    @property
    def documents(self):
        """Its documents, the proforma first."""
        return list(self.order.documents.all())

    @property
    def proforma(self):
        """The proforma that asks for its payment, or None."""
        return next((document for document in self.documents if document.is_proforma), None)

    @property
    def gross(self):
        """What it costs."""
        return self.proforma.gross if self.proforma else 0

    @property
    def is_moving(self):
        """Whether somebody who waits may look again in a moment."""
        return any(line.stage == Stage.SETTING_UP for line in self.lines)


@dataclass
class LineProgress:
    """A line of an order as it is now; `of_order` tells the options that were chosen, `values`, and `may_manage`."""

    line: OrderLine
    stage: Stage
    values: list = field(default_factory=list)
    may_manage: bool = False

    Status = Stage

    @property
    def status(self):
        return self.stage


def of_order(order, membership):
    """The Progress of one order with all that its page tells this person."""
    progress = progress_of([order])[0]
    chosen = {key for part in progress.lines for key in part.line.chosen}
    values = OptionValue.objects.select_related("option").in_bulk(chosen)
    services = [part.line.service_id for part in progress.lines if part.line.service_id]
    seen = set(Service.objects.visible_to(membership).filter(pk__in=services).values_list("pk", flat=True))
    for part in progress.lines:
        part.values = [values[key] for key in part.line.chosen if key in values]
        part.may_manage = part.line.service_id in seen
    return progress


def progress_of(orders):
    """A Progress for each of the orders, by two queries at most for all of them."""
    lines = [line for order in orders for line in order.lines.all()]
    created = ProvisioningJob.objects.filter(
        reference__in=[f"create:{line.reference}" for line in lines if line.state == OrderLine.State.DONE]
    )
    gone_wrong = Q(failures__gt=0) | Q(state__in=[ProvisioningJob.State.FAILED, ProvisioningJob.State.DROPPED])
    failed = set(created.filter(gone_wrong).values_list("reference", flat=True))
    changes = changes_of(lines)
    found = []
    for order in orders:
        parts = [
            LineProgress(
                line,
                stage_of(line, has_failed=f"create:{line.reference}" in failed, change=changes.get(line.reference)),
            )
            for line in order.lines.all()
        ]
        found.append(Progress(order, parts, stage_of_all([part.stage for part in parts])))
    return found


def changes_of(lines):
    """{line's reference: its ServiceChange with the job} of those lines that paid for one, by one query if any did."""
    paid = [line.reference for line in lines if line.act == CartItem.Act.CHANGE and line.state == OrderLine.State.DONE]
    rows = ServiceChange.objects.filter(reference__in=paid).select_related("job") if paid else []
    return {change.reference: change for change in rows}


def stage_of(line, *, has_failed, change=None):
    """Where a line is; `has_failed` says that its driver could not set it up so far, which staff were told of.

    A line that paid for a `change` is done when the driver says so, like a new service.
    """
    if line.state == OrderLine.State.OPEN:
        return Stage.UNPAID
    if line.state == OrderLine.State.CANCELLED:
        return Stage.CANCELLED
    if line.state == OrderLine.State.FAILED:
        return Stage.LOOKED_INTO
    if change:
        return stage_of_change(change)
    if line.act != CartItem.Act.PURCHASE:
        return Stage.DONE
    stage = OF_SERVICES[line.service.status]
    return Stage.LOOKED_INTO if stage == Stage.SETTING_UP and has_failed else stage


def stage_of_change(change):
    """Where a change is that was paid for."""
    if change.state == ServiceChange.State.DONE:
        return Stage.DONE
    if change.state == ServiceChange.State.CANCELLED:
        return Stage.ENDED
    went_wrong = change.job.failures or change.job.state == ProvisioningJob.State.FAILED
    return Stage.LOOKED_INTO if went_wrong else Stage.SETTING_UP


def stage_of_all(stages):
    """Where an order is."""
    if set(stages) == {Stage.CANCELLED}:
        return Stage.CANCELLED
    return next((stage for stage in BEHIND if stage in stages), Stage.DONE)
