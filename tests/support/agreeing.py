"""Where money, services, jobs, documents and the server do not say the same: every sentence is a mistake."""

from collections import Counter, defaultdict

from django.db.models import Q

from billing.models import CartItem, Case, Document, OrderLine, PaymentPart, Receivable
from services.models import Product, ProvisioningJob, Service, ServiceChange, Withdrawal

Act, State = ProvisioningJob.Act, ProvisioningJob.State
# How the line of an order is, by what it owes.
PAID_BY = {"open": "open", "cancelled": "cancelled", "done": "paid", "failed": "paid"}


def disagreements(server, stock):
    """All sentences; `server` is {service's key: Account} there, `stock` {product's key: pieces at first}."""
    lines = list(OrderLine.objects.select_related("order", "service__product").order_by("pk"))
    changes = {row.reference: row for row in ServiceChange.objects.select_related("job") if row.reference}
    yield from lines_and_money(lines)
    yield from lines_and_services(lines)
    yield from services_and_server(server)
    yield from changes_and_jobs()
    yield from changes_and_lines(lines, changes)
    yield from what_could_not_be_done(lines, changes)
    yield from pieces(lines, stock)
    yield from documents_and_money()
    yield from money_that_came()
    yield from withdrawals(lines)


def lines_and_money(lines):
    owed = dict(Receivable.objects.values_list("document__order", "state"))
    for line in lines:
        if owed[line.order_id] != PAID_BY[line.state]:
            yield f"line {line.pk} is {line.state}, its proforma {owed[line.order_id]}"


def lines_and_services(lines):
    made = dict(ProvisioningJob.objects.filter(act=Act.CREATE).values_list("reference", "service"))
    bought = [line for line in lines if line.act == CartItem.Act.PURCHASE]
    for line in bought:
        if made.pop(f"create:{line.reference}", None) != line.service_id:
            yield f"line {line.pk} has not made its service"
        if (line.state == "done") != (line.service_id is not None):
            yield f"line {line.pk} is {line.state}, its service {line.service}"
    if made:
        yield f"services that nobody has bought: {made}"


def services_and_server(server):
    jobs = defaultdict(list)
    for job in ProvisioningJob.objects.order_by("pk"):
        jobs[job.service_id].append(job)
    for service in Service.objects.select_related("product"):
        own = jobs[service.pk]
        done = {job.act for job in own if job.state == State.DONE}
        created = Act.CREATE in done or not any(job.act == Act.CREATE for job in own)
        if (service.status == "ended") != (Act.TERMINATE in done):
            yield f"{service.pk} is {service.status}, was it ended: {Act.TERMINATE in done}"
        elif service.status == "pending" and created:
            yield f"{service.pk} is set up and called pending"
        elif service.status in ("active", "suspended") and not created:
            yield f"{service.pk} is {service.status} and was never set up"
        if service.status == "ended" and any(job.state not in (State.DONE, State.DROPPED) for job in own):
            yield f"{service.pk} has ended and something is still to be done for it"
        if not any(job.state in (*ProvisioningJob.UNFINISHED, State.FAILED) for job in own):
            yield from one_service(service, server.get(service.pk))


def one_service(service, account):
    """What the server has of a service for which nothing is to be done."""
    told = (account.product, account.is_on) if account else None
    on = {"active": True, "suspended": False}
    said = (service.product.code, on[service.status]) if service.status in on else None
    if told != said:
        yield f"{service.pk} is {said} here and {told} at the server"


def changes_and_jobs():
    for change in ServiceChange.objects.select_related("job"):
        state = change.job and change.job.state
        expected = {"ordered": [None], "planned": [None], "done": ["done"], "cancelled": [None, "dropped"]}
        if state not in expected.get(change.state, ["waiting", "accepted", "failed"]):
            yield f"change {change.pk} is {change.state}, its job {state}"


