"""Parts what somebody wrote from what their mail program repeats of earlier mails.

Looks at every line a fixed number of times: a mail made to keep a parser busy does not.
"""

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop

# Our own mails begin with this line, in the language of their reader.
MARK = gettext_noop("— Write your reply above this line —")

# How the line above a quotation ends: "On …, X wrote:".
ATTRIBUTION = re.compile(
    r"(wrote|writes|napisał(\(a\)|a|/a)?|pisze|schrieb|a écrit|escribió|ha scritto|написал(а)?|пише)\s*:$",
    re.IGNORECASE,
)
# It may be broken over a few lines.
ATTRIBUTION_LINES = 4
LINE_LOOKED_AT = 500

DIVIDER = re.compile(
    r"(-{2,}\s*(original message|wiadomość oryginalna|wiadomość przekazana|forwarded message|ursprüngliche nachricht)"
    r"\s*-{2,}|_{20,})",
    re.IGNORECASE,
)
FROM_LINE = re.compile(r"\**(from|od|von|nadawca)\s?:\**\s", re.IGNORECASE)
OTHER_LINE = re.compile(
    r"\**(sent|date|wysłan[eoay]|data|gesendet|to|do|an|subject|temat|betreff)\s?:\**", re.IGNORECASE
)
# Lines within which Outlook's block of headers goes on.
HEADERS_WITHIN = 6


@cache
def marks():
    """The mark in every language: an answer may repeat a mail that was meant for somebody else."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(translation.gettext(MARK))
    return found


def part(text):
    """(what was written, what was repeated); a text that seems to be repeated as a whole counts as written."""
    lines = text.splitlines()
    cut = min((place for place in (marked(lines), divided(lines), trailing(lines)) if place is not None), default=None)
    if cut is None:
        return text.strip(), ""
    written, repeated = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (written, repeated) if written else (repeated, "")


def marked(lines):
    """Where our own mark stands, with the attribution above it."""
    for place, line in enumerate(lines):
        if any(mark in line for mark in marks()):
            return above(lines, place)
    return None


def divided(lines):
    """Where a mail program puts a divider, or a block of headers of the earlier mail."""
    for place, line in enumerate(lines):
        line = line.strip()[:LINE_LOOKED_AT]
        following = lines[place + 1 : place + 1 + HEADERS_WITHIN]
        if DIVIDER.fullmatch(line) and is_block(following):
            return place
        if FROM_LINE.match(line) and headers(following) >= 2:
            return place
    return None


def is_block(lines):
    """Whether an earlier mail begins here."""
    return any(FROM_LINE.match(line.strip()[:LINE_LOOKED_AT]) for line in lines)


def headers(lines):
    """How many of the lines read like headers of a mail."""
    return sum(bool(OTHER_LINE.match(line.strip()[:LINE_LOOKED_AT])) for line in lines)


def trailing(lines):
    """Where the quotation that ends the mail begins; an answer between quoted lines stays as it was written."""
    place = len(lines)
    while place and (not lines[place - 1].strip() or is_quoted(lines[place - 1])):
        place -= 1
    if not any(is_quoted(line) for line in lines[place:]):
        return attributed(lines)
    return above(lines, place)


def is_quoted(line):
    return line.lstrip().startswith(">")


def attributed(lines):
    """Where an attribution stands that no quoted line follows: some programs indent, or colour, what they quote."""
    for place, line in enumerate(lines):
        if is_attribution(line) and any(other.strip() for other in lines[place + 1 :]):
            return above(lines, place + 1)
    return None


def is_attribution(line):
    line = line.strip()
    return (
        len(line) <= LINE_LOOKED_AT and bool(ATTRIBUTION.search(line)) and any(c.isdigit() or c == "@" for c in line)
    )


def above(lines, place):
    """The place of the attribution that ends above `place`, or `place` when there is none."""
    end = place
    while end and (not lines[end - 1].strip() or lines[end - 1].strip() == ">"):
        end -= 1
    for start in range(end - 1, max(-1, end - 1 - ATTRIBUTION_LINES), -1):
        joined = " ".join(line.strip() for line in lines[start:end])
        if begins_attribution(lines[start]) and is_attribution(joined):
            return start
    return place


def begins_attribution(line):
    """Whether the line may be the first of an attribution: one of its words comes first, or it holds a date."""
    line = line.strip().lstrip("> ")
    return bool(re.match(r"(On|W dniu|Dnia|Am|Le|El|Il|pon\.|wt\.|śr\.|czw\.|pt\.|sob\.|niedz\.|\d)", line))
