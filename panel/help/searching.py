"""Articles by their words: the search of readers, and what may help while a message is being written.

A help centre has a few hundred articles: a process keeps the words of each until its text changes.
"""

from dataclasses import dataclass

from accounts import search
from panel.help.markup import plain
from panel.models import Article
from panel.models.help import reading_language

# More than a help centre has.
LOOKED_AT = 5000
FOUND_AT_MOST = 30
SUGGESTED_AT_MOST = 3
# Of a subject: shorter words and these stand in every article.
SHORTEST_TELLING_WORD = 3
COMMON_WORDS = """
aby ale albo bez bylo chce czemu czy dla dlaczego dzien dobry gdy gdzie ile jak jaki jest juz kiedy kto lub mam mnie
moge moj moja moje nad nie oraz pod pomoc problem prosba prosze przez pytanie sie tak tez tym
and any are but can cannot did does doesn don for from has have help how its not please question that the this what
when where why with you
"""
SAYS_NOTHING = frozenset(COMMON_WORDS.split())


class Kept:
    """The words of one article as a reader sees it."""

    def __init__(self, article):
        self.pk, self.updated_at = article.pk, article.updated_at
        self.title = search.Words(article.title)
        self.all = search.Words(f"{article.title} {plain(article.text)}")

    def in_title(self, words):
        """How many of the words stand in the title."""
        return sum(map(self.title.has, words))

    def weight(self, words):
        """How much it has to do with the words: one in the title counts for two in the text."""
        return sum(map(self.all.has, words)) + self.in_title(words)


# {language: {key: Kept}}
kept = {}


@dataclass(frozen=True)
class Found:
    """An article that has the words, its title and a part of its text with them marked, as HTML."""

    article: Article
    title: str
    excerpt: str


def find(text):
    """(what was found, best first; the words that were looked for).

    Every word must begin a word of the title or the text. When nothing has them all, their stems are looked for:
    Polish bends its words.
    """
    words = search.typed_words(text)
    if not words:
        return [], []
    articles, stems = published(), list(dict.fromkeys(map(search.stem, words)))
    for beginnings in (words, stems):
        if likely := having_all(articles, beginnings):
            rows = loaded(likely[:FOUND_AT_MOST], Article.objects.select_related("category"))
            return [shown(article, beginnings) for article in rows], words
    return [], words


def having_all(articles, words):
    """Those with all of the words; which have most of them in the title come first."""
    found = [article for article in articles if all(map(article.all.has, words))]
    return sorted(found, key=lambda article: -article.in_title(words))


def suggestions(text):
    """A few articles that may answer a message with this subject, best first."""
    words = search.typed_words(text)
    telling = [word for word in words if len(word) >= SHORTEST_TELLING_WORD and word not in SAYS_NOTHING]
    stems = list(dict.fromkeys(map(search.stem, telling)))
    if not stems:
        return []
    weights = {article: article.weight(stems) for article in published()}
    likely = [article for article, found in weights.items() if found > 1]
    likely.sort(key=lambda article: -weights[article])
    return loaded(likely[:SUGGESTED_AT_MOST], Article.objects.titles())


def published():
    """The words of all published articles in their order: one query, and another for texts that have changed."""
    language = reading_language()
    known = kept.get(language, {})
    times = dict(Article.objects.published().values_list("pk", "updated_at")[:LOOKED_AT])
    changed = [key for key, time in times.items() if key not in known or known[key].updated_at != time]
    if changed:
        known = known | {article.pk: Kept(article) for article in Article.objects.filter(pk__in=changed)}
        kept[language] = {key: words for key, words in known.items() if key in times}
    return [known[key] for key in times if key in known]


def loaded(likely, articles):
    """The articles themselves, in the same order."""
    by_key = articles.published().in_bulk([article.pk for article in likely])
    return [by_key[article.pk] for article in likely if article.pk in by_key]


def shown(article, words):
    """The article as a result of the search."""
    return Found(article, search.marked(article.title, words), search.excerpt(plain(article.text), words))
