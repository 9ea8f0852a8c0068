"""Choosing the services of a standard sub-user."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import subusers
from accounts.access import needs
from accounts.models import Membership
from accounts.pages import numbered_page
from accounts.permissions import Permission
from services.forms import GrantsForm, ServiceFilter
from services.grants import choose
from services.models import Service, ServiceGrant

# Each tick is a form field, and a form may have 500 (DATA_UPLOAD_MAX_NUMBER_FIELDS).
SERVICES_ON_A_PAGE = 100


@needs(Permission.USERS)
def grants(request, pk):
    """A page of the services that the editor sees, ticked where the sub-user sees them too."""
    person = find(request, pk)
    if person.sees_everything:
        messages.info(request, _("This user sees every service already."))
        return redirect("accounts:user", pk)
    grantable = Service.objects.visible_to(request.membership)
    if request.method == "POST":
        save(request, person, grantable)
        return redirect(request.get_full_path())
    return show(request, person, grantable)


def save(request, person, grantable):
    """Keeps the ticks, unless the page was older than the list."""
    form = GrantsForm(request.POST, grantable=grantable)
    if not form.is_valid():
        messages.warning(request, _("The list of services has changed meanwhile. Please choose again."))
        return
    granted, among = form.cleaned_data["granted"], form.cleaned_data["shown"]
    choose(person, granted, among=among, by=request.user, editor=request.membership)
    messages.success(request, _("Changes saved."))


def find(request, pk):
    """The sub-user whose rights this person may change; 404 when there is none, 403 when they may not."""
    people = Membership.objects.filter(customer=request.customer).select_related("user", "customer")
    person = get_object_or_404(people, pk=pk)
    if not subusers.may_edit(request.membership, person):
        raise PermissionDenied
    return person


def show(request, person, grantable):
    form = ServiceFilter(request.GET)
    theirs = ServiceGrant.objects.filter(membership=person, service=OuterRef("pk"))
    services = form.apply(grantable).annotate(is_granted=Exists(theirs))
    page = numbered_page(services, params=request.GET, size=SERVICES_ON_A_PAGE)
    context = {"person": person, "page": page, "form": form, "narrowed": any(form.cleaned_data.values())}
    return render(request, "services/grants.html", context)
