"""What the help centre keeps about people, and what becomes of it after closing."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import hold
from accounts.retention import of_the_person
from panel.models import ArticleVote


@hold(ArticleVote, "article__slug", "helped", "missing", "at")
def answers(membership):
    return ArticleVote.objects.filter(user=membership.user_id).order_by("pk")


of_the_person(_("whether articles helped you, and what you missed in them"), (ArticleVote, "user"))
