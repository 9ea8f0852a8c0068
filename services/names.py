"""Domain names in the one form they are kept and looked for in."""


def canonical_domain(text):
    """The bare name in lower case: an address copied from a browser comes down to its host.

    International names stay as people write them; nothing here talks to a registry.
    """
    host = text.strip().casefold().rpartition("://")[2].partition("/")[0]
    return host.removeprefix("www.").rstrip(".")
