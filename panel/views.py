"""Pages of the panel itself: the first page and the brand."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from accounts.access import needs
from accounts.models import Provider


@needs()
def home(request):
    """The first page."""
    return render(request, "panel/home.html")


@login_not_required
@cache_control(max_age=31536000, immutable=True, public=True)
def brand_css(request):
    """The provider's accent colour as CSS tokens; its address carries the version."""
    provider = Provider.current()
    accent = provider.accent if provider else "#0b5c6b"
    return HttpResponse(f":root{{--brand:{accent};--on-brand:{readable_on(accent)}}}", content_type="text/css")


def readable_on(colour):
    """White or black, whichever stands out more from `colour` (WCAG 2 relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#fff"


@login_not_required
@cache_control(max_age=31536000, immutable=True, public=True)
def brand_logo(request):
    """The provider's logo; its address carries the version."""
    provider = Provider.current()
    if not provider or not provider.logo:
        raise Http404
    return FileResponse(provider.logo.open())
