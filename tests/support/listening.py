"""The panel's own door for mails, open at a port of this machine while a test runs."""

import asyncio
from threading import Event, Thread

import pytest

from tests.support.postman import free_port
from tickets.incoming.listener import listen

WAIT_SECONDS = 20


class Listener:
    """`port` is where it takes mails."""

    def __init__(self, *, is_lmtp):
        self.is_lmtp, self.port, self.ready = is_lmtp, free_port(), Event()
        self.thread = Thread(target=lambda: asyncio.run(self.listen()))

    async def listen(self):
        self.loop, self.stopping = asyncio.get_running_loop(), asyncio.Event()
        await listen("127.0.0.1", self.port, is_lmtp=self.is_lmtp, stopping=self.stopping, ready=self.ready.set)

    def start(self):
        self.thread.start()
        assert self.ready.wait(WAIT_SECONDS)

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join(WAIT_SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def listener(transactional_db):
    """`listener()` opens the door for SMTP, `listener(is_lmtp=True)` for LMTP; closed when the test ends."""
    opened = []

    def start(*, is_lmtp=False):
        opened.append(Listener(is_lmtp=is_lmtp))
        opened[-1].start()
        return opened[-1]

    yield start
    for one in opened:
        one.stop()
