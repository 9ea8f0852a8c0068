"""A driver that tells a server of the provider's own: signed requests, answered at once or by a signed callback."""

import json
import time
from datetime import timedelta

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.told import content_of
from services.drivers import words
from services.drivers.base import Accepted, Driver, DriverError, is_permanent
from services.models import Credential, ProvisioningJob
from services.signing import HEADER, sign

SHORTEST_SECRET = 32
# A callback may get lost: then the server is asked again whether it is done.
AGAIN = timedelta(hours=6)


def refuse_half_configured():
    """Stops the start when there is an address and no secret, or a short one, by which anybody would be believed."""
    secret = settings.PROVISIONING_WEBHOOK_SECRET
    if (settings.PROVISIONING_WEBHOOK_URL or secret) and len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"The webhook needs a PROVISIONING_WEBHOOK_SECRET of at least {SHORTEST_SECRET} characters."
        )


class WebhookDriver(Driver):
    """Posts every job to PROVISIONING_WEBHOOK_URL; docs/drivers.md says what is sent and what may be answered."""

    # For each step of the connection, and for all of the answer.
    TIMEOUT_SECONDS = 15

    @classmethod
    def missing(cls):
        return "" if settings.PROVISIONING_WEBHOOK_URL else "PROVISIONING_WEBHOOK_URL"

    def perform(self, job):
        """200 is done, 202 is accepted; what is refused (4xx) is permanent, unless only the moment was wrong."""
        status, body = self.post(job)
        if status == httpx.codes.ACCEPTED:
            return Accepted(again=AGAIN)
        if status == httpx.codes.OK:
            return self.read(body, words.done)
        raise DriverError(f"the server answered {status}: {self.why(body)}", permanent=is_permanent(status))

    def read(self, body, reader):
        """What `reader` makes of an answer. Raises DriverError when it makes no sense."""
        try:
            return reader(content_of(body))
        except ValueError as error:
            raise DriverError(f"the server's answer makes no sense: {error}") from error

    def why(self, body):
        """The reason in an answer, if it has any."""
        try:
            return words.reason(content_of(body))
        except ValueError:
            return "the server does not say why"

    def post(self, job):
        """(status, body) of the answer. Raises DriverError."""
        if not settings.PROVISIONING_WEBHOOK_URL:
            raise DriverError("PROVISIONING_WEBHOOK_URL is not set", permanent=True)
        body = json.dumps(question(job)).encode()
        headers = {
            HEADER: sign(settings.PROVISIONING_WEBHOOK_SECRET, body, int(time.time())),
            "Content-Type": "application/json",
            # Counted as it comes, never unpacked.
            "Accept-Encoding": "identity",
            "Idempotency-Key": job.reference,
        }
        try:
            with httpx.stream(
                "POST",
                settings.PROVISIONING_WEBHOOK_URL,
                content=body,
                headers=headers,
                timeout=self.TIMEOUT_SECONDS,
            ) as answer:
                return answer.status_code, self.receive(answer)
        except httpx.HTTPError as error:
            raise DriverError(f"no answer: {error!r}") from error


def question(job):
    """What the server is told."""
    service = job.service
    return {
        "reference": job.reference,
        "act": job.act,
        "attempt": job.attempts,
        "service": {
            "id": service.pk,
            "remote_id": service.remote_id,
            "product": service.product.code,
            "name": service.name,
            "domain": service.domain,
            "customer": service.customer.number,
        },
        "asked": job.asked,
        "answer_to": settings.SITE_URL + reverse("services:webhook", args=[job.pk]),
    } | secrets(job)


def secrets(job):
    """The password that is to be set; it is sent and never kept with the job."""
    if job.act != ProvisioningJob.Act.PASSWORD:
        return {}
    account = Credential.waiting_for(job)
    if not account or not account.next_password:
        raise DriverError("there is no password to set", permanent=True)
    return {"account": {"kind": account.kind, "login": account.login, "password": account.next_password}}
