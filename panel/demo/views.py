"""The mailbox of the demo: everybody's mails and text messages, open to everybody."""

import re
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from panel.demo import outbox

PER_PAGE = 25
# Six digits standing by themselves: no part of an address, of a longer number or of a link.
CODE = re.compile(r"(?<![\w/.=+-])(\d{3})(\d{3})(?![\w/=+-])")


def demo_only(view):
    """Outside the demo the page is not there, whatever the URLconf says."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(guarded)


@demo_only
@require_safe
def messages(request):
    """The list, the newest first; only the messages of this page are read."""
    page = Paginator(outbox.keys(), PER_PAGE).get_page(request.GET.get("page"))
    kept = [message for message in map(outbox.find, page) if message]
    return render(request, "demo/messages.html", {"page_obj": page, "kept": kept})


@demo_only
@require_safe
def message(request, key):
    """One message with its code, if it has one, easy to copy, and its links to click."""
    kept = outbox.find(key)
    if kept is None:
        raise Http404
    code = CODE.search(kept.text)
    return render(request, "demo/message.html", {"kept": kept, "code": code and code.groups()})
