"""Headers on every answer, error pages included."""

from django.http import HttpResponseNotAllowed
from django.views.defaults import bad_request

from billing import gateways

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class ResponseHeadersMiddleware:
    """Keeps signed-in pages out of caches; refuses methods and addresses that no page of ours has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = refusal(request) or self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class PaymentPagesMiddleware:
    """Lets forms lead to the payment pages of gateways: Chromium holds form-action against their redirects too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response._csp_update = {"form-action": gateways.origins()} | getattr(response, "_csp_update", {})
        return response


def refusal(request):
    """The answer to what no page of ours can be asked, or None."""
    if request.method not in METHODS:
        return HttpResponseNotAllowed(sorted(METHODS))
    return bad_request(request, None) if has_null(request) else None


def has_null(request):
    """Whether a null character stands in the address: PostgreSQL keeps none, so nothing of ours is found by it."""
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
