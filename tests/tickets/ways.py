"""The ways on which somebody may come to see what is written in a thread; who_sees_what.txt says who does."""

import zipfile
from dataclasses import dataclass
from functools import cached_property

from django.core import mail as mailbox
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts import exports, notify, outbox
from accounts.keys import new_selector
from accounts.models import DataExport, Outbox, User
from tests.cast import PASSWORD
from tests.tickets.incoming.conftest import letter as mail_from
from tickets.incoming import take
from tickets.models import Attachment, Category, IncomingMail, Message, ReadMark, Ticket


@dataclass
class Thing:
    """A thread with everything that hangs on it; what `said` tells stands nowhere else."""

    name: str
    ticket: Ticket
    attachment: Attachment
    picture: Attachment
    upload: Attachment
    drafted: Attachment
    answer: Message
    refused: IncomingMail
    reply_to: str

    def said(self, kind):
        """What is written in its "Message", "Note", "Draft" and so on."""
        return f"{kind}-{self.name}."


@dataclass
class Visit:
    """One person at the panel's doors."""

    person: User | None
    browser: Client
    things: dict

    def page(self, address, **params):
        """What the person reads there; "" when the page is not theirs."""
        answer = self.browser.get(address, params)
        return whole(answer) if answer.status_code == 200 else ""

    def post(self, name, letter, form=None, app="tickets"):
        """Sends a form about one of the threads."""
        return self.browser.post(reverse(f"{app}:{name}", args=[self.things[letter].ticket.number]), form or {})

    @cached_property
    def everything(self):
        """All that is told to this person about messages, in one text."""
        return everything(self)

    def each(self, reached):
        """Letters of the things of which `reached(letter, thing)` is true."""
        return {letter for letter, thing in self.things.items() if reached(letter, thing)}

    def numbers_on(self, page):
        """Letters of the threads whose numbers stand there."""
        return self.each(lambda letter, thing: thing.ticket.number in page)

    def words_on(self, page, kind="Message"):
        """Letters of the threads whose words, or other things said in them, stand there."""
        return self.each(lambda letter, thing: thing.said(kind) in page)


def whole(answer):
    """What an answer says, read to its end."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


# --- The ways: each is a function of a visit that returns the letters of the threads that are reached.

WAYS = {}


def way(function):
    WAYS[function.__name__.strip("_").replace("_", "-")] = function
    return function


@way
def list_(visit):
    return visit.numbers_on(visit.page("/messages/"))


@way
def search(visit):
    return visit.numbers_on(visit.page("/messages/", q="Common"))


@way
def search_text(visit):
    """By words that stand in a message and in no subject."""
    return visit.each(lambda letter, thing: thing.ticket.number in visit.page("/messages/", q=thing.said("Message")))


@way
def thread(visit):
    return visit.each(lambda letter, thing: visit.page(f"/messages/{thing.ticket.number}/"))


@way
def text(visit):
    return visit.words_on(each_page(visit, "/messages/{}/"))


@way
def in_place(visit):
    pages = [visit.page("/messages/", open=thing.ticket.number) for thing in visit.things.values()]
    return visit.words_on("".join(pages))


@way
def unfolded(visit):
    return visit.words_on(each_page(visit, "/messages/{}/unfolded/"))


@way
def print_(visit):
    return visit.words_on(each_page(visit, "/messages/{}/print/"))


def each_page(visit, address):
    """This page of every thread, one after another."""
    return "".join(visit.page(address.format(thing.ticket.number)) for thing in visit.things.values())


def handed_out(visit, file):
    return bool(visit.page(reverse("tickets:attachment", args=[file.token])))


@way
def attachment(visit):
    return visit.each(lambda letter, thing: handed_out(visit, thing.attachment))


@way
def thumbnail(visit):
    return visit.each(lambda letter, thing: visit.page(reverse("tickets:thumbnail", args=[thing.picture.token])))


@way
def upload(visit):
    return visit.each(lambda letter, thing: handed_out(visit, thing.upload))


@way
def drafted_file(visit):
    return visit.each(lambda letter, thing: handed_out(visit, thing.drafted))


@way
def new_draft(visit):
    return visit.words_on(visit.page("/messages/new/"), "Plan")


@way
def send_upload(visit):
    """With a message in a thread where this person may write: "g", "f", or any one at the desk."""

    def is_sent(_letter, thing):
        form = {"text": "With it.", "attachment": thing.upload.token, "last_seen": 10**12}
        for name, letter in [("reply", "g"), ("reply", "f"), ("desk_reply", "g")]:
            visit.post(name, letter, form)
        return Attachment.objects.filter(pk=thing.upload.pk, message__isnull=False).exists()

    return visit.each(is_sent)


@way
def mark_read(visit):
    visit.browser.post("/messages/mark-read/", {"number": [thing.ticket.number for thing in visit.things.values()]})
    mine = Q(user=visit.person) if visit.person else Q()
    return visit.each(lambda letter, thing: ReadMark.objects.filter(mine, ticket=thing.ticket).exists())


@way
def reply(visit):
    def lands(letter, thing):
        visit.post("reply", letter, {"text": "More."})
        return thing.ticket.messages.filter(text="More.").exists()

    return visit.each(lands)


@way
def close(visit):
    def is_closed(letter, thing):
        visit.post("close", letter)
        return Ticket.objects.get(pk=thing.ticket.pk).is_closed

    return visit.each(is_closed)


@way
def reopen(visit):
    def is_open(letter, thing):
        Ticket.objects.filter(pk=thing.ticket.pk).update(status=Ticket.Status.CLOSED)
        visit.post("reopen", letter)
        return not Ticket.objects.get(pk=thing.ticket.pk).is_closed

    return visit.each(is_open)


@way
def first_page(visit):
    return visit.numbers_on(visit.page("/"))


@way
def count(visit):
    """Whether the tile counts it when it is the only one that is open."""

    def is_counted(_letter, thing):
        Ticket.objects.update(status=Ticket.Status.CLOSED)
        Ticket.objects.filter(pk=thing.ticket.pk).update(status=Ticket.Status.OPEN)
        return "<span>Messages</span><strong>1</strong>" in visit.page("/")

    return visit.each(is_counted)


@way
def history(visit):
    return visit.numbers_on(visit.page("/history/"))


@way
def export(visit):
    """Rows, texts and files: each is there or none."""
    found = exported(visit)
    parts = [
        visit.words_on(found),
        visit.each(lambda letter, thing: f'"number": "{thing.ticket.number}"' in found),
        visit.words_on(found, "File"),
    ]
    assert parts[0] == parts[1] == parts[2]
    return parts[0]


def exported(visit):
    """What the person's own data tell of messages."""
    visit.browser.post("/data/export/", {"current_password": PASSWORD})
    found = ""
    for row in DataExport.objects.all():
        exports.make.call(row.pk)
        with DataExport.objects.get(pk=row.pk).file.open() as file, zipfile.ZipFile(file) as archive:
            files = [archive.read(name) for name in archive.namelist() if "tickets/" in name]
            found += "".join(file.decode(errors="replace") for file in files)
    return found


