"""A stand-in for the provider's server that the driver “webhook” tells: it counts accounts by our reference."""

import json
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from services.signing import HEADER, verify

SECRET = "not-a-secret-of-the-rack-0123456789abcdef"
HELD_SECONDS = 60


class Rack(ThreadingHTTPServer):
    """`.moods` say in turn how it answers, then "well"; `.asked` is what came, `.accounts` what was made of it."""

    daemon_threads = True
    # A worker that was killed has left its connection behind.
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}/jobs"
        self.asked, self.accounts, self.moods = [], {}, []
        self.lock, self.let_go, self.is_held = Lock(), Event(), Event()

    def account_for(self, asked):
        """What was done for a reference, when it was asked for the first time: "create" makes an account."""
        with self.lock:
            if asked["act"] != "create":
                return self.accounts.setdefault(asked["reference"], {})
            number = len(self.accounts) + 1
            new = {"remote_id": f"vm-{number}", "configuration": {"Server": f"s{number}.example"}}
            new["accounts"] = [{"kind": "panel", "login": f"u{number}", "password": "Secret-1!", "host": "s.example"}]
            return self.accounts.setdefault(asked["reference"], new)

    def handle_error(self, request, client_address):
        """Whoever hung up does not matter."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        verify(SECRET, body, self.headers[HEADER], now=datetime.now(UTC))
        asked = json.loads(body)
        assert self.headers["Idempotency-Key"] == asked["reference"]
        server = self.server
        with server.lock:
            server.asked.append(asked)
            mood = server.moods.pop(0) if server.moods else "well"
        getattr(self, mood)(asked)

    def say(self, status, content):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def well(self, asked):
        self.say(200, self.server.account_for(asked))

    def accepts(self, asked):
        self.say(202, {})

    def refuses(self, asked):
        self.say(422, {"error": "no room on any server"})

    def fails(self, asked):
        self.say(500, b"Internal Server Error")

    def talks_garbage(self, asked):
        self.say(200, b'{"accounts": [{"kind": "panel", "password": "Secret-1!"}]}')

    def talks_for_ever(self, asked):
        self.say(200, b"x" * 200_000)

    def drips(self, asked):
        self.send_response(200)
        self.end_headers()
        while not self.server.let_go.wait(0.05):
            self.wfile.write(b" ")

    def drops(self, asked):
        """It does as it was asked, and then the line breaks."""
        self.server.account_for(asked)
        self.connection.shutdown(socket.SHUT_RDWR)

    def hangs(self, asked):
        self.server.is_held.set()
        self.server.let_go.wait(HELD_SECONDS)

    def log_message(self, *args):
        pass


@contextmanager
def rack():
    """Such a server until the block ends."""
    with Rack() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()
            thread.join()
