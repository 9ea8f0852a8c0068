"""Where mails and text messages of the demo go: files that the pages under /demo/mail/ show."""

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import get_random_string

from accounts.sms.base import Sender


@dataclass
class Kept:
    """One message. Its `key` is the name of its file; keys sort by time."""

    channel: str
    to: str
    subject: str
    text: str
    sender: str = ""
    key: str = ""
    reply_to: str = ""
    message_id: str = ""

    @property
    def at(self):
        """When it was sent."""
        return datetime.fromtimestamp(int(self.key.partition("-")[0]) / 1e9, tz=UTC)


def folder():
    """Server and worker are two processes; this folder is what they share."""
    path = settings.VAR_DIR / "demo-mail"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(message):
    """Writes a message, so that a reader sees the whole of it or none."""
    message.key = f"{time.time_ns():020d}-{get_random_string(8)}"
    unfinished = folder() / f".{message.key}"
    unfinished.write_text(json.dumps(asdict(message)), encoding="utf-8")
    unfinished.rename(folder() / f"{message.key}.json")


def keys():
    """The keys of all messages, the newest first, without opening any."""
    names = (entry.name for entry in os.scandir(folder()))
    return sorted((name.removesuffix(".json") for name in names if not name.startswith(".")), reverse=True)


def find(key):
    """The message of this key; None when there is none."""
    path = folder() / f"{key}.json"
    return Kept(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


class MailBackend(BaseEmailBackend):
    """Keeps mails instead of sending them."""

    def send_messages(self, email_messages):
        for mail in email_messages:
            sender = mail.extra_headers.get("From", mail.from_email)
            answered = {"reply_to": ", ".join(mail.reply_to), "message_id": mail.extra_headers.get("Message-ID", "")}
            keep(Kept("mail", ", ".join(mail.to), mail.subject, mail.body, sender, **answered))
        return len(email_messages)


class DemoSender(Sender):
    """Keeps text messages instead of sending them."""

    def send(self, number, text, reference):
        keep(Kept("sms", number, "", text))
