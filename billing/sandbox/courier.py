"""Carries notifications to the panel, again and again until it answers 200."""

import json
import logging
import secrets
import time
from datetime import UTC, datetime
from threading import Thread

import httpx

from billing.gateways import Kind
from billing.gateways.sandbox import SIGNATURE, sign
from billing.sandbox.choices import Step

log = logging.getLogger("billing.sandbox")

# Between the attempts at one notification.
PAUSES_SECONDS = (1, 2, 5, 15, 60, 300, 900)
TIMEOUT_SECONDS = 10


class Courier:
    """Every choice is carried out by a thread of its own, one notification after the other."""

    def __init__(self, pauses=PAUSES_SECONDS):
        self.pauses = pauses

    def carry_out(self, payment, choice):
        """Begins to do what the person chose; returns the thread."""
        return self.start(self.do, payment, choice)

    def confirm_refund(self, payment, token, number, amount):
        """Begins to tell that a refund went through; returns the thread."""
        words = {"refund": token, "refund_number": number, "amount": str(amount)}
        return self.start(self.send, payment, Step(Kind.REFUNDED, lambda payment: words))

    def start(self, function, *arguments):
        thread = Thread(target=function, args=arguments, daemon=True)
        thread.start()
        return thread

    def do(self, payment, choice):
        """Waits as long as was chosen, and sends every step."""
        time.sleep(choice.seconds)
        if choice.decides:
            payment.state = choice.state
        for step in choice.steps:
            self.send(payment, step)

    def send(self, payment, step):
        """One notification, under one number of an event however often it goes out."""
        content = payment.told(step.kind.value, id=f"evt_{secrets.token_hex(12)}") | step.changes(payment)
        body = json.dumps(content).encode()
        for _time in range(step.times):
            self.deliver(payment, step, body)

    def deliver(self, payment, step, body):
        """Posts a body until it is taken; what is forged only once."""
        for pause in [0] if step.forged else [0, *self.pauses]:
            time.sleep(pause)
            answer = self.post(payment.notify_at, body, step)
            payment.log.append((step.kind.value, answer))
            log.info("%s of %s: %s", step.kind.value, payment.id, answer)
            if answer == 200:
                return

    def post(self, address, body, step):
        """One attempt: the status of the answer, or None when there was none."""
        header = sign(body, int((datetime.now(UTC) - step.age).timestamp()))
        if step.wrong_key:
            header = f"{header[:-64]}{secrets.token_hex(32)}"
        headers = {SIGNATURE: header, "Content-Type": "application/json"}
        try:
            return httpx.post(address, content=body, headers=headers, timeout=TIMEOUT_SECONDS).status_code
        except httpx.HTTPError as error:
            log.info("%s does not answer: %r", address, error)
            return None
