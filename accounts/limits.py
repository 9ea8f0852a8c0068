"""How often something may be tried: one atomic statement a charge, and every number of ours in one place."""

import hashlib
import logging
import time
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.identifiers import delivered_to

log = logging.getLogger("accounts.limits")

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600

CHARGE = """
INSERT INTO accounts_limitcounter AS counter (name, key, count, started_at) VALUES (%(name)s, %(key)s, 1, %(now)s)
ON CONFLICT (name, key) DO UPDATE SET
    count = CASE WHEN counter.started_at <= %(horizon)s THEN 1 ELSE counter.count + 1 END,
    started_at = CASE WHEN counter.started_at <= %(horizon)s THEN %(now)s ELSE counter.started_at END
WHERE counter.count < %(most)s OR counter.started_at <= %(horizon)s
RETURNING count
"""
GIVE_BACK = "UPDATE accounts_limitcounter SET count = count - 1 WHERE name = %s AND key = %s AND count > 0"


class TooMany(Exception):
    """A limit is used up. `seconds` is how long its window lasts at most."""

    def __init__(self, seconds):
        super().__init__(f"too many tries; the window is {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in `seconds` for one key; the window begins with the first try."""

    name: str
    most: int
    seconds: int

    def charge(self, key):
        """Counts a try before it is made; returns its number. Raises TooMany when none is left.

        The statement commits by itself, outside any transaction, so that a try stays counted whatever
        becomes of the request. When the database cannot count, its error goes up and nothing is tried.
        """
        now = time.time()
        values = {"name": self.name, "key": digest(key), "now": now, "horizon": now - self.seconds, "most": self.most}
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(CHARGE, values)
            row = cursor.fetchone()
        if row is None:
            raise TooMany(self.seconds)
        return row[0]

    def give_back(self, key):
        """Takes one charge back, after a success."""
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, [self.name, digest(key)])

    def reset(self, key):
        """Forgets the tries of `key`."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_limitcounter WHERE name = %s AND key = %s", [self.name, digest(key)])


def digest(key):
    """Keys are kept as digests: a counter needs no login or address in plain text."""
    return hashlib.sha256(str(key).encode()).hexdigest()


def alarm(limit, key):
    """Charges a limit that refuses nobody and tells the operators once a window is full."""
    try:
        limit.charge(key)
    except TooMany:
        log.critical("more than %s %s in %s s", limit.most, limit.name, limit.seconds)


PASSWORD_LOGIN = Limit("password-login", 10, 5 * MINUTE)
PASSWORD_LOGIN_DAY = Limit("password-login-day", 20, DAY)
PASSWORD_IP = Limit("password-ip", 10, 5 * MINUTE)
PASSWORD_KNOWN_BROWSER = Limit("password-known-browser", 10, 5 * MINUTE)
PASSWORD_ALL = Limit("password-all", 1000, 5 * MINUTE)
PASSWORD_AGAIN = Limit("password-again", 10, 5 * MINUTE)
PASSWORD_AGAIN_DAY = Limit("password-again-day", 20, DAY)

SECOND_STEP_HOUR = Limit("second-step-hour", 20, HOUR)
SECOND_STEP_DAY = Limit("second-step-day", 50, DAY)
# The answer of a passkey to one challenge is looked at once; the challenge itself is forgotten sooner than this.
PASSKEY_CHALLENGE = Limit("passkey-challenge", 1, DAY)
# Codes sent since the last right one: who knows a password must not flood its owner with messages.
CODES_SENT = Limit("codes-sent", 20, HOUR)
# The same for a phone number, whoever's account it stands in: it may be a stranger's.
CODES_TO_NUMBER = Limit("codes-to-number", 10, HOUR)

CODE_OF_CUSTOMER = Limit("authorization-code", 5, HOUR)
CODE_BY_STAFF = Limit("authorization-code-staff", 10, HOUR)
# Wrong ones of all staff and customers together: more are an attack from inside, and an alarm.
CODE_ALL = Limit("authorization-code-all", 100, HOUR)

# Sub-users added and activation mails sent again, of one customer; adding also tells whether a login is taken.
INVITATIONS = Limit("invitations", 60, HOUR)

# Closing asked for and the account handed over, of one customer: representatives, whom the customer names, are
# mailed about each.
ACCOUNT_DECISIONS = Limit("account-decisions", 10, DAY)

# Putting all of somebody's data together is work.
EXPORTS = Limit("data-exports", 3, DAY)

# Seconds from the begin of restoring somebody's access until it is done: time for the owner to say no.
ACCESS_RETURN_WAIT = 72 * HOUR

# New logins and new e-mail addresses asked for by one person; the first tells whether a login is taken.
LOGIN_CHANGES = Limit("login-changes", 20, HOUR)
EMAIL_CHANGES = Limit("email-changes", 10, HOUR)

# Notifications by text message that one person gets; each costs the provider money.
TEXTS_A_DAY = 20

# What anyone can cause without signing in, per address or number and kind.
UNASKED_HOUR = Limit("unasked-mail-hour", 3, HOUR)
UNASKED_DAY = Limit("unasked-mail-day", 10, DAY)
# Every sending of the form counts: it tells whether a login is taken.
REGISTRATION_TRIES_IP = Limit("registration-tries-ip", 60, HOUR)
REGISTRATION_IP = Limit("registration-ip", 10, HOUR)
RECOVERY_IP = Limit("recovery-ip", 20, HOUR)


def charge_unasked(kind, address):
    """Counts a mail that somebody who is not signed in causes; raises TooMany when the mailbox has had enough.

    Each kind has an allowance of its own: the page that says "too many registrations" must not tell
    whether other mails went there, and so whom we know.
    """
    for limit in (UNASKED_HOUR, UNASKED_DAY):
        limit.charge(f"{kind} {delivered_to(address)}")


def charge_second_step(user_id):
    """Counts a try of a person's second step, by whatever method; raises TooMany when no more are looked at."""
    for limit in (SECOND_STEP_HOUR, SECOND_STEP_DAY):
        limit.charge(user_id)


def give_back_second_step(user_id):
    """Takes the try back, after a right one."""
    for limit in (SECOND_STEP_HOUR, SECOND_STEP_DAY):
        limit.give_back(user_id)
