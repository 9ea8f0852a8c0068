"""Finding what people type: words without accents and case, by their beginnings; and marking what was found.

PostgreSQL folds them by `folded_words(text)`, a function of ours (see the migration `search_of_words`), and finds
them by an index; a few hundred texts are looked at here, with `Words`.
"""

import re
import unicodedata
from itertools import filterfalse

from django.contrib.postgres.search import SearchQuery
from django.utils.html import format_html, format_html_join

WORDS_AT_MOST = 8
WORD_LENGTH = 40
EXCERPT_LENGTH = 220
BEFORE_THE_HIT = 60
# Polish bends the ends of words: two letters or, in long ones, a third, as long as so many stay.
SHORTEST_STEM, ENDING = 3, 2

WORD = re.compile(r"[^\W_]+")
# Letters of their own that people type without their stroke, as PostgreSQL's unaccent takes them.
PLAIN = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def fold(text):
    """The text in small letters without accents: "Zażółć" becomes "zazolc"."""
    if text.isascii():  # as most words are; a page of results folds thousands of them
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filterfalse(unicodedata.combining, letters)).translate(PLAIN)


def typed_words(text):
    """The different words that somebody typed, folded, in their order; long texts and words are cut."""
    words = (word[:WORD_LENGTH] for word in WORD.findall(fold(text)))
    return list(dict.fromkeys(words))[:WORDS_AT_MOST]


def stem(word):
    """The beginning that a bent word has in common with its other forms: "faktury" and "faktura" give "faktu"."""
    return word[: max(SHORTEST_STEM, len(word) - max(ENDING, len(word) // 3))]


class FoldedQuery(SearchQuery):
    """A query that PostgreSQL takes as it stands, without looking for words in it."""

    template = "%(expressions)s::tsquery"


def prefix_query(words):
    """What PostgreSQL searches for: all of the words, which come from `typed_words`, beginning so."""
    return FoldedQuery(" & ".join(f"'{word}':*" for word in words))


class Words:
    """The words of one text, quickly asked for their beginnings."""

    def __init__(self, text):
        self.folded = " " + " ".join(sorted(set(WORD.findall(fold(text)))))

    def has(self, beginning):
        """Whether a word begins so."""
        return f" {beginning}" in self.folded


def hits(text, words):
    """(from, to) of every place in `text` where a word begins so."""
    folded = fold(text)
    if len(folded) == len(text):
        longest_first = sorted(map(re.escape, words), key=len, reverse=True)
        found = re.finditer(rf"(?<![^\W_])(?:{'|'.join(longest_first)})", folded) if words else ()
        yield from (match.span() for match in found)
        return
    # Where a letter becomes two, places differ: word by word, and of a word that grows the whole is marked.
    for match in WORD.finditer(text):
        folded = fold(match[0])
        lengths = [len(word) for word in words if folded.startswith(word)]
        if lengths:
            length = max(lengths) if len(folded) == len(match[0]) else len(match[0])
            yield match.start(), match.start() + length


def marked(text, words):
    """The text as HTML, everything escaped, with <mark> around what was looked for."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for start, stop in hits(text, words):
        pieces.append((text[end:start], text[start:stop]))
        end = stop
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[end:])


def excerpt(text, words, *, or_beginning=True):
    """The part of a text around the first place where one of the words stands, marked.

    Without one it is the beginning of the text or, if that is not wanted, nothing.
    """
    text = unicodedata.normalize("NFC", text)
    first, _end = next(hits(text, words), (0 if or_beginning else None, 0))
    if first is None:
        return ""
    start = text.rfind(" ", 0, max(0, first - BEFORE_THE_HIT)) + 1 if first > BEFORE_THE_HIT else 0
    end = start + EXCERPT_LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), first + WORD_LENGTH)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, marked(text[start:end], words), after)
