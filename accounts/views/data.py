"""Personal data, billing data, language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import bounces, consents, people, signin
from accounts.access import needs_everything
from accounts.forms.person import BillingForm, PersonalDataForm
from accounts.models import Consent, User
from accounts.views.signin import next_url


@require_safe
def personal_data(request):
    """One's own name, phone, language and notifications, and what stands on the customer's invoices."""
    context = {
        "mailing": consents.living(request.user, Consent.Kind.MAILING),
        "mails_return_since": bounces.returning_since(request.user.email),
    }
    return render(request, "accounts/personal_data.html", context)


@require_POST
def email_works(request):
    """The person says that mails arrive at their address."""
    bounces.confirm(request.user.email, customer=request.customer, by=request.user, user=request.user)
    messages.success(request, _("Thank you. We go on sending to this address."))
    return redirect("accounts:personal_data")


def personal_data_edit(request):
    """Changes one's own data."""
    person = User.objects.get(pk=request.user.pk)
    form = PersonalDataForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        if people.change_data(person, form, customer=request.customer):
            signin.keep_session(request, person)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:personal_data")
    return render(request, "accounts/personal_data_edit.html", {"form": form})


@needs_everything
def billing_edit(request):
    """Changes what stands on invoices; for people who see everything of the customer."""
    form = BillingForm(request.POST or None, instance=request.customer)
    if request.method == "POST" and form.is_valid():
        people.change_billing(request.customer, form, by=request.user)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:personal_data")
    return render(request, "accounts/billing_edit.html", {"form": form})


@login_not_required
@require_POST
def language(request):
    """Changes the language, for good when somebody is signed in."""
    chosen = request.POST.get("language")
    response = redirect(next_url(request))
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
        translation.activate(chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
