"""Django admin, entered through the panel's own two steps."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Provider
from accounts.views.signin import sign_out
from panel.admin_waiting import waiting

# Pages of services and billing by which the catalogue is made.
CATALOGUE = {"ProductGroup", "Product", "ProductOption", "PromoCode"}
# Pages of accounts that an administrator opens when mail does not go out.
BEHIND_THE_PAGES = {"BackgroundTask", "Outbox", "PeriodicJob", "TaskFailure", "WorkerHeartbeat"}


class PanelAdminSite(AdminSite):
    """The administration pages; whoever is not signed in is sent to the panel's sign-in page."""

    site_header = site_title = index_title = _("Administration")

    def each_context(self, request):
        """The provider's name stands above every page."""
        context = super().each_context(request)
        if provider := Provider.current():
            title = gettext("%(name)s: administration") % {"name": provider.name}
            context |= {"site_header": title, "site_title": title}
        return context

    def index(self, request, extra_context=None):
        """Above all pages stands what waits for whoever opens them."""
        return super().index(request, {"waiting": waiting(request.user)} | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        """The catalogue, and what works behind the pages, stand in groups of their own."""
        groups = super().get_app_list(request, app_label)
        if app_label:
            return groups
        # Groups of staff stand beside the people in them.
        take(groups, "auth", {"Group"}, into="accounts")
        catalogue = take(groups, "services", CATALOGUE) + take(groups, "billing", CATALOGUE)
        behind = take(groups, "accounts", BEHIND_THE_PAGES)
        groups = [
            group_of("catalogue", gettext("Catalogue"), catalogue),
            *groups,
            group_of("work", gettext("Outgoing messages and background work"), behind),
        ]
        return [group for group in groups if group["models"]]

    def login(self, request, extra_context=None):
        """Sends strangers to the two steps; who is signed in without the right finds nothing here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def logout(self, request, extra_context=None):
        """The panel's own way out."""
        return sign_out(request)

    def password_change(self, request, extra_context=None):
        """One's own password is changed on the page where everybody does it."""
        return redirect("accounts:password_change")


def take(groups, label, names, into=None):
    """Takes these pages out of a group of the list, and puts them into another one if told so."""
    pages = {group["app_label"]: group["models"] for group in groups}
    taken = [page for page in pages.get(label, ()) if page["object_name"] in names]
    for group in groups:
        if group["app_label"] == label:
            group["models"] = [page for page in group["models"] if page not in taken]
        if group["app_label"] == into:
            group["models"] += taken
    return taken


def group_of(label, name, pages):
    """A group of our own; its heading leads to the first page."""
    address = pages[0]["admin_url"] if pages else ""
    return {"name": name, "app_label": label, "app_url": address, "has_module_perms": True, "models": pages}
