"""The tables of messages, one subject a module."""

from tickets.models.attachment import Attachment
from tickets.models.category import Category
from tickets.models.message import Message, ReadMark
from tickets.models.ticket import Ticket

__all__ = ["Attachment", "Category", "Message", "ReadMark", "Ticket"]
