"""Where a worker may be killed between the event of a gateway and the mail with the invoice."""

import os
import signal
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module

from django.utils.module_loading import import_string
from django_tasks.base import Task


def always(*arguments, **named):
    return True


def is_event(task, *rest):
    """Whether a row of the queue is the work on an event."""
    return task.task_path == "billing.inbox.process"


def is_invoice(document, *rest):
    return document.kind == "invoice"


def brings_invoice(*arguments):
    """Whether it is about the row of a mail with an invoice."""
    return any(getattr(argument, "letter", "") == "invoice" for argument in arguments)


@dataclass(frozen=True)
class Point:
    """Before or after a call of the function `where`, when its arguments are those meant."""

    where: str
    when: Callable = always
    after: bool = False


POINTS = {
    "the event is stored, its task is not claimed": Point("django_tasks_db.models.DBTaskResult.claim", is_event),
    "the task is claimed": Point("billing.inbox.process"),
    "the service is extended, nothing is committed": Point("services.expiry.extend", after=True),
    "the invoice is issued, nothing is committed": Point("billing.settlement.issue_invoice", after=True),
    "all is committed, the task is not marked": Point("billing.inbox.process", after=True),
    "the driver is told, that is not noted": Point("services.drivers.null.NullDriver.perform", after=True),
    "the PDF is made, not stored": Point("billing.pdfs.make", is_invoice, after=True),
    "the PDF is on the disk, not in its row": Point("django.db.models.fields.files.FieldFile.save", after=True),
    "the PDF is stored, the mail is not written": Point("billing.delivering.write_mail", is_invoice),
    "the mail is written, its task is not marked": Point("billing.delivering.write_mail", is_invoice, after=True),
    "the mail is about to leave": Point("accounts.delivery.Mail.send", brings_invoice),
    "the mail server has it, the row does not say so": Point("accounts.outbox.mark_sent", brings_invoice),
}

# Between a job of a driver and what its server has done.
PROVISIONING = {
    "the job waits, nobody has claimed it": Point("services.running.claim"),
    "the job is claimed": Point("services.running.do"),
    "the server has done it, its answer is not read": Point("services.drivers.webhook.WebhookDriver.post", after=True),
    "the answer is read, nothing is written": Point("services.provisioning.finish"),
    "all is written, nothing is committed": Point("services.provisioning.over", after=True),
    "all is committed, the worker does not know": Point("services.running.write", after=True),
}

# The same where a new service was paid for.
POINTS_OF_PURCHASES = {
    "the service is begun, nothing is committed": Point("services.purchasing.begin", after=True),
    "the new service is invoiced, nothing is committed": Point("billing.settlement.issue_invoice", after=True),
    "the new service is committed, the task is not marked": Point("billing.inbox.process", after=True),
}


def of_act(point, act):
    """The point for jobs of this act only, where it is called with a job; for all of them without one."""
    if not act:
        return point

    def is_meant(*arguments):
        acts = [argument.act for argument in arguments if hasattr(argument, "act")]
        return act in acts or not acts

    return replace(point, when=is_meant)


def note_events_first():
    """Switches a guard off: an event is noted as done by itself, before what it brings about."""
    from billing import gateway_reports, gateways, inbox
    from billing.models import GatewayEvent

    @wraps(inbox.process.func)
    def process(event_pk):
        event = GatewayEvent.objects.get(pk=event_pk)
        if event.state == "new":
            inbox.finish(event, "done", "paid")
            gateway_reports.apply(
                *gateways.find(event.gateway).reports(bytes(event.body)), gateway=event.gateway, event=event
            )

    inbox.process = replace(inbox.process, func=process)


def name_each_attempt():
    """Switches a guard off: the server is told each attempt at a job as a job of its own."""
    from services.drivers.webhook import WebhookDriver

    post = WebhookDriver.post

    def post_anew(driver, job):
        job = copy(job)
        job.reference += f":{job.attempts}"
        return post(driver, job)

    WebhookDriver.post = post_anew


def arm(point):
    """Puts the death of this process where the point says; nothing is tidied up, as with `kill -9`."""
    place, _dot, name = point.where.rpartition(".")
    is_class = place.rpartition(".")[2][:1].isupper()
    holder = import_string(place) if is_class else import_module(place)
    found = getattr(holder, name)
    function = found.func if isinstance(found, Task) else found

    @wraps(function)
    def deadly(*arguments, **named):
        is_meant = point.when(*arguments)
        if is_meant and not point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **named)
        if is_meant:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(holder, name, replace(found, func=deadly) if isinstance(found, Task) else deadly)
