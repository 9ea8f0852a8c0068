"""Accepting newer terms."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import consents
from accounts.views.signin import next_url


def terms_accept(request):
    """The terms that came into force since, shown after signing in; every page stays open to who does not accept."""
    terms = consents.terms_to_accept(request.user)
    target = next_url(request)
    if terms is None:
        return redirect(target)
    # What is accepted is what was shown: a version that came into force meanwhile is shown first.
    if request.POST.get("version") == str(terms.pk):
        consents.accept_terms(request.user, terms)
        messages.success(request, _("Thank you. You have accepted the terms of service."))
        return redirect(target)
    return render(request, "accounts/terms_accept.html", {"terms": terms, "next": target})
