"""A stand-in for somebody's HTTP service, which answers what a test wants and remembers what it was asked."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread


@dataclass(frozen=True)
class Question:
    """One request that came."""

    path: str
    headers: object
    body: str
    method: str = "POST"


class Answering(HTTPServer):
    """`.answers`, (status, JSON or bytes), are given in turn, the last for ever; `.asked` is what came.

    In place of an answer None drops the connection, and an Event is waited for, so that a client hears nothing.
    """

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answers = [], [(200, answer)]
        self.address = f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked.append(Question(self.path, self.headers, body, self.command))
        answers = self.server.answers
        status, answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Event):
            answer.wait()
        if answer is None or isinstance(answer, Event):
            return
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    do_GET = do_PATCH = do_DELETE = do_POST

    def log_message(self, *args):
        pass


@contextmanager
def answering(answer):
    """Such a service at `.address` until the block ends; its first answer is 200 with this."""
    with Answering(answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