@way
def mail(visit):
    return visit.each(lambda letter, thing: goes_out(visit, thing)) if visit.person else set()


def goes_out(visit, thing):
    """Whether the mail with the answer is sent to this person."""
    row = notify.mail("ticket_answered", to=visit.person, message=thing.answer.pk)
    outbox.send_waiting()
    return Outbox.objects.get(pk=row.pk).state == Outbox.State.SENT


def counts_as_theirs(visit, *, proved):
    """Letters of the threads in which a mail from the person's address is the person's."""

    def is_theirs(_letter, thing):
        words = f"By mail {new_selector()}"
        sender = visit.person.email if visit.person else "unknown@example.com"
        raw = mail_from(sender, thing.reply_to, words, proved=proved, message_id=f"<{new_selector()}@mail.example>")
        take(raw.as_bytes(), recipients=[thing.reply_to])
        found = Message.objects.filter(text=words).first()
        return found and (found.is_verified or found.author)

    return visit.each(is_theirs)


@way
def by_mail(visit):
    return counts_as_theirs(visit, proved=True)


@way
def forged_mail(visit):
    return counts_as_theirs(visit, proved=False)


@way
def desk(visit):
    reached = visit.words_on(each_page(visit, "/desk/{}/"))
    listed = visit.numbers_on(visit.page("/desk/", status="answered"))
    assert reached == listed
    return reached


@way
def desk_answer(visit):
    def is_sent(letter, thing):
        visit.post("desk_reply", letter, {"text": "From the desk.", "last_seen": 10**12})
        return thing.ticket.messages.filter(text="From the desk.").exists()

    return visit.each(is_sent)


@way
def desk_search(visit):
    return visit.each(lambda letter, thing: thing.ticket.number in visit.page("/desk/", q=thing.said("Message")))


@way
def desk_note(visit):
    def is_written(letter, thing):
        visit.post("desk_note", letter, {"text": "Careful."})
        return thing.ticket.notes.filter(text="Careful.").exists()

    return visit.each(is_written)


@way
def desk_assign(visit):
    def is_assigned(letter, thing):
        visit.post("desk_assign", letter, {"to": ""})
        return Ticket.objects.get(pk=thing.ticket.pk).assignee is None

    return visit.each(is_assigned)


@way
def desk_close(visit):
    def is_closed(letter, thing):
        visit.post("desk_close", letter)
        return Ticket.objects.get(pk=thing.ticket.pk).is_closed

    return visit.each(is_closed)


