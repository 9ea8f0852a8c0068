"""A PowerDNS of the tests' own: Debian's pdns_server with an empty database, at free ports of this machine."""

import os
import shutil
import socket
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.postman import free_port
from tests.support.waiting import until

KEY = "a-key-of-the-tests"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
# Debian puts it where only root looks.
PDNS_SERVER = shutil.which("pdns_server", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
DIG = shutil.which("dig")
# Nobody waits so long where the machine has nothing else to do.
PATIENCE_SECONDS = 30
OPTIONS = ["+tcp", "+tries=1", f"+time={PATIENCE_SECONDS}"]


def is_here():
    """Whether this machine has everything that these tests need."""
    return bool(PDNS_SERVER and DIG and SCHEMA.exists())


@dataclass(frozen=True)
class NameServer:
    """`address` is that of its HTTP API, `port` where it answers DNS."""

    address: str
    port: int

    def dig(self, name, kind):
        """What it answers, a line for each record, in order."""
        command = [DIG, "@127.0.0.1", "-p", str(self.port), "+short", *OPTIONS, name, kind]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return sorted(said.splitlines())

    def dig_many(self, questions):
        """The same for many (name, type) by one command: all lines of all answers, with name, TTL and type."""
        command = [DIG, "@127.0.0.1", "-p", str(self.port), "+noall", "+answer", *OPTIONS]
        command += [word for name, kind in questions for word in (name, kind)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [line.split(None, 4) for line in said.splitlines() if line and not line.startswith(";")]

    def ask(self, method, path, body=None):
        """What its API answers, as JSON or None."""
        address = f"{self.address}/api/v1/servers/localhost/{path}"
        answer = httpx.request(method, address, json=body, headers={"X-API-Key": KEY}, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def zones(self):
        """The names of its zones."""
        return [zone["name"] for zone in self.ask("GET", "zones")]


@pytest.fixture(scope="session")
def running_name_server(tmp_path_factory):
    """The process; what asks for it is marked `powerdns`."""
    folder, dns, web = tmp_path_factory.mktemp("pdns"), free_port(), free_port()
    with sqlite3.connect(folder / "zones.sqlite3") as database:
        database.executescript(SCHEMA.read_text())
    options = {
        "config-dir": folder,
        "socket-dir": folder,
        "launch": "gsqlite3",
        "gsqlite3-database": folder / "zones.sqlite3",
        "gsqlite3-pragma-synchronous": 0,
        "local-address": "127.0.0.1",
        "local-port": dns,
        "webserver": "yes",
        "webserver-address": "127.0.0.1",
        "webserver-port": web,
        "api": "yes",
        "api-key": KEY,
        "daemon": "no",
        "guardian": "no",
        "write-pid": "no",
        "security-poll-suffix": "",
        # Nothing is remembered: a changed record is answered at once.
        "cache-ttl": 0,
        "query-cache-ttl": 0,
        "negquery-cache-ttl": 0,
        "zone-cache-refresh-interval": 0,
    }
    command = [PDNS_SERVER, *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            until(lambda: process.poll() is not None or (answers(web) and answers(dns)))
            assert process.poll() is None, (folder / "log").read_text()
            yield NameServer(f"http://127.0.0.1:{web}", dns)
        finally:
            process.terminate()


def answers(port):
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def name_server(running_name_server, settings):
    """It, empty, and the panel told where it is."""
    settings.POWERDNS_URL, settings.POWERDNS_KEY = running_name_server.address, KEY
    settings.ZONE_NAMESERVERS = ["ns1.panel.example", "ns2.panel.example"]
    for name in running_name_server.zones():
        running_name_server.ask("DELETE", f"zones/{name}")
    return running_name_server
