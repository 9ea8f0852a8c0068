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

    def get_app_list(self, request, app_label=None):
        """What works behind the pages stands in a group of its own, apart from people and customers."""
        groups = super().get_app_list(request, app_label)
        accounts = next((group for group in groups if group["app_label"] == "accounts"), None)
        if app_label or not accounts:
            return groups
        behind = [page for page in accounts["models"] if page["object_name"] in BEHIND_THE_PAGES]
        accounts["models"] = [page for page in accounts["models"] if page not in behind]
        name = gettext("Outgoing messages and background work")
        groups.append(accounts | {"app_label": "work", "name": name, "models": behind})
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
