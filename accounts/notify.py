"""Tells a person something by mail or SMS: a row in the caller's transaction, sent later by the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import limits, one_click, ways
from accounts.models import Outbox, Provider, Unwanted


class NoLongerNeeded(Exception):
    """Raised by a letter whose subject is gone: the link was replaced, the person blocked."""


class Kind(models.TextChoices):
    """What letters are about, for choosing which of them to get. Those about security have no kind."""

    MONEY = "money", _("Invoices and payments")
    MESSAGES = "messages", _("Messages")
    SERVICES = "services", _("Services and renewals")
    NEWS = "news", _("News and offers")


@dataclass(frozen=True)
class Letter:
    """One kind of message. `context` turns the row into what the templates say.

    `title` is what administrators call it; `optional` is the words beside the tick box with which a
    person may switch it off, or "". A `kind` may be left as a whole by an address without a login, such as
    a contact person's. `by_consent` says that it goes only to people who asked for it. `by_text` is the words
    beside the tick box with which a person gets a text message about it as well, or "": then there is a sms.txt.
    """

    name: str
    title: str
    context: Callable
    optional: str = ""
    kind: str = ""
    by_consent: bool = False
    by_text: str = ""

    def may_be_left(self, *, by_person):
        """Whether its reader, a person with a login or a bare address, may switch it off."""
        return bool(self.optional if by_person else self.kind)


LETTERS = {}


def letter(name, title, optional="", kind="", *, by_consent=False, by_text=""):
    """Registers the decorated function as the context of templates/emails/<name>/."""

    def decorate(function):
        LETTERS[name] = Letter(name, title, function, optional, kind, by_consent, by_text)
        return function

    return decorate


def optional_letters():
    """(name, words) of what a person may switch off."""
    return [(letter.name, letter.optional) for letter in offered()]


def offered():
    """Letters with a tick box of their own."""
    return [letter for letter in LETTERS.values() if letter.optional and not letter.by_consent]


def optional_by_kind():
    """The same as groups: [(kind in words, [(name, words), …]), …]."""
    return grouped([(row.kind, row.name, row.optional) for row in offered()])


def texts_by_kind():
    """What a person may get as a text message, likewise."""
    return grouped([(row.kind, row.name, row.by_text) for row in LETTERS.values() if row.by_text])


def grouped(letters):
    """(kind, name, words) of letters as groups under the words of their kinds."""
    groups = [(kind.label, [(name, words) for of, name, words in letters if of == kind]) for kind in Kind]
    return [(label, found) for label, found in groups if found]


def words(name):
    """What a person calls the optional letter `name`, in their language."""
    return str(LETTERS[name].optional) if name in LETTERS else name


def title(name):
    """What administrators call the letter `name`, in their language."""
    return str(LETTERS[name].title) if name in LETTERS else name


def mail(name, *, to=None, address="", language="", **ids):
    """Writes a mail to the person `to`, or to a bare `address` in `language`; None when switched off.

    `ids` name the rows it is about; texts, links and codes are made when it is sent. Who asked for a text message
    about such things gets one, too, whether or not they want the mail.
    """
    if to and wants_text(name, to):
        sms(name, to=to, **ids)
    if not is_wanted(name, to, address):
        return None
    return Outbox.objects.create(
        channel=Outbox.Channel.MAIL,
        letter=name,
        user=to,
        address=address or to.email,
        language=language or (to.language if to else get_language()),
        ids=ids,
    )


def is_wanted(name, person, address):
    """Whether its reader has not switched the letter off: this one as a person, its kind as a bare address."""
    letter = LETTERS[name]
    if person:
        return not (letter.optional and name in person.muted)
    return not (letter.kind and Unwanted.objects.filter(digest=one_click.digest(address), kind=letter.kind).exists())


def wants_text(name, person):
    """Whether the person asked for text messages about it, at a number of theirs, and did not get a great many."""
    if name not in person.texted or not LETTERS[name].by_text or not ways.has_confirmed_phone(person):
        return False
    names = [letter.name for letter in LETTERS.values() if letter.by_text]
    lately = Outbox.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    return lately.filter(user=person, channel=Outbox.Channel.SMS, letter__in=names).count() < limits.TEXTS_A_DAY


def sms(name, *, to, **ids):
    """Writes a text message to the person's phone."""
    return Outbox.objects.create(
        channel=Outbox.Channel.SMS, letter=name, user=to, address=to.phone, language=to.language, ids=ids
    )


class Batch:
    """Messages that are sent together: what a letter is about is found for all of them by one query."""

    def __init__(self, rows):
        self.rows, self.found = rows, {}
        for row in rows:
            row.batch = self

    def look_again(self):
        """Forgets what was found: it may have changed since."""
        self.found.clear()

    def find(self, row, name, among):
        """The row of the queryset `among` that the message names as `ids[name]`, or None."""
        key = (row.letter, name)
        if key not in self.found:
            named = {other.ids.get(name) for other in self.rows if other.letter == row.letter}
            self.found[key] = among.in_bulk(pk for pk in named if isinstance(pk, int))
        return self.found[key].get(row.ids[name])

    def need(self, row, name, among):
        """What `find` says. Raises NoLongerNeeded where there is nothing: it is gone, or no longer one of `among`."""
        found = self.find(row, name, among)
        if found is None:
            raise NoLongerNeeded
        return found


@dataclass(frozen=True)
class Rendered:
    """A message ready to go. `html` is empty for a text message; `headers` are extra mail headers.

    `attached` are (file name, content, media type); `reply_to` is where this one is answered, if not at the provider.
    """

    subject: str
    text: str
    html: str = ""
    headers: dict = field(default_factory=dict)
    attached: list = field(default_factory=list)
    reply_to: str = ""


def is_still_wanted(row):
    """The same at the moment of sending; a text message goes to the number that is theirs by now, or nowhere."""
    if row.channel == Outbox.Channel.SMS and LETTERS[row.letter].by_text:
        return row.letter in row.user.texted and row.address == row.user.confirmed_phone
    return is_wanted(row.letter, row.user, row.address)


def render(row):
    """The words of a row in its reader's language. Raises NoLongerNeeded when nothing is left to say."""
    letter = LETTERS[row.letter]
    if not is_still_wanted(row):
        raise NoLongerNeeded
    leave = one_click.address(row) if letter.may_be_left(by_person=row.user is not None) else ""
    with translation.override(row.language):
        context = {
            "user": row.user,
            "provider": Provider.current(),
            "site_url": settings.SITE_URL,
            "language": row.language,
            "unsubscribe_url": leave,
        }
        context |= letter.context(row)
        folder = f"emails/{row.letter}"
        if row.channel == Outbox.Channel.SMS:
            return Rendered("", render_to_string(f"{folder}/sms.txt", context).strip())
        return Rendered(
            " ".join(render_to_string(f"{folder}/subject.txt", context).split()),
            render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            render_to_string(f"{folder}/body.html", context),
            (one_click.headers(leave) if leave else {}) | context.get("headers", {}),
            context.get("attached", []),
            context.get("reply_to", ""),
        )
