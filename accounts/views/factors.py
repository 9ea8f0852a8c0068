"""Setting up what the second step is taken with: an app, passkeys, recovery codes, a confirmed phone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import factors, keys, passkeys, signin, ways
from accounts.access import lacks_strong_step, password_again, without_strong_step
from accounts.confirmation import ask
from accounts.forms.factors import AppForm, NewPasskeyForm
from accounts.limits import TooMany
from accounts.models import RecoveryCode, User
from accounts.views.second_step import TOO_MANY_CODES, second_step_again

# What lies in the session until it is confirmed, or shown: seed and codes encrypted.
SEED, CHALLENGE, SHOWN_ONCE = "app_seed", "passkey_challenge", "recovery_codes"
GROUP = 4


def fresh(request):
    """The signed-in person as the database has them, for changing."""
    return User.objects.get(pk=request.user.pk)


def asks_about_messages(user):
    """Whether this is the first strong way, of somebody who may decide about codes by message."""
    return not user.has_staff_rights and not ways.strong_ways(user)


def go_on(request, person, way, words):
    """This session goes on as one opened by the new way; who has no recovery codes is led to them."""
    signin.keep_session(request, person)
    signin.note_steps(request, way)
    messages.success(request, words)
    return redirect("accounts:security" if RecoveryCode.left(person) else "accounts:recovery_codes")


@without_strong_step
@password_again
@sensitive_post_parameters("code")
def app_add(request):
    """Adds an authenticator app: its seed as a QR code and in letters, and the first code to prove that it works."""
    person = fresh(request)
    form = AppForm(request.POST or None, asks=asks_about_messages(person))
    seed = pending_seed(request)
    if request.method == "POST" and form.is_valid():
        step = first_code(form, person, seed)
        if step:
            factors.add_app(person, seed, step, message_codes=form.message_codes)
            del request.session[SEED]
            return go_on(request, person, User.Way.APP, _("The authenticator app is added."))
    groups = [seed[at : at + GROUP] for at in range(0, len(seed), GROUP)]
    context = {"form": form, "picture": factors.seed_picture(person, seed), "groups": groups}
    return render(request, "accounts/app_add.html", context | {"forced": lacks_strong_step(request)})


def pending_seed(request):
    """The seed that this session is adding, the same until it is confirmed."""
    kept = request.session.get(SEED)
    seed = kept and keys.decrypt(kept)
    if not seed:
        seed = factors.new_seed()
        request.session[SEED] = keys.encrypt(seed)
    return seed


def first_code(form, person, seed):
    """The time step of the code that was typed; None with the reason in the form."""
    try:
        step = factors.first_step(person, seed, form.cleaned_data["code"])
    except TooMany:
        form.add_error("code", TOO_MANY_CODES)
        return None
    if not step:
        form.add_error("code", _("This code is not right. Look at the clock of your phone, then type the next one."))
    return step


@require_POST
@password_again
def app_remove(request):
    """Removes the authenticator app."""
    question = ask(
        request,
        title=_("Remove the authenticator app?"),
        text=_("Its codes stop opening your account."),
        label=_("Remove"),
        cancel_url=reverse("accounts:security"),
        danger=True,
    )
    if question:
        return question
    person = fresh(request)
    factors.remove_app(person)
    signin.keep_session(request, person)
    messages.success(request, _("The authenticator app is removed."))
    return redirect("accounts:security")


@without_strong_step
@password_again
def passkey_add(request):
    """Adds a passkey under a name."""
    person = fresh(request)
    form = NewPasskeyForm(request.POST or None, asks=asks_about_messages(person))
    if request.method == "POST" and form.is_valid() and added(request, person, form):
        return go_on(request, person, User.Way.PASSKEY, _("The passkey is added."))
    challenge = request.session[CHALLENGE] = passkeys.new_challenge()
    context = {"form": form, "options": passkeys.creation_options(person, challenge)}
    return render(request, "accounts/passkey_add.html", context | {"forced": lacks_strong_step(request)})


def added(request, person, form):
    """Whether the browser's key was added; otherwise the form says why not."""
    try:
        key = passkeys.created(form.cleaned_data["answer"], request.session.pop(CHALLENGE, None))
        factors.add_passkey(person, key, form.cleaned_data["name"], message_codes=form.message_codes)
    except passkeys.WrongAnswer:
        form.add_error(None, _("The passkey could not be added. Try again, or use another one."))
        return False
    except factors.TooManyPasskeys:
        form.add_error(None, _("You have the most passkeys there can be. Remove one first."))
        return False
    return True


@require_POST
@password_again
def passkey_remove(request, pk):
    """Removes a passkey."""
    key = get_object_or_404(request.user.passkeys, pk=pk)
    question = ask(
        request,
        title=_("Remove this passkey?"),
        text=key.name,
        label=_("Remove"),
        cancel_url=reverse("accounts:security"),
        danger=True,
    )
    if question:
        return question
    key.user = person = fresh(request)
    factors.remove_passkey(key)
    signin.keep_session(request, person)
    messages.success(request, _("The passkey is removed."))
    return redirect("accounts:security")


@password_again
def recovery_codes(request):
    """Recovery codes: shown once after they are made; how many there are; a new set."""
    if request.method == "POST":
        person = fresh(request)
        codes = factors.new_recovery_codes(person)
        request.session[SHOWN_ONCE] = keys.encrypt("\n".join(codes))
        signin.keep_session(request, person)
        return redirect("accounts:recovery_codes")
    shown = request.session.pop(SHOWN_ONCE, None) if request.method == "GET" else None
    codes = (keys.decrypt(shown) or "").split() if shown else []
    context = {"codes": codes, "left": RecoveryCode.left(request.user), "few": RecoveryCode.FEW}
    return render(request, "accounts/recovery_codes.html", context)


@without_strong_step
def strong_step(request):
    """Staff set up an app or a passkey here before anything else opens, or take the one they have."""
    if not lacks_strong_step(request):
        return redirect("home")
    has_one = ways.strong_ways(request.user)
    if request.method == "POST" and has_one:
        return second_step_again(request, reverse("home"))
    return render(request, "accounts/strong_step.html", {"has_one": has_one})
