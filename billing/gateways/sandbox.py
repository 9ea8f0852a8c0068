"""The gateway of the demo and the tests: a small server of our own that pays, refuses, delays, repeats and forges.

It is built as real gateways are: payments are told to it by a signed request, its notifications are signed
over their raw body with a time in it, and it can be asked and can pay back.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.told import content_of
from accounts.typed import whole_number
from billing.gateways.base import Gateway, GatewayError, Kind, Refunded, Refused, Report, Started

SIGNATURE = "Sandbox-Signature"
# A clock may be so much ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)
# What fits into GatewayEvent.event_id, and into every field that keeps a word of a report.
LONGEST_EVENT_ID = 120
LONGEST_WORD = 100
# 4xx answers that say nothing about the payment: a mistyped secret or merchant, a time-out, too many requests.
PASSING = (401, 403, 408, 429)


class Sandbox(Gateway):
    """Speaks to `manage.py sandbox`."""

    name = "sandbox"
    label = _("test payment")
    description = _("A payment page for trying things out. No real money moves.")
    needs_settings = ("SANDBOX_URL", "SANDBOX_SECRET", "SANDBOX_MERCHANT")
    can_be_asked = True
    can_refund = True
    takes_notifications = True

    @property
    def origins(self):
        """Where its payment page lives."""
        parts = urlsplit(settings.SANDBOX_URL)
        return [f"{parts.scheme}://{parts.netloc}"]

    @property
    def merchant(self):
        return settings.SANDBOX_MERCHANT

    def start(self, payment, *, back_to, notify_at, title):
        """Registers the payment; a second time for the same token it is the same payment there."""
        answer = self.call(
            "payments",
            reference=payment.token,
            amount=str(payment.amount),
            currency=payment.currency,
            customer=str(payment.customer.number),
            title=title,
            back_to=back_to,
            notify_at=notify_at,
        )
        return Started(page=answer["page"], external_id=answer["id"])

    def ask(self, payment):
        """How the payment stands there."""
        return self.call("status", reference=payment.token)

    def refund(self, refund):
        """Asks for a refund, which a notification confirms."""
        answer = self.call("refunds", reference=refund.payment.token, refund=refund.token, amount=str(refund.amount))
        return Refunded(external_id=answer["id"])

    def call(self, path, **content):
        """A signed POST and its answer: a Report of the status, else {name: word}. Raises GatewayError.

        What the server refuses (4xx) is permanent, unless only we or the moment were wrong.
        """
        body = json.dumps(content | {"merchant": self.merchant}).encode()
        headers = {SIGNATURE: sign(body, int(datetime.now(UTC).timestamp())), "Content-Type": "application/json"}
        url = f"{settings.SANDBOX_URL}/api/{path}"
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=self.TIMEOUT_SECONDS)
            answer.raise_for_status()
            return ANSWERS[path](content_of(answer.content))
        except httpx.HTTPStatusError as error:
            code = error.response.status_code
            refused = error.response.is_client_error and code not in PASSING
            raise GatewayError(f"{url} answered {code}", permanent=refused) from error
        except (httpx.HTTPError, ValueError) as error:
            raise GatewayError(f"{url}: {error!r}") from error

    def verify(self, body, headers, *, now):
        """Refuses a wrong signature and what was signed long ago; the event's id stands in the body."""
        age = now - signed_at(body, headers.get(SIGNATURE, ""))
        if age > self.OLDEST_NOTIFICATION:
            raise Refused("it was signed too long ago")
        if age < -CLOCK_SKEW:
            raise Refused("it was signed in the future")
        return event_id(body)

    def reports(self, body):
        """One report a notification."""
        return [report(content_of(body))]


def sign(body, at):
    """The value of the header for a raw body: "t=<unix seconds>,v1=<HMAC-SHA256 over t.body>"."""
    return f"t={at},v1={mac(body, at)}"


def mac(body, at):
    """HMAC-SHA256 under the shared secret, as hexadecimal digits."""
    return hmac.new(settings.SANDBOX_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def signed_at(body, header):
    """When a raw body was signed, once its signature is right. Raises Refused."""
    if not settings.SANDBOX_SECRET:
        raise Refused("there is no secret to check signatures with")
    at, signature = parse(header)
    if not hmac.compare_digest(signature.encode(), mac(body, at).encode()):
        raise Refused("the signature is wrong")
    return datetime.fromtimestamp(at, UTC)


def parse(header):
    """(seconds, signature) of the header. Raises Refused."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    # Eleven digits reach the year 5138.
    seconds, signature = whole_number(parts.get("t", ""), digits=11), parts.get("v1", "")
    if seconds is None or not signature:
        raise Refused("there is no signature")
    return seconds, signature


def event_id(body):
    """The event's number, or a digest of the body where that names none: nothing signed is thrown away."""
    try:
        number = content_of(body).get("id")
    except ValueError:
        number = None
    if isinstance(number, str) and 0 < len(number) <= LONGEST_EVENT_ID and number.isprintable():
        return number
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def word(content, name):
    """One field: a text of a size that we can keep. Raises ValueError."""
    value = content.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_WORD or not value.isprintable():
        raise ValueError(f"{name} is {value!r:.100}")
    return value


def report(content):
    """A Report out of what the sandbox writes. Raises ValueError."""
    kind = Kind(word(content, "kind"))
    return Report(
        kind=kind,
        reference=word(content, "reference"),
        amount=amount(word(content, "amount")),
        currency=word(content, "currency"),
        merchant=word(content, "merchant"),
        customer=word(content, "customer"),
        external_id=word(content, "refund_number" if kind == Kind.REFUNDED else "payment"),
        refund=word(content, "refund") if "refund" in content else "",
    )


def amount(text):
    """A positive amount with at most two decimals. Raises ValueError."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if not value.is_finite() or value <= 0 or value >= 10**10 or value != round(value, 2):
        raise ValueError(f"{text!r} is no amount")
    return value


# What an answer of the server must hold, by the path that was called.
ANSWERS = {
    "payments": lambda content: {"id": word(content, "id"), "page": page(content)},
    "status": report,
    "refunds": lambda content: {"id": word(content, "id")},
}


def page(content):
    """The address of the payment page. Raises ValueError unless it lies at the server itself."""
    address = content.get("page")
    if not isinstance(address, str) or not address.startswith(f"{settings.SANDBOX_URL}/") or len(address) > 500:
        raise ValueError(f"page is {address!r:.100}")
    return address
