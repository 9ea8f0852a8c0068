"""The messages of one thread as its pages show them."""

from dataclasses import dataclass

# Enough for nearly every conversation; a longer one opens at its end.
MESSAGES_ON_A_PAGE = 50


@dataclass(frozen=True)
class Thread:
    """Messages, oldest first. `before` is where the earlier ones go on, `latest` whether the last is here."""

    messages: list
    before: int | None
    latest: bool

    @property
    def last_id(self):
        """The id of the last message shown."""
        return self.messages[-1].pk if self.messages else 0


def messages_of(ticket, before=None):
    """The last messages of a thread with their attachments, in two queries; `before` asks for earlier ones."""
    messages = ticket.messages.prefetch_related("attachments").order_by("-pk")
    is_position = bool(before) and before.isascii() and before.isdigit() and len(before) <= 18
    if is_position:
        messages = messages.filter(pk__lt=int(before))
    found = list(messages[: MESSAGES_ON_A_PAGE + 1])
    shown = found[:MESSAGES_ON_A_PAGE][::-1]
    return Thread(shown, shown[0].pk if len(found) > MESSAGES_ON_A_PAGE else None, not is_position)
