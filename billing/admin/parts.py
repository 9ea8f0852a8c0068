"""What the pages of billing have in common."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.admin.reading import NOTHING
from billing import money


def link(row, words=None):
    """A link to the page of a row, or a dash."""
    if row is None:
        return NOTHING
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, words or str(row))


def links(rows):
    """Links to the pages of rows, one a line, or a dash."""
    return format_html_join("", "<div>{}</div>", [(link(row),) for row in rows]) or NOTHING


def amount(row, name="amount"):
    """An amount of a row in the reader's language; its currency stands beside it."""
    return money.in_words(getattr(row, name), row.currency)


def text(content):
    """Bytes that came from outside, as text to read; nothing in it is obeyed."""
    return format_html("<pre>{}</pre>", bytes(content).decode("utf-8", "backslashreplace"))


def list_of(model, words, **filters):
    """A link to a list, narrowed."""
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(filters), words)
