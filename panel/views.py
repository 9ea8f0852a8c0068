"""Pages of the panel itself: the first page and the brand."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.colours import readable_on
from accounts.models import Provider
from billing import cart
from panel.dashboard import Dashboard


@require_safe
def home(request):
    """The first page; who chose something before signing in goes on with it, staff are sent to their work."""
    if cart.waits_for(request):
        return redirect("billing:cart")
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
