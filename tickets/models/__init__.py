"""The tables of messages, one subject a module."""

from tickets.models.attachment import Attachment
from tickets.models.canned import CannedAnswer
from tickets.models.category import Category
from tickets.models.contact_request import ContactRequest
from tickets.models.draft import Draft
from tickets.models.habit import DeskHabit
from tickets.models.mail import IncomingMail, ReplyAddress
from tickets.models.message import Message, ReadMark
from tickets.models.note import Note
from tickets.models.opening_hours import OpeningHours
from tickets.models.opinion import Opinion
from tickets.models.ticket import Ticket
from tickets.models.turn import Turn
from tickets.models.words import MessageWords
from tickets.models.writing import Writing

__all__ = [
    "Attachment",
    "CannedAnswer",
    "Category",
    "ContactRequest",
    "DeskHabit",
    "Draft",
    "IncomingMail",
    "Message",
    "MessageWords",
    "Note",
    "OpeningHours",
    "Opinion",
    "ReadMark",
    "ReplyAddress",
    "Ticket",
    "Turn",
    "Writing",
]
