"""Pages of the panel itself: the first page and the brand."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import Provider
from panel.dashboard import Dashboard


@require_safe
def home(request):
    """The first page; staff are sent to their work, and who acts for nobody is told so."""
    if request.membership:
        return render(request, "panel/home.html", {"dashboard": Dashboard(request.membership)})
    if request.user.is_support:
        return redirect("tickets:desk")
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "panel/nobody.html")


@login_not_required
@require_safe
@cache_control(max_age=31536000, immutable=True, public=True)
def brand_css(request):
    """The provider's accent colour as CSS tokens; its address carries the version."""
    provider = Provider.current()
    accent = provider.accent if provider else "#0b5c6b"
    return HttpResponse(
        f":root{{--brand:{accent};--on-brand:{readable_on(accent)}}}", content_type="text/css; charset=utf-8"
    )


def readable_on(colour):
    """White or black, whichever stands out more from `colour` (WCAG 2 relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#fff"


@login_not_required
@require_safe
@cache_control(max_age=31536000, immutable=True, public=True)
def brand_logo(request):
    """The provider's logo; its address carries the version."""
    provider = Provider.current()
    if not provider or not provider.logo:
        raise Http404
    try:
        return FileResponse(provider.logo.open())
    except FileNotFoundError:
        raise Http404 from None
