"""What the editor wants to know: how often articles are opened, and what is looked for in vain.

Each is one statement on one row of its day or words, outside any transaction, so that nobody waits long for it.
"""

import re

from django.db.models import F
from django.utils import timezone

from accounts.limits import TooMany
from accounts.origin import limit_key
from accounts.wording import reading_language
from panel import limits
from panel.models import ArticleDay, MissedSearch
from panel.models.help import SEARCH_LENGTH

# Numbers and addresses are likelier somebody's own than words of an article.
SOMEBODY_S_OWN = re.compile(r"@|\d{4}")


def count_view(article):
    """Another opening of a published article."""
    today = timezone.localdate()
    if not ArticleDay.objects.filter(article=article, day=today).update(views=F("views") + 1):
        begin = ArticleDay(article=article, day=today, views=0)
        ArticleDay.objects.bulk_create([begin], ignore_conflicts=True)
        ArticleDay.objects.filter(article=article, day=today).update(views=F("views") + 1)


def note_missed(text, words, *, ip):
    """Words that were found nowhere; not what looks like somebody's own data, and not without bounds."""
    if not words or SOMEBODY_S_OWN.search(text):
        return
    try:
        limits.MISSED_SEARCHES.charge(limit_key(ip))
        limits.MISSED_SEARCHES_ALL.charge("all")
    except TooMany:
        return
    row, _created = MissedSearch.objects.get_or_create(
        words=" ".join(words)[:SEARCH_LENGTH], language=reading_language()
    )
    MissedSearch.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=timezone.now())
