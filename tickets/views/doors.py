"""Where companies that take mail in our name knock: no session, no cookie, only a secret or a signature."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tickets.incoming import webhooks


@login_not_required
@csrf_exempt
@require_POST
def mail_in(request, provider):
    """Takes a mail and answers once it is kept; whoever gets another answer brings it again."""
    if provider not in settings.MAIL_WEBHOOKS:
        raise Http404
    body = request.read(webhooks.LARGEST_BODY + 1)
    if len(body) > webhooks.LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        webhooks.receive(provider, request, body)
    except webhooks.Refused:
        return HttpResponseBadRequest("refused\n", content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
