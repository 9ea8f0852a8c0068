"""What the demo starts, and where."""

import socket

import pytest

from panel import processes
from panel.settings import next_port


@pytest.mark.parametrize(
    ("site", "sandbox"),
    [
        ("http://localhost:8000", "http://localhost:8001"),
        ("http://localhost:9000", "http://localhost:9001"),
        ("https://demo.example.com", "http://localhost:8001"),
    ],
)
def test_the_payment_server_of_the_demo_is_next_door(site, sandbox):
    assert next_port(site) == sandbox


def test_a_taken_port_is_told_with_another_one_that_leaves_room_for_two():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(processes.Failed, match=rf"port {port} already.*PORT={port + 10}$"):
            processes.refuse_taken(f"http://localhost:{port}/")
    processes.refuse_taken(f"http://localhost:{port}/")
