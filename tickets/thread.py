"""The messages of one thread as its pages show them."""

from dataclasses import dataclass

from accounts.typed import whole_number

# Enough for nearly every conversation; a longer one opens at its end.
MESSAGES_ON_A_PAGE = 50
MESSAGES_PRINTED = 500


@dataclass(frozen=True)
class Thread:
    """Messages, oldest first. `before` is where the earlier ones go on, `latest` whether the last is here.

    `unread` is the id of the first answer that its reader has not seen.
    """

    messages: list
    before: int | None
    latest: bool
    unread: int | None = None

    @property
    def last_id(self):
        """The id of the last message shown."""
        return self.messages[-1].pk if self.messages else 0


def messages_of(ticket, before=None, *, seen=None, size=None):
    """The last messages of a thread with their attachments, in two queries; `before` asks for earlier ones.

    They are `size` at most, MESSAGES_ON_A_PAGE unless told. Answers written after `seen` are new to the reader.
    """
    size = size or MESSAGES_ON_A_PAGE
    messages = ticket.messages.prefetch_related("attachments").order_by("-pk")
    position = whole_number(before or "")
    if position is not None:
        messages = messages.filter(pk__lt=position)
    found = list(messages[: size + 1])
    shown = found[:size][::-1]
    unread = (message.pk for message in shown if seen and message.is_staff and message.created_at > seen)
    return Thread(shown, shown[0].pk if len(found) > size else None, position is None, next(unread, None))
