"""Whether an article helped: one answer a reader, which they may change."""

import re

from django.conf import settings
from django.utils import timezone

from accounts.keys import new_selector
from accounts.origin import limit_key
from panel import limits
from panel.models import ArticleVote

COOKIE = f"{settings.COOKIE_PREFIX}reader"
COOKIE_SECONDS = 365 * 24 * 3600
# As those that we give.
SELECTOR = re.compile(r"[A-Za-z0-9_-]{22}")


def voter(request):
    """Who answers: the person or, where nobody is signed in, the browser; "" for one that has not answered yet."""
    if request.user.is_authenticated:
        return f"u{request.user.pk}"
    selector = request.COOKIES.get(COOKIE, "")
    return f"b{selector}" if SELECTOR.fullmatch(selector) else ""


def own_vote(request, article):
    """What this reader answered, or None."""
    who = voter(request)
    return article.votes.filter(voter=who).first() if who else None


def vote(request, article, *, helped, missing=""):
    """Keeps the reader's answer in place of an earlier one; returns who answered. Raises TooMany."""
    user = request.user if request.user.is_authenticated else None
    limits.VOTES.charge(f"u{user.pk}" if user else limit_key(request.origin.ip))
    who = voter(request) or f"b{new_selector()}"
    ArticleVote.objects.bulk_create(
        [
            ArticleVote(
                article=article,
                voter=who,
                user=user,
                helped=helped,
                missing="" if helped else missing,
                at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["article", "voter"],
        update_fields=["helped", "missing", "at"],
    )
    return who


def remember(response, who):
    """Lets a browser in which nobody is signed in change its answer later; says nothing about the person."""
    if who.startswith("b"):
        response.set_cookie(
            COOKIE,
            who.removeprefix("b"),
            max_age=COOKIE_SECONDS,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response
