"""The doors for companies that take mail in our name: anymail checks who knocks and reads what they brought."""

import logging
import re
from email import message_from_bytes
from email.encoders import encode_base64
from urllib.parse import parse_qsl

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from tickets.file_names import clean_name
from tickets.incoming.taking import take

log = logging.getLogger("tickets.incoming")

DOORS = {"mailgun": MailgunInboundWebhookView, "postmark": PostmarkInboundWebhookView}

# A mail of 25 MB comes as text, and its files may come beside it once more.
LARGEST_BODY = 55 * 1024 * 1024
FIELDS_AT_MOST = 1000
# What stands above the content of a field. It is read before anybody knows whose it is.
HEAD_BYTES = 4000
# Where Mailgun puts a whole mail.
RAW_FIELD = "body-mime"
# Whose words these are nobody knows: no mail server of ours has taken out what a sender wrote.
WORDS_OF_OTHERS = re.compile(rb"^Authentication-Results:.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE)


HEAD_END = re.compile(rb"(?:\r\n|\r(?!\n)|\n){2}")
# What anymail stumbles over when fields are missing, of another kind, or thousands deep in each other.
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Refused(Exception):
    """Whoever knocks cannot prove who they are, or makes no sense."""


class Delivery(HttpRequest):
    """What was brought, with a body that was read within its bound, for anymail's views to look at.

    `raw` is a whole mail that came in a field, which is taken out: it is bytes, and no text.
    """

    body = b""

    def __init__(self, request, body):
        super().__init__()
        self.method, self.META, self.body = request.method, request.META, body
        self.content_type, self.content_params = request.content_type, request.content_params
        fields = []
        if self.content_type == "multipart/form-data":
            fields, self.FILES = form_in(body, self.content_params.get("boundary", "").encode())
        elif self.content_type == "application/x-www-form-urlencoded":
            fields = pairs_in(body)
        self.raw = next((content for name, content in fields if name == RAW_FIELD), b"")
        self.POST = QueryDict(mutable=True)
        for name, content in fields:
            self.POST.appendlist(name, "" if name == RAW_FIELD else content.decode("utf-8", "replace"))


def pairs_in(body):
    """The fields of a form without files. Raises Refused."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError as error:
        raise Refused(str(error)) from error
    return [(name.decode("utf-8", "replace"), content) for name, content in pairs]


def form_in(body, boundary):
    """(fields, files) of a form. Django's own parser takes no field as large as a mail. Raises Refused."""
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, FIELDS_AT_MOST + 2)[1:]
    if not boundary or len(parts) > FIELDS_AT_MOST:
        raise Refused("not a form")
    fields, files = [], MultiValueDict()
    for part in parts:
        if part.startswith(b"--"):
            break
        head, _empty_line, content = part.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if len(head) > HEAD_BYTES:
            raise Refused("not a form")
        headers = message_from_bytes(head + b"\r\n\r\n")
        name, file_name = str(headers.get_param("name", "", "content-disposition")), headers.get_filename()
        if file_name is None:
            fields.append((name, content))
        else:
            files.appendlist(name, SimpleUploadedFile(clean_name(file_name), content, headers.get_content_type()))
    return fields, files


def receive(provider, request, body):
    """Takes every mail that was brought; what cannot be read is kept as it is for support. Raises Refused."""
    delivery, view = Delivery(request, body), DOORS[provider]()
    try:
        view.run_validators(delivery)
    except (AnymailWebhookValidationFailure, *NONSENSE) as error:
        raise Refused(str(error)) from error
    try:
        mails = [read(event, delivery) for event in view.parse_events(delivery)]
    except AnymailConfigurationError as error:  # this is no door for what was brought
        raise Refused(str(error)) from error
    except NONSENSE:
        log.exception("what %s brought could not be read", provider)
        mails = [(body, [], None)]
    for raw, recipients, envelope_from in mails:
        take(raw, recipients=recipients, envelope_from=envelope_from)


def read(event, delivery):
    """(mail, recipients, sender by the envelope) of what anymail found."""
    recipients = [address.strip() for address in (event.message.envelope_recipient or "").split(",")]
    raw = without_words_of_others(delivery.raw or raw_of(event))
    return raw, list(filter(None, recipients)), event.message.envelope_sender


def raw_of(event):
    """The mail as Postmark had it, or put together from what was told of it."""
    told = event.esp_event
    raw = told.get("RawEmail") if isinstance(told, dict) else None
    if raw:
        return raw.encode("utf-8", "replace")
    for part in event.message.walk():
        if not part.is_multipart() and "Content-Transfer-Encoding" not in part:  # its line ends would be changed
            encode_base64(part)
    return event.message.as_bytes()


def without_words_of_others(raw):
    """The mail without Authentication-Results; Python's parser lets lines end in any of three ways."""
    end = HEAD_END.search(raw)
    head, rest = (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n") + b"\n"
    return WORDS_OF_OTHERS.sub(b"", lines).removesuffix(b"\n") + rest