def changes_and_lines(lines, changes):
    states = {"open": ["ordered"], "cancelled": ["cancelled"], "failed": ["cancelled"]}
    for line in lines:
        if line.act == CartItem.Act.CHANGE:
            change = changes.pop(line.reference)
            if change.state not in states.get(line.state, ["asked", "done", "cancelled"]):
                yield f"line {line.pk} is {line.state}, its change {change.state}"
    if changes:
        yield f"changes that nobody has ordered: {changes}"


def what_could_not_be_done(lines, changes):
    """Staff know of everything that was paid and not done, unless it goes back with a withdrawal; of nothing else."""
    changes = {row.reference: row for row in ServiceChange.objects.exclude(reference="")}
    withdrawn = set(Withdrawal.objects.values_list("service", flat=True))
    left_off = [
        line
        for line in lines
        if line.act == CartItem.Act.CHANGE and line.state == "done" and changes[line.reference].state == "cancelled"
    ]
    wanted = {line.reference for line in lines if line.state == "failed"}
    wanted |= {line.reference for line in left_off if line.service_id not in withdrawn}
    told = dict(Case.objects.filter(reason="not_delivered").values_list("key", "closed_at"))
    for reference in wanted - told.keys():
        yield f"{reference} was paid, not done, and nobody knows"
    for reference in told.keys() - wanted - {line.reference for line in left_off}:
        yield f"{reference} is called not done"


def pieces(lines, stock):
    """What is taken is missing, and nothing else; who gave up holds nothing."""
    taken = Counter(line.product_id for line in lines if line.took_piece)
    taken += Counter(row.product_id for row in ServiceChange.objects.filter(took_piece=True))
    for product in Product.objects.filter(pk__in=stock):
        if product.stock != stock[product.pk] - taken[product.pk]:
            yield f"{product} has {product.stock} of {stock[product.pk]}, {taken[product.pk]} are taken"
    holding = [line.pk for line in lines if line.took_piece and line.state in ("cancelled", "failed")]
    if holding or ServiceChange.objects.filter(took_piece=True, state="cancelled").exists():
        yield f"pieces are held for what will not be: {holding}"


def documents_and_money():
    invoices = defaultdict(list)
    for row in Document.objects.filter(kind="invoice"):
        invoices[row.proforma_id].append(row.gross)
    for row in Receivable.objects.all():
        wanted = [row.amount] if row.state == "paid" else []
        if invoices.pop(row.document_id, []) != wanted:
            yield f"proforma {row.document_id} is {row.state}, its invoices are other ones"
    if invoices:
        yield f"invoices without a proforma: {dict(invoices)}"


def money_that_came():
    """What paid nothing is with staff; what is paid, is paid by one payment."""
    parts = PaymentPart.objects.filter(payment__state="paid")
    settled = Counter(parts.filter(settled=True).values_list("receivable", flat=True))
    if settled != Counter(Receivable.objects.filter(state="paid").values_list("pk", flat=True)):
        yield "what is paid is not what payments have paid"
    wanted = {f"payment:{key}" for key in parts.filter(settled=False).values_list("payment", flat=True)}
    told = set(Case.objects.filter(reason="paid_already").values_list("key", flat=True))
    if wanted != told:
        yield f"money that paid nothing: {wanted}, told: {told}"


def withdrawals(lines):
    """One case each; the service is ended and nothing is owed for it."""
    for row in Withdrawal.objects.select_related("service"):
        if Case.objects.filter(reason="withdrawal", key=f"withdrawal:{row.pk}").count() != 1:
            yield f"withdrawal {row.pk} has not one case"
        ends = Q(act=Act.TERMINATE) & ~Q(state=State.DROPPED)
        if not row.service.jobs.filter(ends).exists():
            yield f"{row.service_id} was withdrawn from and is not ended"
        if any(line.service_id == row.service_id and line.state == "open" for line in lines):
            yield f"{row.service_id} was withdrawn from and something is still owed for it"
