"""The page with all news for the person who reads."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import needs
from panel.models import News
from services.models import Service

NEWS_ON_A_PAGE = 10


@needs()
@require_safe
def news(request):
    """News about this person's services, the newest first."""
    mine = News.objects.for_holder_of(Service.objects.visible_to(request.membership).active())
    page = Paginator(mine, NEWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "panel/news.html", {"page": page})
