"""Text messages by SMSAPI (smsapi.pl, smsapi.com): one POST, with a token."""

import hashlib

import httpx
from django.conf import settings

from accounts.sms.base import Sender, SmsError

TIMEOUT_SECONDS = 20
# Plain letters and digits, short enough for any field of theirs.
REFERENCE_LENGTH = 36

# Its error codes (https://www.smsapi.pl/docs, "Error codes") that no second try of this message mends: no text or
# too much of it, no valid number. Everything else may be set right at the account.
FOR_GOOD = {11, 12, 13}
# This reference was used already: the first try got through although we did not hear of it.
SENT_BEFORE = 53


class SmsapiSender(Sender):
    """Sends by SMSAPI. A repeated message carries the same `idx`, so that it goes out once."""

    def send(self, number, text, reference):
        answer = self.post(
            {
                "to": number.removeprefix("+"),
                "message": text,
                "encoding": "utf-8",
                "format": "json",
                "idx": idx(reference),
                "check_idx": "1",
                **({"from": settings.SMSAPI_SENDER} if settings.SMSAPI_SENDER else {}),
            }
        )
        error = answer.get("error")
        if error and error != SENT_BEFORE:
            raise SmsError(f"SMSAPI {error}: {answer.get('message', '')}"[:300], permanent=error in FOR_GOOD)

    def post(self, fields):
        """SMSAPI's answer as a dictionary. Raises SmsError when there is none."""
        address = settings.SMSAPI_URL.rstrip("/") + "/sms.do"
        headers = {"Authorization": f"Bearer {settings.SMSAPI_TOKEN}"}
        try:
            answer = httpx.post(address, data=fields, headers=headers, timeout=TIMEOUT_SECONDS).json()
        except (httpx.HTTPError, ValueError) as error:
            raise SmsError(f"SMSAPI gave no answer: {type(error).__name__}") from error
        if not isinstance(answer, dict) or not ({"error", "list"} & answer.keys()):
            raise SmsError("SMSAPI gave an answer that is none")
        return answer


def idx(reference):
    """The reference under which SMSAPI knows a message, the same for the same message."""
    return hashlib.sha256(reference.encode()).hexdigest()[:REFERENCE_LENGTH]
