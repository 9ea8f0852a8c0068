"""Tables for spreadsheets: cells that a spreadsheet would take for a formula are quoted."""

import csv

from django.http import StreamingHttpResponse

# What a cell must not begin with, by OWASP: a spreadsheet would reckon with it, or call another program. The wide
# signs are those of East Asian keyboards.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Spreadsheets take the file for UTF-8 by this mark only.
MARK = "\ufeff"


def cell(value):
    """A value as text that is nothing but text."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def csv_response(name, rows):
    """A file of that name with these rows, written while it is sent: long ones take no memory."""
    writer = csv.writer(Echo(), delimiter=";")
    lines = (writer.writerow([cell(value) for value in row]) for row in rows)
    response = StreamingHttpResponse(with_mark(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def with_mark(lines):
    """The lines behind the mark."""
    yield MARK
    yield from lines
