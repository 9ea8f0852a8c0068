"""The second step of signing in, by whichever way; and the password once more before sensitive acts."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import signin, trust
from accounts.access import BY_TRUST, without_strong_step
from accounts.forms.factors import step_form
from accounts.forms.person import OwnPasswordForm
from accounts.limits import TooMany
from accounts.models import RecoveryCode, User
from accounts.views.signin import TOO_MANY, arrive, is_ours, next_url
from accounts.waiting import MESSAGES, Waiting

Way = User.Way

TOO_MANY_CODES = gettext_lazy("Too many codes were tried for this account. Try again in an hour.")
WRONG_CODE = gettext_lazy("This code is not right. Check the newest message we sent you.")
DEAD_CODE = gettext_lazy("This code can no longer be used. Have a new one sent.")
WRONG = {
    Way.APP: gettext_lazy("This code is not right, or was used already. Wait for the next one in your app."),
    Way.PASSKEY: gettext_lazy("This passkey was not recognised. Try again, or choose another way."),
    Way.RECOVERY: gettext_lazy("This is none of your recovery codes that still work."),
}


@login_not_required
@sensitive_post_parameters("code")
def sign_in_code(request):
    """Second step, by the way that was chosen."""
    waiting = Waiting.of(request)
    if waiting is None:
        return redirect("accounts:sign_in")
    offers_trust = trust.may_trust(waiting.user) and not waiting.is_renewal
    form = step_form(waiting.way, request.POST or None, offers_trust=offers_trust)
    if request.method == "POST" and form.is_valid() and is_right(waiting, form):
        return finish(request, waiting, trusts=form.cleaned_data.get("trust", False))
    context = {"form": form, "waiting": waiting, "way": waiting.way, "address": masked(waiting.user, waiting.way)}
    context["others"] = [(way, masked(waiting.user, way)) for way in waiting.ways if way != waiting.way]
    if waiting.way == Way.PASSKEY:
        context["options"] = waiting.new_challenge()
    return render(request, "accounts/sign_in_code.html", context)


def is_right(waiting, form):
    """Whether the step is taken; otherwise the form says why not."""
    try:
        if waiting.is_right(form.typed):
            return True
    except TooMany:
        form.add_error(None, TOO_MANY_CODES)
        return False
    if waiting.is_message:
        code = waiting.code
        form.add_error("code", WRONG_CODE if code and code.is_alive else DEAD_CODE)
    else:
        form.add_error(None if waiting.way == Way.PASSKEY else "code", WRONG[waiting.way])
    return False


def finish(request, waiting, *, trusts):
    """Opens the session, or lets the one that is open go on as one opened by both steps."""
    waiting.end()
    if waiting.is_renewal:
        signin.renew_session(request, waiting.way)
        return redirect(waiting.target)
    response = arrive(request, waiting.user, waiting.way, waiting.target)
    if waiting.way == Way.RECOVERY and request.user.is_authenticated:
        tell_what_is_left(request, waiting.user)
    if trusts and trust.may_trust(waiting.user) and request.user.is_authenticated:
        trust.trust(request, response, waiting.user, customer=signin.own_customer(waiting.user))
    return response


def tell_what_is_left(request, user):
    """After a recovery code: how many there still are, a warning when they are few."""
    left = RecoveryCode.left(user)
    level = messages.WARNING if left <= RecoveryCode.FEW else messages.INFO
    messages.add_message(request, level, _("Recovery codes that still work: %(left)d.") % {"left": left})


@login_not_required
@require_POST
def sign_in_way(request):
    """Another way for the second step."""
    waiting = Waiting.of(request)
    if waiting is None:
        return redirect("accounts:sign_in")
    chosen = request.POST.get("way")
    try:
        if chosen in waiting.ways and not waiting.choose(Way(chosen)):
            messages.warning(request, _("No more codes are sent in this session. Choose another way, or begin anew."))
    except TooMany:
        messages.warning(request, TOO_MANY)
    return redirect("accounts:sign_in_code")


@login_not_required
@require_POST
def sign_in_resend(request):
    """Sends a fresh code, at most a few times and not at once."""
    waiting = Waiting.of(request)
    if waiting is None:
        return redirect("accounts:sign_in")
    try:
        if waiting.resend():
            messages.success(request, _("We have sent a new code. The older one no longer works."))
        else:
            messages.warning(request, _("A new code can be sent one minute after the last, at most three times."))
    except TooMany:
        messages.warning(request, TOO_MANY)
    return redirect("accounts:sign_in_code")


@without_strong_step
@sensitive_post_parameters("current_password")
def password_again(request):
    """The password once more; in a trusted browser the second step after it."""
    form = OwnPasswordForm(request.POST or None, user=request.user)
    by_trust = request.session.get("way") == BY_TRUST
    if request.method == "POST" and form.is_valid():
        if by_trust:
            return second_step_again(request, next_url(request))
        signin.renew_session(request)
        return redirect(next_url(request))
    context = {"form": form, "next": next_url(request, ""), "back": came_from(request), "by_trust": by_trust}
    return render(request, "accounts/password_again.html", context)


def came_from(request):
    """The page on which the person chose what needs the password; the form carries it through wrong passwords."""
    before = urlsplit(request.headers.get("Referer", ""))._replace(scheme="", netloc="").geturl()
    back = request.POST.get("back") or before
    return back if is_ours(request, back) and not back.startswith(request.path) else reverse("accounts:security")


def second_step_again(request, target):
    """Has a person who is signed in take the second step, too, and then go on to `target`."""
    try:
        Waiting.begin(request, User.objects.get(pk=request.user.pk), target=target)
    except TooMany:
        messages.warning(request, TOO_MANY)
        return redirect("accounts:security")
    return redirect("accounts:sign_in_code")


def masked(user, way):
    """Enough of the address for its owner to know it, and no more; "" where no code is sent."""
    if way not in MESSAGES:
        return ""
    if way == Way.SMS:
        return f"••• {user.phone[-3:]}"
    name, _at, domain = user.email.partition("@")
    return f"{name[:2]}•••@{domain}"
