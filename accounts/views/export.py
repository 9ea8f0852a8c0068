"""Downloading all one's own data."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import exports
from accounts.access import both_steps, needs
from accounts.forms.person import OwnPasswordForm
from accounts.limits import TooMany


@needs()
@both_steps
@sensitive_post_parameters("current_password")
def export(request):
    """Asks for the password and has everything put together, or says how far that is."""
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and asked(request, form):
        messages.success(request, _("We are putting your data together and will send you a mail when they are ready."))
        return redirect("accounts:export")
    return show(request, form)


def asked(request, form):
    """Whether the file was asked for; otherwise the form says why not."""
    try:
        exports.ask(request.membership)
    except TooMany:
        form.add_error(None, _("You have asked for your data several times today. Try again tomorrow."))
        return False
    return True


def show(request, form):
    """The page with the newest file, if there is one."""
    return render(request, "accounts/export.html", {"form": form, "export": exports.latest(request.membership)})


@needs()
@require_POST
@both_steps
@sensitive_post_parameters("current_password")
def export_download(request):
    """Hands the file out, once the password was typed: everything about a person lies in it."""
    found = exports.latest(request.membership)
    if found is None or not found.file:
        raise Http404
    form = OwnPasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return show(request, form)
    try:
        file = found.file.open()
    except FileNotFoundError:
        raise Http404 from None
    exports.downloaded(found)
    response = FileResponse(file, as_attachment=True, filename="data.zip", content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    return response
