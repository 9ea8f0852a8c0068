"""Users: whom the customer lets in."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations, limits, subusers
from accounts.access import both_steps, needs, password_again
from accounts.confirmation import ask
from accounts.forms.person import AccountDecisionForm
from accounts.forms.subusers import ALREADY_HERE, NewSubuserForm, PersonForm, RightsForm, UserFilter
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.typed import whole_number

USERS_ON_A_PAGE = 25
LAST_ADMINISTRATIVE = gettext_lazy(
    "Somebody must be left who runs this account. Give the rights to another person first."
)


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
    people = Membership.objects.filter(customer=request.customer).select_related("user")
    form = UserFilter(request.GET)
    found = form.apply(people).order_by("created_at", "pk")
    page = Paginator(found, USERS_ON_A_PAGE).get_page(request.GET.get("page"))
    editable = subusers.editable(request.membership, page.object_list)
    for membership in page:
        membership.editable = membership.pk in editable
    context = {"page": page, "form": form, "narrowed": any(form.cleaned_data.values())}
    return render(request, "accounts/users.html", context)


@needs(Permission.USERS)
@password_again
def user_add(request):
    """A new sub-user; a standard one is then given services."""
    if request.method == "POST" and not may_invite(request):
        return redirect("accounts:user_add")
    form = NewSubuserForm(request.POST or None, editor=request.membership, initial=initial(request))
    membership = added(request, form) if request.method == "POST" and form.is_valid() else None
    if membership is None:
        return render(request, "accounts/user_add.html", {"form": form})
    messages.success(request, _("Invitation sent."))
    if not membership.sees_everything:
        return redirect("services:grants", membership.pk)
    return redirect("accounts:user", membership.pk)


def initial(request):
    """Name, address and phone of the contact person whom access is to be given, if the page was opened from there."""
    if not request.membership.sees_everything:
        return {}
    contact = request.customer.contacts.filter(pk=whole_number(request.GET.get("contact", ""))).first()
    return {"name": contact.name, "email": contact.email, "phone": contact.phone} if contact else {}


def added(request, form):
    """The new membership, or None when the login is in the list already."""
    editor = request.membership
    try:
        return invitations.add(customer=request.customer, by=request.user, editor=editor, **form.cleaned_data)
    except invitations.AlreadyHere:
        form.add_error("login", ALREADY_HERE)


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
    membership = find(request, pk)
    membership.editable = subusers.may_edit(request.membership, membership)
    may_hand_over = request.membership.is_owner and subusers.may_receive(membership)
    return render(request, "accounts/user.html", {"membership": membership, "may_hand_over": may_hand_over})


@needs(Permission.USERS)
@password_again
def user_rights(request, pk):
    """Role and permissions of a sub-user."""
    membership = find_editable(request, pk)
    initial = {"role": membership.role, "permissions": membership.permissions}
    form = RightsForm(request.POST or None, editor=request.membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        verb = partial(subusers.change_rights, **form.cleaned_data)
        return done(request, verb, membership, _("Changes saved."))
    return render(request, "accounts/user_rights.html", {"form": form, "membership": membership})


@needs(Permission.USERS)
@password_again
def user_person(request, pk):
    """Corrects the data of somebody who has not finished; afterwards only they change them."""
    membership = find_editable(request, pk)
    if not membership.is_waiting:
        raise PermissionDenied
    if request.method == "POST" and not may_invite(request):
        return redirect("accounts:user", pk)
    form = PersonForm(request.POST or None, person=membership.person)
    if request.method == "POST" and form.is_valid():
        invitations.correct(membership, by=request.user, **form.cleaned_data)
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
        % {"person": membership.person.display_name, "email": membership.person.email},
        label=_("Send"),
        cancel_url=reverse("accounts:user", args=[pk]),
    )
    if question:
        return question
    if not may_invite(request):
        return redirect("accounts:user", pk)
    if invitations.send_again(membership, by=request.user):
        messages.success(
            request, _("We have sent an activation mail to %(email)s.") % {"email": membership.person.email}
        )
    else:
        messages.warning(request, _("This user is active already."))
    return redirect("accounts:user", pk)


@needs(Permission.USERS)
@require_POST
def user_block(request, pk):
    """Shuts the customer to a sub-user; one who has not come in yet is removed instead."""
    membership = find_editable(request, pk)
    if membership.is_waiting:
        messages.warning(request, _("This user has not come in yet. Remove them instead."))
        return redirect("accounts:user", pk)
    return done(request, subusers.block, membership, _("The user is blocked."))


@needs(Permission.USERS)
@require_POST
def user_unblock(request, pk):
    """Lets a sub-user in again."""
    return done(request, subusers.unblock, find_editable(request, pk), _("The user is unblocked."))


def done(request, verb, membership, words):
    """Carries the change out and says so, or why it cannot be."""
    try:
        verb(membership, by=request.user, editor=request.membership)
    except subusers.LastAdministrative:
        messages.error(request, LAST_ADMINISTRATIVE)
    else:
        messages.success(request, words)
    left = Membership.objects.filter(pk=membership.pk).exists()
    return redirect("accounts:user", membership.pk) if left else redirect("accounts:users")


@needs(Permission.USERS)
@require_POST
def user_remove(request, pk):
    """Takes a sub-user away from this customer."""
    membership = find_editable(request, pk)
    question = ask(
        request,
        title=_("Remove this user?"),
        text=_("%(person)s will no longer see anything of yours.") % {"person": membership.person.display_name},
        label=_("Remove"),
        cancel_url=reverse("accounts:user", args=[pk]),
        danger=True,
    )
    if question:
        return question
    return done(request, subusers.remove, membership, _("The user was removed."))


@needs(Permission.USERS)
@both_steps
@sensitive_post_parameters("current_password")
def user_hand_over(request, pk):
    """Makes an administrative person the owner; for the owner, who types the password."""
    membership = find(request, pk)
    if not request.membership.is_owner or not subusers.may_receive(membership):
        raise PermissionDenied
    form = AccountDecisionForm(request.POST or None, user=request.user, customer=request.customer)
    if request.method == "POST" and form.is_valid():
        subusers.hand_over(membership, by=request.user, editor=request.membership)
        words = _("%(person)s is the owner now. You are an administrative user.")
        messages.success(request, words % {"person": membership.user.display_name})
        return redirect("accounts:users")
    return render(request, "accounts/user_hand_over.html", {"form": form, "membership": membership})
