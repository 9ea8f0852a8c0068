"""Whether a mail is from the domain that its From line names, as our own mail server found (RFC 8601)."""

import re

from django.conf import settings

# Only where a result begins: the envelope's sender stands in others, and is anybody's choice.
METHOD = re.compile(r"\s*dmarc\s*=\s*(\w+)", re.IGNORECASE)
HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*\"?@?([^\s;\"()]+)", re.IGNORECASE)
COMMENT = re.compile(r"\([^()]*\)")


def is_proved(headers, domain):
    """Whether DMARC passed for `domain`, by the first result of our own server.

    `headers` are the values of Authentication-Results, topmost first. Results under another server's name are
    anybody's words. Of several under ours the topmost counts: a server adds on top, and one below may be forged.
    """
    for value in headers:
        server, _semicolon, results = COMMENT.sub(" ", str(value)).partition(";")
        words = server.split()
        if settings.MAIL_AUTHSERV_ID and words and words[0].casefold() == settings.MAIL_AUTHSERV_ID.casefold():
            return passes(results, domain)
    return False


def passes(results, domain):
    """Whether DMARC is among the results, and every one of it is a pass of this very domain.

    A server tells one; another is out of words that a sender put between quotes or brackets.
    """
    told = [result for result in results.split(";") if METHOD.match(result)]
    return bool(told) and all(is_pass(result, domain) for result in told)


def is_pass(result, domain):
    """Whether one result of DMARC is a pass of this domain."""
    named = HEADER_FROM.search(result)
    same_domain = named is None or named[1].casefold() == domain.casefold()
    return METHOD.match(result)[1].casefold() == "pass" and same_domain
