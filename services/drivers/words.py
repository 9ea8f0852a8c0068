"""What a server says about a job, as JSON: read with suspicion, for it is kept and shown."""

from services.drivers.base import Account, Done
from services.models import Credential, Service

MOST_ACCOUNTS = 20
MOST_FACTS = 30
LONGEST_NAME = 60
LONGEST_FACT = 500
LONGEST_PASSWORD = 200
LONGEST_ERROR = 300


def word(content, name, longest, *, needed=False):
    """One field, "" where it is missing: a printable text of a size that we can keep. Raises ValueError.

    What is wrong with it is told without its value, which may be a secret.
    """
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > longest or not value.isprintable() or (needed and not value):
        raise ValueError(f"“{name}” is not a text of at most {longest} printable characters")
    return value


def done(content):
    """What was done, as {remote_id, configuration, accounts}. Raises ValueError."""
    accounts = content.get("accounts", [])
    if not isinstance(accounts, list) or len(accounts) > MOST_ACCOUNTS:
        raise ValueError(f"“accounts” is not a list of at most {MOST_ACCOUNTS}")
    remote_id = word(content, "remote_id", Service._meta.get_field("remote_id").max_length)
    configuration, accounts = facts(content), tuple(account(item) for item in accounts)
    told = [f"{item.kind} {item.login}" for item in accounts]
    answer = {"remote_id": remote_id, "configuration": configuration, "accounts": told}
    return Done(remote_id, configuration, accounts, {name: value for name, value in answer.items() if value})


def facts(content):
    """What is shown to the customer: {name: text}. Raises ValueError."""
    found = content.get("configuration", {})
    if not isinstance(found, dict) or len(found) > MOST_FACTS:
        raise ValueError(f"“configuration” is not an object of at most {MOST_FACTS} texts")
    for name in found:
        word({"name": name}, "name", LONGEST_NAME, needed=True)
        word(found, name, LONGEST_FACT)
    return found


def account(item):
    """What can be signed in to. Raises ValueError."""
    if not isinstance(item, dict) or item.get("kind") not in Credential.Kind.values:
        raise ValueError(f"the “kind” of an account is none of {', '.join(Credential.Kind.values)}")
    return Account(
        kind=item["kind"],
        login=word(item, "login", Credential._meta.get_field("login").max_length, needed=True),
        password=word(item, "password", LONGEST_PASSWORD),
        host=word(item, "host", Credential._meta.get_field("host").max_length),
    )


def reason(content):
    """Why it was not done, in the server's words or in ours."""
    try:
        return word(content, "error", LONGEST_ERROR, needed=True)
    except ValueError:
        return "the server does not say why"
