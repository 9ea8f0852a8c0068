"""`make bench`: seeds a database of its own and prints what pages cost, beside a bare table in the same run."""

import argparse
import os
import socket
import sys
import tempfile
from pathlib import Path

import psycopg

from tests import run
from tests.bench.words import ELSEWHERE, FREQUENT, NOWHERE, RARE

FOLDER = Path("var/bench")


def options():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="size of the database (100000 unless told)")
    parser.add_argument("--services", type=int, default=20_000, help="services of the largest customer (20000)")
    parser.add_argument("--requests", type=int, default=300, help="requests for each page (300 unless told)")
    parser.add_argument("--sqlite", action="store_true", help="SQLite, even where there is a PostgreSQL")
    parser.add_argument("--only", default="", help="only the rows whose name has this word in it")
    parser.add_argument("--keep", action="store_true", help="keep the database and use it again next time")
    return parser.parse_args()


def database(chosen):
    """The address of an existing database for this size, made if needed; "" for SQLite."""
    server = "" if chosen.sqlite else run.postgresql()
    if not server:
        return ""
    name = f"panel_bench_{chosen.tickets}_{chosen.services}"
    with psycopg.connect(run.database(server, "postgres"), autocommit=True) as connection:
        if not chosen.keep:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return run.database(server, name)


def surroundings(chosen):
    """Settings of the demo, over a database and a folder of our own."""
    url = database(chosen)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{chosen.tickets}_{chosen.services}.sqlite3"
    if not url and not chosen.keep:
        for path in FOLDER.glob(f"{file.name}*"):
            path.unlink()
    os.environ |= {
        "PANEL_MODE": "demo",
        "VAR_DIR": str(FOLDER),
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": url or f"sqlite:///{file.resolve()}",
        "DJANGO_SETTINGS_MODULE": "panel.settings",
        "PYTHONWARNINGS": "ignore",
    }


def main():
    chosen = options()
    surroundings(chosen)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.bench import seed

    call_command("migrate", verbosity=0)
    call_command("messages", "--compile")
    call_command("collectstatic", interactive=False, verbosity=0)
    sizes = f"{chosen.tickets} tickets, {chosen.services} services"
    print(f"{connection.vendor}, {os.cpu_count()} cores, {sizes}", flush=True)
    measure_all(chosen, seed.fill(chosen.tickets, chosen.services))
    if not chosen.keep:
        forget(connection)


def measure_all(chosen, people):
    """Measures with two servers, the panel and the yardstick, and prints as it goes. `people` as seed.fill gives."""
    from tests.bench import measure
    from tests.bench.server import Server
    from tests.bench.trade import TRADE
    from tests.cast import signed_in

    panel, bare = Server("panel.settings"), Server("tests.bench.yardstick_settings")
    try:
        clients = {"": anonymous()} | {who: signed_in(person) for who, person in people.items()}
        cookies = {who: measure.cookies_of(client) for who, client in clients.items()}
        print(f"\n{'':<28}{'SQL':>5}{'CPU ms':>9}{'beside':>8}{'ratio':>7}{'p50':>8}{'p99 ms':>8}{'KiB':>6}  budget")
        yardstick = measure.Visit(bare, "/yardstick/", cookies["customer"])
        for what, path, who, budget in [*PAGES, *TRADE]:
            if chosen.only in what:
                visit = measure.Visit(panel, path or measure.thread(), cookies[who])
                show(measure.page(visit, yardstick, what, chosen.requests, budget, client=clients[who]))
        if not chosen.only:
            others(panel, cookies["customer"])
    finally:
        panel.stop()
        bare.stop()


