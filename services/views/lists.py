"""The lists "Services" and "Domains", and the page of one service."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import needs
from services import expiry
from services.forms import DomainFilter, ServiceFilter
from services.models import Service

SERVICES_ON_A_PAGE = 25


@needs()
@require_safe
def services(request):
    """Everything but domains."""
    mine = Service.objects.visible_to(request.membership).without_domains()
    return listing(request, mine, ServiceFilter(request.GET), "services/services.html")


@needs()
@require_safe
def domains(request):
    """Domain names, also those kept elsewhere."""
    mine = Service.objects.visible_to(request.membership).domains().select_related("registration")
    return listing(request, mine, DomainFilter(request.GET), "services/domains.html")


def listing(request, services, form, template):
    """One page of the services that fit the filter."""
    page = Paginator(form.apply(services), SERVICES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"page": page, "form": form, "narrowed": any(form.cleaned_data.values())})


@needs()
@require_safe
def manage(request, pk):
    """What there is to know about one service."""
    mine = Service.objects.visible_to(request.membership).select_related("product", "registration")
    service = get_object_or_404(mine, pk=pk)
    return render(request, "services/manage.html", {"service": service, "renewable": expiry.is_renewable(service)})
