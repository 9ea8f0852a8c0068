"""Where a server of the provider's knocks: no session, no cookie, only a signature."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from services import callbacks, signing, usage_reports
from services.models import ProvisioningJob
from services.signing import NotBelieved
from services.usage import BadUsage


@login_not_required
@csrf_exempt
@require_POST
def webhook(request, pk):
    """Finishes or fails a job of the driver “webhook”. 400 when it is not believed or makes no sense."""
    body = request.read(callbacks.LARGEST_BODY + 1)
    if len(body) > callbacks.LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        callbacks.receive(pk, body, request.headers.get(signing.HEADER, ""))
    except (NotBelieved, ValueError):
        return answer("refused", 400)
    except ProvisioningJob.DoesNotExist:
        return answer("there is no such job", 404)
    except callbacks.Unfitting as error:
        return answer(str(error), 409)
    return answer("ok", 200)


@login_not_required
@csrf_exempt
@require_POST
def used(request):
    """Keeps what a server says was used. 400 when it is not believed or makes no sense."""
    body = request.read(usage_reports.LARGEST_BODY + 1)
    if len(body) > usage_reports.LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        new = usage_reports.receive(body, request.headers.get(signing.HEADER, ""))
    except NotBelieved:
        return answer("refused", 400)
    except (BadUsage, ValueError) as error:
        return answer(str(error), 400)
    return answer(f"new: {new}", 200)


def answer(words, status):
    """A line for whoever reads the log over there."""
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
