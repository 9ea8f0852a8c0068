"""From the Markdown of an article to HTML that cannot do harm, and to plain text for searching.

markdown-it-py follows CommonMark to the letter, hands out tokens in which links and headings are changed
without touching text, and leaves raw HTML as the text that it is; nh3 then lets through only what is listed.
"""

from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from accounts.search import fold

# Worked out once while the text does not change; a help centre has a few hundred articles.
TEXTS_KEPT = 1000
# Below the title of the page, which is the h1.
HIGHEST_HEADING, LOWEST_HEADING = 2, 6
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "img"),
    *("br", "hr", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "*": set(),
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(HIGHEST_HEADING, LOWEST_HEADING + 1)},
}
SCHEMES = {"http", "https", "mailto", "tel"}


@lru_cache(TEXTS_KEPT)
def rendered(text):
    """The HTML of an article."""
    tokens = PARSER.parse(text)
    demote_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = [without_strange_picture(child) for child in token.children]
            for child in token.children:
                mark_outside_link(child)
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return mark_safe(cleaned)  # noqa: S308  nh3 has just cleaned it


@lru_cache(TEXTS_KEPT)
def plain(text):
    """The words of an article without its marks, in one line."""
    lines = ("".join(words_in(token)) for token in PARSER.parse(text) if token.type in ("inline", "fence"))
    return " ".join(" ".join(lines).split())


def words_in(token):
    """The texts of one line; pictures have none that a reader sees."""
    for child in token.children or [token]:
        if child.type in ("text", "code_inline", "fence"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak", "image"):
            yield " "


def demote_headings(tokens):
    """The highest heading of the text becomes an h2; each gets an id made of its words."""
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    taken = set()
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1]) - min(levels) + HIGHEST_HEADING
            token.tag = f"h{min(level, LOWEST_HEADING)}"
        if token.type == "heading_open":
            token.attrSet("id", new_id(tokens[place + 1].content, taken))


def new_id(title, taken):
    """An id that no other heading has, nor anything else of the page."""
    base = f"part-{slugify(fold(title))}".rstrip("-")
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def without_strange_picture(token):
    """A picture of the help centre as it is, any other as the words that describe it."""
    if token.type != "image":
        return token
    if is_ours(token.attrGet("src")):
        token.attrSet("loading", "lazy")
        return token
    return Token("text", "", 0, content=token.content)


def is_ours(address):
    """Whether this is the address of one of the help centre's own pictures."""
    try:
        return resolve(address).url_name == "help_image"
    except Resolver404:
        return False


def mark_outside_link(token):
    """Other sites learn neither where their reader came from nor get hold of our page."""
    host = urlsplit(token.attrGet("href")).netloc if token.type == "link_open" else ""
    if host and host != urlsplit(settings.SITE_URL).netloc:
        token.attrSet("rel", "noopener noreferrer")
