"""The HTTP side of the sandbox: an interface for the panel and a page for the person who pays."""

import json
import logging
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from accounts.told import content_of
from billing.gateways import Refused
from billing.gateways.sandbox import CLOCK_SKEW, SIGNATURE, signed_at, word
from billing.sandbox import pages
from billing.sandbox.choices import CHOICES
from billing.sandbox.courier import Courier
from billing.sandbox.ledger import Conflict, Ledger, Unknown

log = logging.getLogger("billing.sandbox")

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024
PATIENCE_SECONDS = 10


class SandboxServer(ThreadingHTTPServer):
    """Listens at this machine only; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port, courier=None):
        super().__init__((HOST, port), Handler)
        self.ledger, self.courier = Ledger(), courier or Courier()


class Handler(BaseHTTPRequestHandler):
    """One request. GET /pay/<key> and POST there are for people, POST /api/… for the panel."""

    server_version, sys_version = "Sandbox", ""
    timeout = PATIENCE_SECONDS

    def do_GET(self):
        """The page of a payment, its style, and a word for whoever only asks whether we are there."""
        path = urlsplit(self.path).path
        if path == "/":
            return self.answer(HTTPStatus.OK, b"Sandbox\n", "text/plain")
        if path == "/style.css":
            return self.answer(HTTPStatus.OK, pages.STYLE, "text/css; charset=utf-8")
        try:
            payment = self.server.ledger.on_page(path.removeprefix("/pay/"))
        except Unknown:
            return self.page(HTTPStatus.NOT_FOUND, pages.unknown(self.language))
        return self.page(HTTPStatus.OK, pages.payment(payment, self.language), payment.back_to)

    def do_POST(self):
        """A choice of the person, or a call of the panel."""
        path = urlsplit(self.path).path
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return self.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"", "text/plain")
        body = self.rfile.read(int(length))
        if path.startswith("/api/"):
            return self.call(path.removeprefix("/api/"), body)
        return self.choose(path.removeprefix("/pay/"), body)

    def choose(self, key, body):
        """Does what the person chose and leads back; what is decided already is only shown."""
        name = parse_qs(body.decode("ascii", "replace")).get("choice", [""])[0]
        try:
            payment, choice = self.server.ledger.on_page(key), CHOICES[name]
        except (Unknown, KeyError):
            return self.page(HTTPStatus.NOT_FOUND, pages.unknown(self.language))
        if payment.decided or (choice.decides and not self.server.ledger.decide(payment)):
            return self.go(f"/pay/{payment.key}")
        self.server.courier.carry_out(payment, choice)
        return self.go(payment.back_to)

    def call(self, name, body):
        """A signed call of the panel, answered in JSON; 401 when the signature is not ours or old."""
        try:
            age = datetime.now(UTC) - signed_at(body, self.headers.get(SIGNATURE, ""))
            if abs(age) > CLOCK_SKEW:
                raise Refused("it was not signed just now")
            content = content_of(body)
            if word(content, "merchant") != settings.SANDBOX_MERCHANT:
                return self.json(HTTPStatus.FORBIDDEN, {"error": "merchant"})
            return self.json(HTTPStatus.OK, self.CALLS[name](self, content))
        except Refused as refusal:
            return self.json(HTTPStatus.UNAUTHORIZED, {"error": str(refusal)})
        except (Unknown, KeyError):
            return self.json(HTTPStatus.NOT_FOUND, {"error": "unknown"})
        except Conflict as conflict:
            return self.json(HTTPStatus.CONFLICT, {"error": str(conflict)})
        except ValueError as error:
            return self.json(HTTPStatus.BAD_REQUEST, {"error": str(error)})

    def payments(self, content):
        """Registers a payment and tells where it is paid."""
        payment = self.server.ledger.register(content)
        return {"id": payment.id, "page": f"{settings.SANDBOX_URL}/pay/{payment.key}"}

    def status(self, content):
        """How a payment stands."""
        payment = self.server.ledger.find(word(content, "reference"))
        return payment.told(payment.state)

    def refunds(self, content):
        """Pays back, and confirms that by a notification."""
        payment, number, amount, is_new = self.server.ledger.refund(content)
        if is_new:
            self.server.courier.confirm_refund(payment, word(content, "refund"), number, amount)
        return {"id": number}

    CALLS = {"payments": payments, "status": status, "refunds": refunds}

    @property
    def language(self):
        return self.headers.get("Accept-Language", "")

    def page(self, status, html, back_to=""):
        """A page for people."""
        self.answer(status, html, "text/html; charset=utf-8", {"Content-Security-Policy": pages.policy(back_to)})

    def json(self, status, content):
        """An answer for the panel."""
        self.answer(status, json.dumps(content).encode(), "application/json")

    def go(self, address):
        """Leads the browser elsewhere after a form."""
        self.answer(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": address})

    def answer(self, status, body, media_type, headers=()):
        """Every answer goes out here, with the headers that all of them have."""
        self.send_response(status)
        always = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        for name, value in (always | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, template, *arguments):
        """Requests are told to our own log."""
        log.info(template, *arguments)
