"""Switching mails off from a mail: a click of a mail program, or a page with a button, signed in or not."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.unsubscribing import Subscription


@login_not_required
@csrf_exempt  # mail programs send it (RFC 8058): the token in the address is what allows it
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """Opening the page changes nothing; its button, or that of a mail program, does. Answers without a redirect."""
    subscription = Subscription.find(token)
    if subscription is None:
        raise Http404
    wanted = {("One-Click", None): False, (None, "on"): True}
    asked = wanted.get((request.POST.get("List-Unsubscribe"), request.POST.get("switch")))
    if asked is not None:
        subscription.switch(asked)
    with translation.override(language_of(request, subscription)):
        context = {"subscription": subscription, "is_on": subscription.is_on, "changed": asked is not None}
        response = render(request, "accounts/unsubscribe.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def language_of(request, subscription):
    """The reader's own language, unless they have chosen another in this browser."""
    if subscription.user is None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language()
    return subscription.user.language
