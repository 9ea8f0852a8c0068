"""The REST service of the European Commission (ec.europa.eu/taxation_customs/vies), one POST."""

import httpx
from django.conf import settings

from accounts.vies.base import Answer, Vies, ViesError

TIMEOUT_SECONDS = 30
# Its errors that no second try mends; what the others say (MS_UNAVAILABLE, TIMEOUT, MS_MAX_CONCURRENT_REQ …) passes.
FOR_GOOD = {"INVALID_INPUT", "INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"}
# What it writes where a country does not tell.
NOT_TOLD = "---"
# The country codes of VIES are those of the numbers, but for Greece.
GREECE = {"GR": "EL"}


class CommissionVies(Vies):
    """Asks the Commission. With the seller's own number it gives a consultation number for what is valid."""

    def check(self, number, requester):
        country, rest = number[:2], number[2:]
        question = {"countryCode": GREECE.get(country, country), "vatNumber": rest}
        if requester:
            question |= {"requesterMemberStateCode": "PL", "requesterNumber": requester}
        found = self.post(question)
        if not isinstance(found.get("valid"), bool):
            code = error_of(found)
            raise ViesError(f"VIES: {code}"[:300], permanent=code in FOR_GOOD)
        return Answer(
            found["valid"],
            consultation=told(found, "requestIdentifier", 60),
            name=told(found, "name", 300),
            address=told(found, "address", 500),
        )

    def post(self, question):
        """The answer as a dictionary, whatever its status. Raises ViesError."""
        address = settings.VIES_URL.rstrip("/") + "/check-vat-number"
        try:
            found = httpx.post(address, json=question, timeout=TIMEOUT_SECONDS).json()
        except (httpx.HTTPError, ValueError) as error:
            raise ViesError(f"VIES gave no answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise ViesError("VIES gave an answer that is none")
        return found


def told(found, name, longest):
    """A text of the answer on one line, "" where there is none."""
    text = " ".join(str(found.get(name) or "").split())
    return "" if text == NOT_TOLD else text[:longest]


def error_of(found):
    """The code of an error, as either form of its answers names it."""
    wrappers = found.get("errorWrappers")
    first = wrappers[0] if isinstance(wrappers, list) and wrappers else {}
    code = first.get("error") if isinstance(first, dict) else ""
    return str(code or found.get("userError") or "no answer to the question")
