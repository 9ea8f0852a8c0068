"""Users: whom the customer lets in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import limits, subusers
from accounts.access import needs
from accounts.confirmation import ask
from accounts.forms.signin import LOGIN_TAKEN
from accounts.forms.subusers import NewSubuserForm, PersonForm, RightsForm, UserFilter
from accounts.models import Membership
from accounts.permissions import Permission

USERS_ON_A_PAGE = 25


def find(request, pk):
    """The sub-user of this customer, or 404."""
    people = Membership.objects.filter(customer=request.customer).select_related("user", "customer")
    return get_object_or_404(people, pk=pk)


def find_editable(request, pk):
    """The sub-user, if this person may change their rights; 403 otherwise."""
    membership = find(request, pk)
    if not subusers.may_edit(request.membership, membership):
        raise PermissionDenied
    return membership


@needs(Permission.USERS)
@require_safe
def users(request):
    """Everybody who has access, with search."""
    people = Membership.objects.filter(customer=request.customer).select_related("user").with_activation_link()
    form = UserFilter(request.GET)
    found = form.apply(people).order_by("created_at", "pk")
    page = Paginator(found, USERS_ON_A_PAGE).get_page(request.GET.get("page"))
    editable = subusers.editable(request.membership, page.object_list)
    for membership in page:
        membership.editable = membership.pk in editable
    context = {"page": page, "form": form, "narrowed": any(form.cleaned_data.values())}
    return render(request, "accounts/users.html", context)


@needs(Permission.USERS)
def user_add(request):
    """A new sub-user; a standard one is then given services."""
    if request.method == "POST" and not may_invite(request):
        return redirect("accounts:user_add")
    form = NewSubuserForm(request.POST or None, editor=request.membership, initial=request.GET.dict())
    membership = added(request, form) if request.method == "POST" and form.is_valid() else None
    if membership is None:
        return render(request, "accounts/user_add.html", {"form": form})
    messages.success(request, _("We have sent an activation mail to %(email)s.") % {"email": membership.user.email})
    if not membership.sees_everything:
        return redirect("services:grants", membership.pk)
    return redirect("accounts:user", membership.pk)


def added(request, form):
    """The new membership, or None when somebody took the login at the same moment."""
    try:
        return subusers.add(customer=request.customer, by=request.user, editor=request.membership, **form.cleaned_data)
    except IntegrityError:
        form.add_error("login", LOGIN_TAKEN)


def may_invite(request):
    """Whether one more mail may go to somebody who is no user yet; says so when not."""
    try:
        limits.INVITATIONS.charge(request.customer.pk)
    except limits.TooMany:
        messages.warning(request, _("A great many activation mails were sent in the last hour. Try again later."))
        return False
    return True


@needs(Permission.USERS)
@require_safe
def user(request, pk):
    """A sub-user's details."""
    membership = get_object_or_404(
        Membership.objects.select_related("user", "customer").with_activation_link(), pk=pk, customer=request.customer
    )
    membership.editable = subusers.may_edit(request.membership, membership)
    return render(request, "accounts/user.html", {"membership": membership})


@needs(Permission.USERS)
def user_rights(request, pk):
    """Role and permissions of a sub-user."""
    membership = find_editable(request, pk)
    initial = {"role": membership.role, "permissions": membership.permissions}
    form = RightsForm(request.POST or None, editor=request.membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        subusers.change_rights(membership, by=request.user, editor=request.membership, **form.cleaned_data)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:user", pk)
    return render(request, "accounts/user_rights.html", {"form": form, "membership": membership})


@needs(Permission.USERS)
def user_person(request, pk):
    """Corrects the data of somebody who is not active yet; afterwards only they change them."""
    membership = find_editable(request, pk)
    if membership.user.activated_at:
        raise PermissionDenied
    if request.method == "POST" and not may_invite(request):
        return redirect("accounts:user", pk)
    form = PersonForm(request.POST or None, instance=membership.user)
    if request.method == "POST" and form.is_valid():
        subusers.change_person(find(request, pk), by=request.user, **form.cleaned_data)
        messages.success(request, _("Changes saved."))
        return redirect("accounts:user", pk)
    return render(request, "accounts/user_person.html", {"form": form, "membership": membership})


@needs(Permission.USERS)
@require_POST
def user_resend(request, pk):
    """Sends the activation mail again."""
    membership = find_editable(request, pk)
    question = ask(
        request,
        title=_("Send the activation mail again?"),
        text=_("%(person)s gets a new link to %(email)s. The older link stops working.")
        % {"person": membership.user.display_name, "email": membership.user.email},
        label=_("Send"),
        cancel_url=reverse("accounts:user", args=[pk]),
    )
    if question:
        return question
    if not may_invite(request):
        return redirect("accounts:user", pk)
    if subusers.resend_activation(membership, by=request.user):
        messages.success(
            request, _("We have sent an activation mail to %(email)s.") % {"email": membership.user.email}
        )
    else:
        messages.warning(request, _("This user is active already."))
    return redirect("accounts:user", pk)


@needs(Permission.USERS)
@require_POST
def user_block(request, pk):
    """Shuts the customer to a sub-user."""
    subusers.block(find_editable(request, pk), by=request.user)
    messages.success(request, _("The user is blocked."))
    return redirect("accounts:user", pk)


@needs(Permission.USERS)
@require_POST
def user_unblock(request, pk):
    """Lets a sub-user in again."""
    subusers.unblock(find_editable(request, pk), by=request.user)
    messages.success(request, _("The user is unblocked."))
    return redirect("accounts:user", pk)


@needs(Permission.USERS)
@require_POST
def user_remove(request, pk):
    """Takes a sub-user away from this customer."""
    membership = find_editable(request, pk)
    question = ask(
        request,
        title=_("Remove this user?"),
        text=_("%(person)s will no longer see anything of yours.") % {"person": membership.user.display_name},
        label=_("Remove"),
        cancel_url=reverse("accounts:user", args=[pk]),
        danger=True,
    )
    if question:
        return question
    subusers.remove(membership, by=request.user)
    messages.success(request, _("The user was removed."))
    return redirect("accounts:users")
