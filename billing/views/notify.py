"""Where gateways knock: no session, no cookie, only a signature."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing import gateways, inbox


@login_not_required
@csrf_exempt
@require_POST
def notify(request, gateway):
    """Keeps a notification and answers at once; the worker does what it says.

    Also for a gateway that is no longer offered: its old payments may still be told of. 400 when it is
    not believed, so that a gateway whose secret was mistyped tries again.
    """
    if gateway not in gateways.GATEWAYS or not gateways.find(gateway).takes_notifications:
        raise Http404
    body = request.read(inbox.LARGEST_BODY + 1)
    if len(body) > inbox.LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        inbox.receive(gateways.find(gateway), body, request.headers, ip=request.origin.ip or None)
    except gateways.Refused:
        return HttpResponseBadRequest("refused\n", content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
