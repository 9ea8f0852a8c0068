"""What a gateway sends to the panel's door, and what somebody sends who would like to be one."""

import json
import time
from datetime import datetime
from itertools import count

from django.conf import settings
from django.test import Client

from billing import inbox
from billing.gateways.sandbox import SIGNATURE, sign
from billing.models import GatewayEvent

numbers = count(1)


def body_of(payment, kind="paid", /, **changes):
    """The sandbox's words about a payment, every time under a new number; `changes` are told otherwise."""
    words = {
        "id": f"evt_{next(numbers)}",
        "kind": kind,
        "reference": payment.token,
        "amount": str(payment.amount),
        "currency": payment.currency,
        "merchant": settings.SANDBOX_MERCHANT,
        "customer": str(payment.customer.number),
        "payment": payment.external_id or "S1",
    }
    if kind == "refunded":
        words["refund_number"] = f"R{next(numbers)}"
    return json.dumps(words | changes).encode()


def signed(body, at=None):
    """The header of a body that was signed at a moment, now unless told."""
    return sign(body, int(at.timestamp() if isinstance(at, datetime) else time.time()))


def knock(body, header=None, gateway="sandbox"):
    """Posts a body; rightly signed unless another header is given, "" for none. The answer's status."""
    header = signed(body) if header is None else header
    browser = Client(enforce_csrf_checks=True, headers={SIGNATURE: header} if header else {})
    return browser.post(f"/notify/{gateway}/", body, content_type="application/json").status_code


def work_events():
    """Does what the worker does with everything that is in the inbox; returns the outcomes."""
    for event in GatewayEvent.objects.filter(state="new").order_by("pk"):
        inbox.process.call(event.pk)
    return list(GatewayEvent.objects.order_by("pk").values_list("state", "outcome"))
