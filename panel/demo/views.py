"""The mailbox of the demo: everybody's mails and text messages, open to everybody, who may answer them, too."""

import re
from functools import wraps

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from panel.demo import answering, outbox

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
def message(request, key):
    """One message with its code, if it has one, easy to copy, and its links to click; and a form for answering it."""
    kept = outbox.find(key)
    if kept is None:
        raise Http404
    form = answering.AnswerForm(request.POST or None) if answering.address_of(kept) else None
    if request.method == "POST" and form and form.is_valid():
        if answering.answer(kept, form.cleaned_data["text"]):
            notices.success(request, _("Your answer came in by e-mail and stands in the conversation."))
        else:
            notices.error(request, _("Your answer was not taken; support reads why among the mails not taken."))
        return redirect("demo:message", key)
    code = CODE.search(kept.text)
    return render(request, "demo/message.html", {"kept": kept, "code": code and code.groups(), "form": form})
