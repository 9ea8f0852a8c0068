"""Threads by what was typed: a case number, or words in the subject and in the messages."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts import search
from accounts.pages import Page, page_of
from tickets.models import Message, MessageWords, Ticket
from tickets.models.ticket import typed_number

NOTHING = Page([], before="", after="")
# So many messages with the words are taken out of their index and their threads sorted; where there are more, it
# takes less to go through the threads in their order until a page is full. A customer has fewer threads than all.
FEW, FEW_OF_CUSTOMER = 1000, 300


def found_page(tickets, text, *, by, params, customer=None, exactly=()):
    """The page of those of the threads, which may all be of one customer, that have what was typed.

    Every word must begin a word of one message or of its thread's subject. When nothing has them all, their stems
    are looked for. A case number, or one of the conditions in `exactly`, comes before words. The rows know where
    it was found: `found_subject` and `found_text`, as HTML.
    """
    if not text:
        return page_of(tickets, by=by, params=params)
    page = NOTHING
    for narrowed, words in readings(tickets, text, customer, exactly):
        page = page_of(narrowed, by=by, params=params)
        if page.rows:
            mark(page.rows, words)
            break
    return page


def readings(tickets, text, customer, exactly):
    """What the text may mean, the surest first: (threads that fit, the words to mark in them)."""
    number = typed_number(text)
    merged = Ticket.objects.filter(number=number, merged_into__isnull=False).values("merged_into")
    for condition in [Q(number=number) | Q(pk__in=merged)] * bool(number) + list(exactly):
        yield tickets.filter(condition), []
    words = search.WORD.findall(text)[: search.WORDS_AT_MOST]
    if words:
        for beginnings in (words, list(map(search.stem, words))):
            yield having(tickets, beginnings, customer), beginnings


def having(tickets, words, customer):
    """The threads that have all of the words, with `text_found`: the newest message that has them."""
    if connection.vendor != "postgresql":
        return having_plainly(tickets, words)
    typed = search.typed_words(" ".join(words))
    rows, few = MessageWords.objects.beginning(typed), FEW
    if customer:
        rows, few = MessageWords.objects.beginning_at(customer, typed), FEW_OF_CUSTOMER
    found = list(rows.values_list("ticket", flat=True)[: few + 1])
    here = MessageWords.objects.beginning(typed).filter(ticket=OuterRef("pk"))
    tickets = tickets.annotate(text_found=Subquery(here.order_by("-message").values("message__text")[:1]))
    return tickets.filter(pk__in=set(found)) if len(found) <= few else tickets.filter(text_found__isnull=False)


def having_plainly(tickets, words):
    """The same without PostgreSQL: anywhere in a word, and accents as they were typed."""
    said = Message.objects.filter(ticket=OuterRef("pk"))
    anything = Q()
    for word in words:
        here = Q(text__icontains=word)
        anything |= here
        tickets = tickets.filter(Q(number__icontains=word) | Q(subject__icontains=word) | Exists(said.filter(here)))
    newest = said.filter(anything).order_by("-pk").values("text")[:1]
    return tickets.annotate(text_found=Subquery(newest))


def mark(rows, words):
    """Says in the rows where the words stand. A message shown only because the subject has them says nothing."""
    beginnings = search.typed_words(" ".join(words))
    for ticket in rows:
        text = getattr(ticket, "text_found", None) or ""
        ticket.found_subject = search.marked(ticket.subject, beginnings)
        ticket.found_text = search.excerpt(text, beginnings, or_beginning=False)
