"""The help centre of the demo; its articles lie beside it as Markdown, each with its title in the first line."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from panel.models import Article, ArticleDay, ArticleVote, HelpCategory, MissedSearch

ARTICLES = Path(__file__).with_name("articles")
# Topics with the articles in them, in the order in which they are read.
TOPICS = [
    ("logowanie", "Logowanie", "Signing in", ["sign-in", "no-mail", "forgotten-password", "authenticator-app"]),
    ("konto", "Konto i bezpieczeństwo", "Account and security", ["authorization-code", "sub-users"]),
    ("platnosci", "Płatności i odnowienia", "Payments and renewals", ["paying", "balance", "renewal"]),
    ("uslugi", "Usługi i kontakt", "Services and contact", ["domain-transfer", "sip-phone", "messages"]),
]
# Of articles: how often a day they are opened, how many readers they helped, what those missed whom they did not help.
READERS = {
    "sign-in": (9, 14, ["Nie wiem, gdzie jest Google Authenticator"]),
    "no-mail": (7, 9, []),
    "forgotten-password": (6, 11, []),
    "authorization-code": (4, 6, []),
    "paying": (3, 5, ["Czy można zapłacić BLIK-iem?", ""]),
    "sip-phone": (2, 1, ["Ustawienia dla aparatu bez ekranu", "", ""]),
}
MISSED = [("blik", 7), ("ssl wildcard", 3), ("usunięcie konta pocztowego", 2)]
DAYS = 30
DRAFT = (
    "Rekordy DNS",
    "## Gdzie je zmienić\n\nW zarządzaniu domeną, pod przyciskiem **Rekordy DNS**.\n\n> Tu brakuje obrazka.",
)


def write():
    """Four topics with twelve articles, in both languages, one that is not finished, and what readers did."""
    for position, (slug, name_pl, name_en, articles) in enumerate(TOPICS, start=1):
        topic = HelpCategory.objects.create(slug=slug, name_pl=name_pl, name_en=name_en, position=position)
        for place, name in enumerate(articles, start=1):
            publish(topic, name, place)
    title, text = DRAFT
    Article.objects.create(category=topic, slug="rekordy-dns", title_pl=title, text_pl=text, position=place + 1)
    for name, readers in READERS.items():
        read_by(Article.objects.get(slug=name), *readers)
    for words, times in MISSED:
        MissedSearch.objects.create(words=words, language="pl", times=times)


def publish(topic, name, position):
    """An article out of its two files."""
    (title_pl, text_pl), (title_en, text_en) = read(name, "pl"), read(name, "en")
    Article.objects.create(
        category=topic,
        slug=name,
        title_pl=title_pl,
        text_pl=text_pl,
        title_en=title_en,
        text_en=text_en,
        state=Article.State.PUBLISHED,
        position=position,
        published_at=timezone.now(),
    )


def read(name, language):
    """(title, text) of a file."""
    heading, _blank, text = (ARTICLES / f"{name}.{language}.md").read_text("utf-8").partition("\n\n")
    return heading.removeprefix("# "), text


def read_by(article, views, helped, missing):
    """What readers did with an article: opened it every day, and said whether it helped."""
    today = timezone.localdate()
    days = [ArticleDay(article=article, day=today - timedelta(days=ago), views=views) for ago in range(DAYS)]
    ArticleDay.objects.bulk_create(days)
    said = [(True, "")] * helped + [(False, words) for words in missing]
    ArticleVote.objects.bulk_create(
        ArticleVote(article=article, voter=f"demo{number}", helped=yes, missing=words)
        for number, (yes, words) in enumerate(said)
    )
