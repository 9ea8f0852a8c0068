"""Figures for the editor of the help centre."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panel.models import Article, ArticleDay, ArticleVote, MissedSearch

ROWS_AT_MOST = 100


@dataclass(frozen=True)
class Span:
    """Days that are counted, back from today."""

    key: str
    label: str

    @property
    def since(self):
        """The first day that is counted."""
        return timezone.localdate() - timedelta(days=int(self.key) - 1)


SPANS = {span.key: span for span in (Span("30", _("30 days")), Span("90", _("90 days")), Span("365", _("A year")))}


def by_article(span):
    """Published articles with `views`, `yes` and `no`; what was opened most often comes first."""
    days = ArticleDay.objects.filter(article=OuterRef("pk"), day__gte=span.since).order_by().values("article")
    return (
        Article.objects.published()
        .titles()
        .annotate(
            views=Coalesce(Subquery(days.values(sum=Sum("views")), output_field=IntegerField()), 0),
            yes=votes(span, helped=True),
            no=votes(span, helped=False),
        )
        .order_by("-views", "position", "pk")[:ROWS_AT_MOST]
    )


def votes(span, *, helped):
    """How many readers of an article answered so."""
    return Count("votes", filter=Q(votes__helped=helped, votes__at__date__gte=span.since))


def missing(span):
    """What readers missed, in their words, the latest first."""
    rows = ArticleVote.objects.filter(at__date__gte=span.since).exclude(missing="")
    return rows.select_related("article")[:ROWS_AT_MOST]


def missed_searches(span):
    """Words that were found nowhere, the most frequent first."""
    return MissedSearch.objects.filter(last_at__date__gte=span.since).order_by("-times", "-last_at")[:ROWS_AT_MOST]
