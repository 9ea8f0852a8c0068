"""A mail as bytes, read into what we need of it. Whatever is wrong with it, something comes out."""

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from functools import partial
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.identifiers import EMAIL_LENGTH
from tickets import limits
from tickets.incoming.html_text import text_of

# Those of mails within the mail are counted, too.
PARTS_AT_MOST = 100
# Half as many make up the largest mail; each may be compared with the divider of every part around it.
LINES_AT_MOST = 500_000
# Longer texts come as files: nobody reads them in a thread, and parting them from quotations takes time.
TEXT_BYTES = 1024 * 1024
# What nobody writes by hand; of longer ones, and of more, the beginning is looked at.
HEADER_LENGTH = 2000
RAW_HEADER_LENGTH = HEADER_LENGTH * 4
HEADERS_AT_MOST = 100
ADDRESSES_AT_MOST = 100
# Encodings of Python's own, which no mail is written in; the first takes minutes to read.
NO_CHARSETS = {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"}
NAME_LENGTH, SUBJECT_LENGTH = 150, 200
# Kept of control characters: tab and line feed.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
KEPT_CONTROLS = "\t\n"


class TooLarge(Exception):
    """The mail has more bytes or more lines than are taken."""


class TooManyParts(Exception):
    """The mail is made of more parts than a person's mail ever is."""


class Bounded(Message):
    """A part of a mail. Raises TooManyParts when there are too many.

    Of a long header the beginning is kept, and bytes that are no ASCII as the letters they are (RFC 6532), for which
    Python would put in question marks.
    """

    def __init__(self, numbers, policy):
        super().__init__(policy)
        if next(numbers) > PARTS_AT_MOST:
            raise TooManyParts

    def set_raw(self, name, value):
        super().set_raw(name, plain(value[:RAW_HEADER_LENGTH]))


@dataclass(frozen=True)
class Part:
    """A file of a mail: the name it came with, and its content."""

    name: str
    content: bytes


@dataclass
class Mail:
    """What was read. Addresses are lower-cased in A to Z only where they are compared, not here."""

    message_id: str = ""
    date: str = ""
    sender_name: str = ""
    sender_email: str = ""
    recipients: list = field(default_factory=list)
    references: list = field(default_factory=list)
    subject: str = ""
    text: str = ""
    parts: list = field(default_factory=list)
    authentication: list = field(default_factory=list)
    is_automatic: bool = False
    is_report: bool = False
    report: list = field(default_factory=list)

    @property
    def content(self):
        """A digest of what the mail says, the same when it is delivered twice."""
        told = [self.sender_email, self.subject, self.text, *(part.name for part in self.parts)]
        files = [hashlib.sha256(part.content).hexdigest() for part in self.parts]
        return hashlib.sha256("\x1f".join(told + files).encode("utf-8", "replace")).hexdigest()


def read(raw):
    """The mail in `raw`, bytes as they came. Raises TooLarge or TooManyParts."""
    if len(raw) > limits.MAIL_BYTES or lines_in(raw) > LINES_AT_MOST:
        raise TooLarge
    # Python's parser makes one more part, only to see how that is done.
    message = message_from_bytes(raw, partial(Bounded, count()))
    name, address = sender(message)
    mail = Mail(
        message_id=header(message, "Message-ID").strip()[:HEADER_LENGTH],
        date=header(message, "Date")[:HEADER_LENGTH],
        sender_name=name[:NAME_LENGTH],
        sender_email=address,
        recipients=addresses(message, "To", "Cc", "Delivered-To", "X-Original-To"),
        references=re.findall(r"<[^<>\s]+>", header(message, "In-Reply-To") + header(message, "References")),
        subject=(header(message, "Subject") or "").strip()[:SUBJECT_LENGTH],
        authentication=[plain(value)[:HEADER_LENGTH] for value in headers(message, "Authentication-Results")],
        is_automatic=is_automatic(message),
        is_report=message.get_content_type() == "multipart/report",
    )
    mail.text, mail.parts, mail.report = contents(walk(message))
    return mail


def lines_in(raw):
    """How many lines there are, whichever of the three ways they end."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def walk(message):
    """The leaves of the mail in their order; a mail within it is one of them."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += reversed(part.get_payload())
        else:
            yield part


def contents(parts):
    """(text, files, delivery reports) of the leaves."""
    plains, htmls, files, reports, room = [], [], [], [], TEXT_BYTES
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            reports.append(part)
            continue
        content = bytes_in(part)
        is_text = is_broken(part) or (kind in ("text/plain", "text/html") and not is_file(part))
        if is_text and len(content) <= room:
            (htmls if kind == "text/html" else plains).append(text_in(part, content))
            room -= len(content)
        elif content or part.get_filename():  # an empty one is missed by its name
            files.append(Part(file_name(part), content))
    text = "\n\n".join(filter(None, map(str.strip, plains))) or "\n\n".join(filter(None, map(text_of, htmls)))
    return cleaned(text).strip(), files, reports


def is_broken(part):
    """Whether it says it has parts that cannot be told apart; what it holds is shown as it is."""
    return part.get_content_maintype() == "multipart"


def is_file(part):
    """Whether a text was attached rather than written."""
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def file_name(part):
    """The name it came with; one by its type when it has none."""
    name = header_words(part.get_filename() or "")
    if name:
        return cleaned(name)
    return "message.eml" if part.get_content_maintype() == "message" else f"file.{part.get_content_subtype()[:20]}"


def bytes_in(part):
    """The content of a leaf; a mail within the mail as its text."""
    if part.get_content_maintype() == "message" and part.is_multipart():
        return b"\n\n".join(inner.as_bytes() for inner in part.get_payload())
    return part.get_payload(decode=True) or b""


def text_in(part, content):
    """The words of a text part in whatever encoding they turn out to be."""
    for encoding in (part.get_content_charset() or "utf-8", "utf-8", "windows-1250"):
        try:
            if codecs.lookup(encoding).name not in NO_CHARSETS:
                return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def header(message, name):
    """A header in words, on one line; "" when it is not there."""
    return header_words(message.get(name) or "")


def headers(message, name):
    """The first of the headers of this name, topmost first."""
    return message.get_all(name, [])[:HEADERS_AT_MOST]


def header_words(value):
    """An encoded header (RFC 2047) as text; what cannot be decoded stays as it is."""
    value = plain(value)[:RAW_HEADER_LENGTH]
    try:
        words = "".join(
            piece.decode(encoding or "utf-8", "replace") if isinstance(piece, bytes) else piece
            for piece, encoding in decode_header(value)
        )
    except (LookupError, ValueError):
        words = value
    return " ".join(cleaned(words).split())


def plain(value):
    """A header value as a string, with bytes that are no ASCII read as UTF-8."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def cleaned(text):
    """Without characters that nobody sees and some readers stumble over."""
    unseen = {c: None for c in set(text) if c not in KEPT_CONTROLS and unicodedata.category(c) in UNSEEN}
    return text.translate(str.maketrans(unseen)) if unseen else text


def sender(message):
    """(name, address) of the one From line; ("", "") when there is none, several, or none that can be an address."""
    lines = message.get_all("From", [])
    if len(lines) != 1:
        return "", ""
    name, address = parseaddr(plain(lines[0])[:HEADER_LENGTH])
    is_one = len(getaddresses([plain(lines[0])[:HEADER_LENGTH]])) == 1 and len(address) <= EMAIL_LENGTH
    try:
        validate_email(address)
    except ValidationError:
        is_one = False
    return ("", "") if not is_one else (header_words(name) or address, address)


def addresses(message, *names):
    """Every address in these headers."""
    values = [plain(value) for name in names for value in headers(message, name)]
    return [address for _name, address in getaddresses(values)][:ADDRESSES_AT_MOST]


def is_automatic(message):
    """Whether a machine wrote it: an automatic answer (RFC 3834), a list (RFC 2919) or a mass mailing."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    precedence = header(message, "Precedence").strip().casefold()
    return (
        submitted not in ("", "no")
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or any(name in message for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or message.get_content_type() == "multipart/report"
    )
