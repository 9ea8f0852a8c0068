"""The words of a mail that came as HTML only.

Tags are told apart here: Python's own parser looks at the rest of the mail again for everything left unfinished.
"""

import re
from html import unescape

BLOCKS = {"address", "article", "div", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre"}
BLOCKS |= {"section", "table", "tr", "ul", "ol", "li", "header", "footer", "form", "center", "figure"}
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "pre"}
UNSEEN = {"head", "script", "style", "template", "title", "noscript", "svg", "math", "iframe", "object"}
# What stands within these is no HTML.
RAW = {"script", "style"}
# A tag or a declaration; goes on to the next bracket at most, or beyond a closing one within quotes.
TAG = re.compile(r"""<(?:[!?][^<>]*+|(/?)([a-zA-Z][^\s/<>]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+|[^<>]*+))>""")
LINK = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# Longer addresses are left out.
LINK_LOOKED_AT = 4000
# Deeper quotations are shown as this deep: a mail of a thousand nested ones is no conversation.
DEEPEST_QUOTATION = 10


class Words:
    """Collects lines; quotations get a ">" as in plain mails, links their address."""

    def __init__(self):
        self.lines, self.line = [], []
        self.quotations, self.unseen, self.raw, self.link, self.linked = 0, 0, "", "", []

    def read(self, html):
        """Goes through the HTML once."""
        place = 0
        for tag in TAG.finditer(html):
            self.add(html[place : tag.start()])
            place = tag.end()
            name = (tag[2] or "").lower()
            if self.raw and not (tag[1] and name == self.raw):
                continue
            self.end(name) if tag[1] else self.begin(name, tag[3] or "")
        self.add(html[place:])
        self.end_block("div")

    def begin(self, tag, attributes):
        """A tag that opens, or a declaration, which has no name."""
        if tag in UNSEEN:
            if attributes.endswith("/") and tag not in RAW:
                return
            self.raw = tag if tag in RAW else ""
            self.unseen += 1
        elif tag == "br":
            self.end_line()
        elif tag in BLOCKS or tag == "blockquote":
            self.end_block(tag)
            self.quotations += tag == "blockquote"
            if tag == "li":
                self.line.append("- ")
        elif tag in ("td", "th"):
            self.line.append(" ")
        elif tag == "a":
            found = LINK.search(attributes[:LINK_LOOKED_AT])
            self.link, self.linked = characters(found[found.lastindex]) if found else "", []

    def end(self, tag):
        """A tag that closes."""
        if tag in UNSEEN:
            self.raw = ""
            self.unseen = max(0, self.unseen - 1)
        elif tag in BLOCKS or tag == "blockquote":
            # The empty line behind a quotation is no part of it.
            self.end_block("div" if tag == "blockquote" else tag)
            self.quotations -= tag == "blockquote" and self.quotations > 0
            if tag == "blockquote" and self.lines and self.lines[-1].strip():
                self.end_line()
        elif tag == "a":
            self.end_link()

    def add(self, text):
        """What stands between two tags."""
        if self.unseen or not text:
            return
        self.line.append(characters(text))
        if self.link:
            self.linked.append(self.line[-1])

    def end_link(self):
        """Adds the address of a link whose words do not tell it."""
        words = "".join(self.linked).strip()
        if self.link.startswith(("http://", "https://")) and words and words.rstrip("/") != self.link.rstrip("/"):
            self.line.append(f" <{self.link}>")
        self.link = ""

    def end_line(self):
        """The line as it is; an empty one stays."""
        words = " ".join("".join(self.line).split())
        quotation = "> " * min(self.quotations, DEEPEST_QUOTATION)
        self.lines.append(f"{quotation}{words}".rstrip())
        self.line = []

    def end_block(self, tag):
        """Ends what stands on the line; a paragraph leaves an empty one behind it."""
        if "".join(self.line).strip():
            self.end_line()
        if tag in PARAGRAPHS and self.lines and self.lines[-1].strip("> "):
            self.end_line()


def characters(text):
    """The text with the characters that its references name; as it is when a number in it is beyond counting."""
    try:
        return unescape(text)
    except ValueError:
        return text


def without_comments(html):
    """The HTML without its comments; one that does not end goes on to the end."""
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def text_of(html):
    """The text that a reader of this HTML would see, as plain lines. Never fails."""
    words = Words()
    words.read(without_comments(html))
    return "\n".join(words.lines).strip()
