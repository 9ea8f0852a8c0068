"""Pages of the help centre, which need no signing in."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.access import lacks_strong_step
from accounts.limits import TooMany
from panel.help import counting, pictures, searching, voting
from panel.help.forms import SearchForm, VoteForm
from panel.help.markup import rendered
from panel.models import Article, HelpCategory, HelpImage
from panel.models.help import SEARCH_LENGTH

ARTICLES_OF_A_TOPIC = 5
ARTICLES_ON_A_PAGE = 50
ARTICLES_BESIDE = 6
COUNT = Count("articles", filter=Q(articles__state=Article.State.PUBLISHED))


@login_not_required
@require_safe
def index(request):
    """All topics with their first articles."""
    first = Article.objects.published().titles()[:ARTICLES_OF_A_TOPIC]
    topics = HelpCategory.objects.annotate(count=COUNT).filter(count__gt=0).order_by("position", "pk")
    context = {
        "form": SearchForm(),
        "topics": topics.prefetch_related(Prefetch("articles", first, to_attr="first")),
    }
    return render(request, "panel/help/index.html", context)


@login_not_required
@require_safe
def topic(request, slug):
    """All articles of one topic."""
    found = get_object_or_404(HelpCategory, slug=slug)
    page = Paginator(found.articles.published().titles(), ARTICLES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "panel/help/topic.html", {"topic": found, "page": page, "form": SearchForm()})


@login_not_required
@require_safe
def article(request, slug):
    """One article; a draft for administrators only."""
    found = get_object_or_404(readable(request).select_related("category"), slug=slug)
    if found.is_published and request.method == "GET":
        counting.count_view(found)
    vote = voting.own_vote(request, found)
    return article_page(request, found, vote, VoteForm(initial={"missing": vote.missing} if vote else None))


def article_page(request, article, vote, form, **more):
    """The page of an article with the question below it; `more` goes to the template."""
    beside = Article.objects.published().titles().filter(category=article.category_id).exclude(pk=article.pk)
    context = {
        "article": article,
        "text": rendered(article.text),
        "beside": beside[:ARTICLES_BESIDE],
        "vote": vote,
        "form": form,
    }
    return render(request, "panel/help/article.html", context | more)


def readable(request):
    """The articles this reader may open."""
    return Article.objects.all() if may_see_drafts(request) else Article.objects.published()


def may_see_drafts(request):
    """Whether this is somebody who may open articles in the administration, too."""
    user = request.user
    return user.is_authenticated and user.is_staff and may_read(user) and not lacks_strong_step(request)


def may_read(user):
    return user.has_perm("panel.view_article") or user.has_perm("panel.change_article")


@login_not_required
@require_POST
def vote(request, slug):
    """A reader's answer to whether the article helped."""
    found = get_object_or_404(Article.objects.published().select_related("category"), slug=slug)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return article_page(request, found, voting.own_vote(request, found), form)
    answer = {"helped": form.cleaned_data["helped"] == "yes", "missing": form.cleaned_data["missing"]}
    try:
        who = voting.vote(request, found, **answer)
    except TooMany:
        form.add_error(None, _("You have answered a great many times in the last hour. Try again later."))
        return article_page(request, found, voting.own_vote(request, found), form)
    return voting.remember(redirect(f"{found.get_absolute_url()}#helpful"), who)


@login_not_required
@require_safe
def search(request):
    """Articles with the words that were typed."""
    text = request.GET.get("q", "")[:SEARCH_LENGTH]
    found, words = searching.find(text)
    if words and not found and request.method == "GET":
        counting.note_missed(text, words, ip=request.origin.ip)
    return render(request, "panel/help/search.html", {"form": SearchForm({"q": text}), "found": found, "words": words})


@login_not_required
@require_safe
def suggestions(request):
    """For a script: articles that may answer a message with this subject, and a sentence that says so."""
    found = searching.suggestions(request.GET.get("q", "")[:SEARCH_LENGTH])
    said = ngettext(
        "An article that may help; it opens in a new tab:",
        "%(count)s articles that may help; they open in a new tab:",
        len(found),
    ) % {"count": len(found)}
    articles = [{"title": article.title, "url": article.get_absolute_url()} for article in found]
    return JsonResponse({"said": said if found else "", "articles": articles})


@login_not_required
@require_safe
@cache_control(max_age=31536000, immutable=True, public=True)
def image(request, token):
    """A picture of an article; its address never gets another one."""
    found = get_object_or_404(HelpImage, token=token)
    try:
        response = FileResponse(found.file.open(), content_type=pictures.type_of(found.file.name))
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