PAGES = [
    ("sign-in page", "/sign-in/", "", "0 queries, 2.5 ms"),
    ("first page", "/", "customer", "12 queries, 2 × yardstick"),
    ("list of 25", "/messages/", "customer", "7 queries, 1.5 × yardstick"),
    ("list, the last page", "/messages/?before=1000000000000000-1", "customer", "like the first"),
    ("thread of 10 messages", "", "customer", "7 queries, 1.5 × yardstick"),
    ("search, a frequent word", f"/messages/?q={FREQUENT}", "customer", "7 queries, 1.5 × yardstick"),
    ("search, its last page", f"/messages/?q={FREQUENT}&before=1000000000000000-1", "customer", "like the first"),
    ("search, a rare word", f"/messages/?q={RARE}", "customer", "7 queries, 1.5 × yardstick"),
    ("search, a word of others", f"/messages/?q={ELSEWHERE}", "customer", "7 queries, 1.5 × yardstick"),
    ("search, no such word", f"/messages/?q={NOWHERE}", "customer", "7 queries, 1.5 × yardstick"),
    ("desk", "/desk/", "support", "7 queries, 1.5 × yardstick"),
    ("desk, the last page", "/desk/?before=9000000000000000-1", "support", "like the first"),
    ("desk search, a frequent word", f"/desk/?q={FREQUENT}", "support", "7 queries, 1.5 × yardstick"),
    ("desk search, its last page", f"/desk/?q={FREQUENT}&before=1000000000000000-1", "support", "like the first"),
    ("desk search, a rare word", f"/desk/?q={RARE}", "support", "7 queries, 1.5 × yardstick"),
    ("desk search, no such word", f"/desk/?q={NOWHERE}", "support", "7 queries, 1.5 × yardstick"),
    ("help centre", "/help/", "", "7 queries, 1.5 × yardstick"),
    ("help, a topic", "/help/topics/topic-1/", "", "7 queries, 1.5 × yardstick"),
    ("help, an article", "/help/articles/article-1/", "", "7 queries, 1.5 × yardstick"),
    ("help search, a frequent word", f"/help/search/?q={FREQUENT}", "", "7 queries, 1.5 × yardstick"),
    ("help search, no such word", f"/help/search/?q={NOWHERE}", "", "7 queries, 1.5 × yardstick"),
    ("manage page", "/services/1/", "customer", "7 queries, 1.5 × yardstick"),
    # The customer has ten thousand invoices and as many movements of the balance.
    ("invoices", "/invoices/", "customer", "7 queries, 1.5 × yardstick"),
    ("invoices, the last page", "/invoices/?before=1-1", "customer", "like the first"),
    ("an invoice", "/invoices/2/", "customer", "8 queries, 1.5 × yardstick"),
    ("renewals", "/renewals/", "customer", "7 queries, 1.5 × yardstick"),
    ("cart", "/cart/", "customer", "7 queries, 1.5 × yardstick"),
    ("checkout", "/checkout/", "customer", "7 queries, 1.5 × yardstick"),
    ("balance", "/wallet/", "customer", "7 queries, 1.5 × yardstick"),
    ("balance, the last page", "/wallet/?before=0-0", "customer", "like the first"),
]


def show(row):
    print(
        f"{row.what:<28}{row.queries:>5}{row.cpu:>9.1f}{row.yardstick:>8.1f}{row.cpu / row.yardstick:>7.2f}"
        f"{row.p50:>8.1f}{row.p99:>8.1f}{row.weight:>6.1f}  {row.budget}",
        flush=True,
    )


def others(panel, cookies):
    """What is no page: the password, a file, mails."""
    from tests.bench import measure

    post, argon2 = measure.sign_in(panel, [f"bench{i}" for i in range(2, 12)])
    print(f"\nsign-in POST             {post:.0f} ms CPU, of it argon2 {argon2:.0f} ms: {argon2 / post:.0%}  (80 %)")
    with tempfile.TemporaryDirectory() as folder:
        seconds, copied, memory = measure.upload(panel, cookies, Path(folder))
    print(
        f"15 MB upload             {seconds * 1000:.0f} ms, cp {copied * 1000:.0f} ms: × {seconds / copied:.1f}; "
        f"memory + {memory:.1f} MiB  (× 3, + 10 MiB)"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rate, cpu = measure.mails(port)
    print(f"mails through one worker {rate:.0f} a second, {cpu:.1f} ms CPU each  (300)")
    print(f"PDF of an invoice        {measure.pdf():.0f} ms  (50 ms)")


def anonymous():
    from django.test import Client

    return Client()


def forget(connection):
    """Drops the database again."""
    name, vendor = connection.settings_dict["NAME"], connection.vendor
    connection.close()
    if vendor == "postgresql":
        with psycopg.connect(run.database(os.environ["DATABASE_URL"], "postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    else:
        for path in FOLDER.glob(f"{Path(name).name}*"):
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
