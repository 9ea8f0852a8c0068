"""The payment server of the demo beside a running panel, with notifications that do not wait."""

from threading import Thread

import pytest

from billing.sandbox.courier import Courier
from billing.sandbox.server import SandboxServer


class QuickCourier(Courier):
    """Does not pause for long, and can be waited for."""

    def __init__(self):
        super().__init__(pauses=[0.05] * 200)
        self.threads = []

    def start(self, *what):
        self.threads.append(super().start(*what))

    def wait(self):
        for thread in self.threads:
            thread.join(timeout=30)
            assert not thread.is_alive()


@pytest.fixture
def payment_server(live_server, settings):
    """A sandbox beside a running panel."""
    settings.SITE_URL = live_server.url
    server = SandboxServer(0, QuickCourier())
    settings.SANDBOX_URL = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.courier.wait()
    server.shutdown()
    thread.join()
    server.server_close()