@way
def desk_sort(visit):
    category = Category.objects.create(name_pl="Inne", name_en="Other")

    def is_sorted(letter, thing):
        form = {"category": category.pk, "service": thing.ticket.service_id or ""}
        visit.post("desk_sort", letter, form)
        return Ticket.objects.get(pk=thing.ticket.pk).category == category

    return visit.each(is_sorted)


@way
def desk_merge(visit):
    """Into another thread of the same customer, or of some customer when it is nobody's."""

    def is_merged(letter, thing):
        of = {"customer": thing.ticket.customer or visit.things["g"].ticket.customer}
        into = Ticket.objects.create(**of, category=thing.ticket.category, service=thing.ticket.service)
        visit.post("desk_merge", letter, {"into": into.number, "confirmed": "yes"})
        return Ticket.objects.get(pk=thing.ticket.pk).merged_into == into

    return visit.each(is_merged)


@way
def desk_give(visit):
    customer = visit.things["g"].ticket.customer

    def is_given(letter, thing):
        visit.post("desk_give", letter, {"customer": customer.number, "confirmed": "yes"})
        return Ticket.objects.get(pk=thing.ticket.pk).customer_id != thing.ticket.customer_id

    return visit.each(is_given)


@way
def desk_figures(visit):
    """Whether it is counted when it alone is of the category that is asked for."""
    category = Category.objects.create(name_pl="Inne", name_en="Other")

    def is_counted(_letter, thing):
        Ticket.objects.update(category=thing.ticket.category)
        Ticket.objects.filter(pk=thing.ticket.pk).update(category=category)
        answer = visit.browser.get("/desk/figures/", {"category": category.pk})
        return answer.status_code == 200 and answer.context["weeks"][0].new == 1

    return visit.each(is_counted)


@way
def mails_not_taken(visit):
    """In the list, and read with their text and as they came: all of it or nothing."""
    listed = visit.page("/desk/mails/", reason="all")
    rows = {letter: thing.refused.pk for letter, thing in visit.things.items()}
    parts = [
        {letter for letter, pk in rows.items() if f"/desk/mails/{pk}/" in listed},
        visit.words_on("".join(visit.page(f"/desk/mails/{pk}/") for pk in rows.values()), "Refused"),
        visit.words_on("".join(visit.page(f"/desk/mails/{pk}/raw/") for pk in rows.values()), "Refused"),
    ]
    assert parts[0] == parts[1] == parts[2]
    return parts[0]


@way
def administration(visit):
    rows = visit.things.values()
    pages = [visit.page(reverse("admin:tickets_ticket_change", args=[thing.ticket.pk])) for thing in rows]
    reached, listed = visit.words_on("".join(pages)), visit.numbers_on(visit.page("/admin/tickets/ticket/"))
    assert reached == listed
    return reached


@way
def suggestions(visit):
    """While a subject is typed there are articles for everybody, and nobody's messages, notes or drafts."""

    def is_suggested(_letter, thing):
        said = [thing.said(kind) for kind in ("Message", "Note", "Draft")]
        found = visit.page("/help/suggestions/", q=f"Common {' '.join(said)}")
        assert "Common questions" in found and "Unpublished" not in found
        return any(words in found for words in [thing.ticket.number, *said])

    return visit.each(is_suggested)


# --- What may stand anywhere: on any page, in a mail or in the data that are handed out.


@way
def anywhere(visit):
    return reached_anywhere(visit, "Message")


@way
def note(visit):
    return reached_anywhere(visit, "Note")


@way
def draft(visit):
    return reached_anywhere(visit, "Draft")


@way
def taken_by(visit):
    """Who of support has it."""
    return visit.each(lambda letter, thing: f"Took over message {thing.ticket.number}" in visit.everything)


# They read the same, so that it is read once for all of them.
ANYWHERE = ["anywhere", "note", "draft", "taken-by"]


def reached_anywhere(visit, kind):
    """Letters of the threads of which it is read somewhere, or which are found by its words."""
    searched = visit.each(lambda letter, thing: thing.ticket.number in visit.page("/messages/", q=thing.said(kind)))
    return searched | visit.words_on(visit.everything, kind)


def everything(visit):
    """Pages, mails, and the person's own data."""
    pages = [visit.page(address) for address in ("/", "/news/", "/history/", "/messages/", "/messages/new/", "/desk/")]
    for address in ("{}/", "{}/unfolded/", "{}/print/", "?open={}"):
        pages.append(each_page(visit, f"/messages/{address}"))
    pages.append(each_page(visit, "/desk/{}/"))
    for thing in visit.things.values():
        pages.append(visit.page(reverse("admin:tickets_ticket_change", args=[thing.ticket.pk])))
    return "".join([*pages, exported(visit), *mailed(visit)])


def mailed(visit):
    """The mails with the answers, as this person gets them."""
    mailbox.outbox.clear()
    if visit.person:
        visit.each(lambda letter, thing: goes_out(visit, thing))
    return [str([letter.body, letter.alternatives]) for letter in mailbox.outbox]
