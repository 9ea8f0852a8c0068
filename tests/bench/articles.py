"""A help centre of a few hundred articles in both languages."""

from panel.models import Article, HelpCategory
from tests.bench import words

TOPICS = 10
ARTICLES = 300
PARAGRAPHS = 8


def write(copy, after_copy):
    """Topics with their articles, all of them published; every second article has the frequent word."""
    topics = [
        HelpCategory(pk=pk, name_pl=f"Temat {pk}", name_en=f"Topic {pk}", slug=f"topic-{pk}")
        for pk in range(1, TOPICS + 1)
    ]
    copy(topics)
    texts = words.texts()
    copy(article(pk, topics[pk % TOPICS], texts) for pk in range(1, ARTICLES + 1))
    for model in (HelpCategory, Article):
        after_copy(model)


def article(pk, topic, texts):
    text = "\n\n".join(
        f"## Step {number}\n\n{words.said(texts, pk * PARAGRAPHS + number, measured=True)}"
        for number in range(PARAGRAPHS)
    )
    if pk % 2:
        text = text.replace(words.FREQUENT, "")
    return Article(
        pk=pk,
        category=topic,
        slug=f"article-{pk}",
        title_pl=f"Pytanie {pk}",
        title_en=f"Question {pk}",
        text_pl=text,
        text_en=text,
        state=Article.State.PUBLISHED,
        position=pk,
    )
