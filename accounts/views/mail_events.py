"""Where companies that carry our mails tell what became of them: no session, no cookie, a secret or a signature."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import delivery_reports


@login_not_required
@csrf_exempt
@require_POST
def mail_events(request, provider):
    """Takes what is told; the answer is the same whether or not we know the mail and its reader."""
    if provider not in settings.MAIL_WEBHOOKS:
        raise Http404
    try:
        delivery_reports.receive(provider, request)
    except delivery_reports.Refused:
        return HttpResponseBadRequest("refused\n", content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
