"""Headers on every answer, error pages included."""

from django.http import HttpResponseNotAllowed

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class ResponseHeadersMiddleware:
    """Keeps signed-in pages out of caches and refuses methods that no page of ours has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(sorted(METHODS))
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
