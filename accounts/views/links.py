"""Links from mails. Opening one uses nothing up: the secret leaves the address, then a page with a button acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import addresses, invitations, recovery, registration, signin
from accounts.forms.signin import NewPasswordForm
from accounts.models import Link
from accounts.passwords import RULES
from accounts.views.invitations import keep

# The page behind each purpose; its address holds no secret.
PAGES = {
    Link.Purpose.REGISTRATION: "accounts:confirm_registration",
    Link.Purpose.ACTIVATION: "accounts:activate",
    Link.Purpose.PASSWORD: "accounts:new_password",
    Link.Purpose.NOT_ME: "accounts:not_me",
    Link.Purpose.INVITATION: "accounts:invitation",
    Link.Purpose.EMAIL: "accounts:email_confirm",
    Link.Purpose.EMAIL_BACK: "accounts:email_back",
}


@login_not_required
@require_safe
def link(request, purpose, token):
    """Takes the secret out of the address: into the session, and on to the page of the purpose."""
    if purpose not in PAGES:
        raise Http404
    found = Link.find(token, purpose)
    if found is None:
        return render(request, "accounts/dead_link.html", {"purpose": purpose}, status=410)
    response = redirect(PAGES[purpose])
    if purpose == Link.Purpose.INVITATION:
        keep(response, found)
    else:
        request.session[f"link:{purpose}"] = found.pk
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def opened(request, purpose):
    """The link of this purpose that was opened in this browser and still lives, or None."""
    found = (
        Link.objects.select_related("user").filter(pk=request.session.get(f"link:{purpose}"), purpose=purpose).first()
    )
    return found if found and found.is_alive and not found.user.is_shut_out else None


def dead(request, purpose):
    """Says that the link is used or too old, and whom to ask."""
    return render(request, "accounts/dead_link.html", {"purpose": purpose}, status=410)


@login_not_required
def confirm_registration(request):
    """A button that opens the account."""
    found = opened(request, Link.Purpose.REGISTRATION)
    if found is None:
        return dead(request, Link.Purpose.REGISTRATION)
    if request.method == "POST":
        if not registration.confirm(found):
            return dead(request, Link.Purpose.REGISTRATION)
        messages.success(request, _("Your account is open. Sign in with your login and password."))
        return redirect("accounts:sign_in")
    return render(request, "accounts/confirm_registration.html", {"person": found.user})


@login_not_required
@sensitive_post_parameters("password", "repeated")
def activate(request):
    """A sub-user's first password."""
    return password_page(
        request,
        Link.Purpose.ACTIVATION,
        invitations.activate,
        _("Your account is active. Sign in with your login and password."),
    )


@login_not_required
@sensitive_post_parameters("password", "repeated")
def new_password(request):
    """A new password in place of a forgotten one; the second step stays as it was."""
    return password_page(
        request, Link.Purpose.PASSWORD, recovery.set_password, _("Your new password is set. Sign in with it.")
    )


def password_page(request, purpose, verb, done):
    """A page that sets a password by `verb` and then leads to the sign-in page with the words `done`."""
    found = opened(request, purpose)
    if found is None:
        return dead(request, purpose)
    form = NewPasswordForm(request.POST or None, user=found.user)
    if request.method == "POST" and form.is_valid():
        if not verb(found, form.cleaned_data["password"]):
            return dead(request, purpose)
        messages.success(request, done)
        # Whoever used up the login's tries elsewhere does not stop the person who comes with the new password.
        return signin.remember_browser(request, redirect("accounts:sign_in"), found.user)
    context = {"form": form, "person": found.user, "purpose": purpose, "rules": RULES}
    return render(request, "accounts/set_password.html", context)


@login_not_required
def not_me(request):
    """A button that ends every session and mails a link for a new password."""
    found = opened(request, Link.Purpose.NOT_ME)
    if found is None:
        return dead(request, Link.Purpose.NOT_ME)
    if request.method == "POST":
        if not addresses.was_not_me(found):
            return dead(request, Link.Purpose.NOT_ME)
        messages.success(request, _("Every session has been ended. We have sent you a link for a new password."))
        return redirect("accounts:sign_in")
    return render(request, "accounts/not_me.html", {"person": found.user})
