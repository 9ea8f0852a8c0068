"""What a person reads out of a mail."""

import re


def link_in(message, purpose=""):
    """The first link of ours in a mail, without the host."""
    return re.search(rf"https?://[^/\s]+(/link/{purpose}\S*)", message.body)[1]


def links_in(message):
    """Every link of ours in a mail."""
    return re.findall(r"https?://[^/\s]+(/link/\S+)", message.body)


def code_in(message):
    """The one-time code in a mail."""
    return re.search(r"\b(\d{6})\b", message.body)[1]


def misread(text):
    """The text with another last letter."""
    return text[:-1] + ("x" if text[-1] != "x" else "y")
