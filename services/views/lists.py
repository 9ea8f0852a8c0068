"""The lists "Services" and "Domains"."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import needs
from accounts.pages import page_of
from services.forms import DomainFilter, ServiceFilter
from services.models import Service


@dataclass(frozen=True)
class Shape:
    """The words of a list, its second column (the template of its cells, their heading), and where more is ordered."""

    title: str
    caption: str
    first: str
    second: str
    cell: str
    icon: str
    nothing_fits: str
    nothing_yet: str
    later: str
    more: str
    more_url: str


SERVICES = Shape(
    title=_("Services"),
    caption=_("Your services"),
    first=_("Name"),
    second=_("Domain"),
    cell="services/_domain_cell.html",
    icon="server",
    nothing_fits=_("No service fits"),
    nothing_yet=_("No services yet"),
    later=_("What you buy, or what is shared with you, appears here."),
    more=_("Order a service"),
    more_url="billing:catalogue",
)
DOMAINS = Shape(
    title=_("Domains"),
    caption=_("Your domains"),
    first=_("Domain"),
    second=_("Registration"),
    cell="services/_registration_cell.html",
    icon="globe",
    nothing_fits=_("No domain fits"),
    nothing_yet=_("No domains yet"),
    later=_("Domains that you register or keep with us appear here."),
    more=_("Register or transfer a domain"),
    more_url="billing:domain_search",
)


@needs()
@require_safe
def services(request):
    """Everything but domains."""
    mine = Service.objects.visible_to(request.membership).without_domains()
    return listing(request, mine, ServiceFilter(request.GET), SERVICES)


@needs()
@require_safe
def domains(request):
    """Domain names, also those kept elsewhere."""
    mine = Service.objects.visible_to(request.membership).domains().select_related("registration")
    return listing(request, mine, DomainFilter(request.GET), DOMAINS)


def listing(request, services, form, shape):
    """One page of the services that fit the filter, by name."""
    page = page_of(form.apply(services), by="name", params=request.GET)
    context = {"shape": shape, "page": page, "form": form, "narrowed": any(form.cleaned_data.values())}
    return render(request, "services/list.html", context)
