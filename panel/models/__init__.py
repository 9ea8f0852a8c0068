"""What the panel itself keeps: news and banners, the help centre."""

from panel.models.help import Article, ArticleDay, ArticleVote, HelpCategory, HelpImage, MissedSearch
from panel.models.news import Banner, News, Published

__all__ = [
    "Article",
    "ArticleDay",
    "ArticleVote",
    "Banner",
    "HelpCategory",
    "HelpImage",
    "MissedSearch",
    "News",
    "Published",
]
