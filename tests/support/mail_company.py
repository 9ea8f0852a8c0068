"""What proves that Postmark or Mailgun knocks, made by us."""

import base64
import hashlib
import hmac

SECRET, KEY = "postmark:a-secret-of-the-tests", "a-signing-key-of-the-tests"
# What anymail checks it by.
SHARED = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def basic(secret=SECRET):
    """The headers by which Postmark is known."""
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def signed(key=KEY, token="t" * 50, timestamp="1795255200"):
    """Mailgun's signature."""
    made = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": timestamp, "signature": made}
