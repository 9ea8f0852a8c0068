"""Acting for another of one's customers."""

from urllib.parse import urlsplit

from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from accounts.views.signin import next_url


@require_POST
def switch(request):
    """Acts for another of one's customers from now on, on the same page where it can be."""
    chosen = next((m for m in request.memberships if str(m.pk) == request.POST.get("membership")), None)
    if chosen is None:
        return redirect("home")
    request.session["membership"] = chosen.pk
    return redirect(landing(urlsplit(next_url(request)).path, chosen))


def landing(path, membership):
    """The page of that address if it is about no single thing and open to this person; else the list above it."""
    while path.strip("/"):
        if is_list(path, membership):
            return path
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return reverse("home")


def is_list(path, membership):
    """Whether there is a page that names nothing of the other customer and that this person may open."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    allowed = getattr(match.func, "allowed", bool)
    return not match.args and not match.kwargs and allowed(membership)
