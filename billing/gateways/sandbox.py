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

from billing.gateways.base import Gateway, GatewayError, Kind, Refunded, Refused, Report, Started

SIGNATURE = "Sandbox-Signature"
# A clock may be so much ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)


def sign(body, at):
    """The value of the header for a raw body: "t=<unix seconds>,v1=<HMAC-SHA256 over t.body>"."""
    return f"t={at},v1={mac(body, at)}"


def mac(body, at):
    """HMAC-SHA256 under the shared secret, as hexadecimal digits."""
    return hmac.new(settings.SANDBOX_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


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
        return report(self.call("status", reference=payment.token))

    def refund(self, refund):
        """Asks for a refund, which a notification confirms."""
        answer = self.call("refunds", reference=refund.payment.token, refund=refund.token, amount=str(refund.amount))
        return Refunded(external_id=answer["id"])

    def call(self, path, **content):
        """A signed POST of JSON and its answer. Raises GatewayError; what the server refuses (4xx) is permanent."""
        body = json.dumps(content | {"merchant": self.merchant}).encode()
        headers = {SIGNATURE: sign(body, int(datetime.now(UTC).timestamp())), "Content-Type": "application/json"}
        url = f"{settings.SANDBOX_URL}/api/{path}"
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=self.TIMEOUT_SECONDS)
            answer.raise_for_status()
            return answer.json()
        except httpx.HTTPStatusError as error:
            answer = error.response
            raise GatewayError(f"{url}: {answer.status_code}", permanent=answer.is_client_error) from error
        except (httpx.HTTPError, ValueError) as error:
            raise GatewayError(f"{url}: {error!r}") from error

    def verify(self, body, headers, *, now):
        """Refuses a wrong signature and what was signed long ago; the event's id is in a header of its own body."""
        if not settings.SANDBOX_SECRET:
            raise Refused("there is no secret to check signatures with")
        at, signature = parse(headers.get(SIGNATURE, ""))
        if not hmac.compare_digest(signature.encode(), mac(body, at).encode()):
            raise Refused("the signature is wrong")
        age = now - datetime.fromtimestamp(at, UTC)
        if age > self.OLDEST_NOTIFICATION or age < -CLOCK_SKEW:
            raise Refused("it was signed too long ago" if age > CLOCK_SKEW else "it was signed in the future")
        try:
            return str(json.loads(body)["id"])
        except (ValueError, KeyError, TypeError):
            return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def reports(self, body):
        """One report a notification."""
        return [report(json.loads(body))]


def parse(header):
    """(seconds, signature) of the header. Raises Refused."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    seconds, signature = parts.get("t", ""), parts.get("v1", "")
    # Eleven digits reach the year 5138.
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11) or not signature:
        raise Refused("there is no signature")
    return int(seconds), signature


def report(content):
    """A Report out of what the sandbox writes. Raises ValueError."""
    try:
        return Report(
            kind=Kind(content["kind"]),
            reference=str(content["reference"]),
            amount=amount(content["amount"]),
            currency=str(content["currency"]),
            merchant=str(content["merchant"]),
            customer=str(content["customer"]),
            external_id=str(content["payment"]),
            refund=str(content.get("refund", "")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{error!r} in a notification") from error


def amount(text):
    """A positive amount with at most two decimals. Raises ValueError."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if not value.is_finite() or value <= 0 or value >= 10**10 or value != round(value, 2):
        raise ValueError(f"{text!r} is no amount")
    return value
