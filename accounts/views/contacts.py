"""Contact persons of a customer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import bounces, people
from accounts.access import needs_everything
from accounts.confirmation import ask
from accounts.contacts import with_access
from accounts.forms.person import ContactForm
from accounts.models import Contact
from accounts.permissions import Permission

CONTACTS_AT_MOST = 100


@needs_everything
def contacts(request):
    """All contact persons."""
    context = {
        "contacts": with_access(request.customer, request.customer.contacts.all()[:CONTACTS_AT_MOST]),
        "may_give_access": request.membership.may(Permission.USERS),
    }
    return render(request, "accounts/contacts.html", context)


@needs_everything
def contact_add(request):
    """A new contact person."""
    return contact_page(request, Contact())


@needs_everything
def contact_edit(request, pk):
    """Changes a contact person."""
    return contact_page(request, get_object_or_404(request.customer.contacts, pk=pk))


def contact_page(request, contact):
    context = {"contact": contact, "mails_return_since": bounces.returning_since(contact.email)}
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        if not contact.pk and request.customer.contacts.count() >= CONTACTS_AT_MOST:
            form.add_error(None, _("You have the most contact persons there can be. Remove one first."))
        else:
            people.save_contact(form, customer=request.customer, by=request.user)
            messages.success(request, _("Changes saved."))
            return redirect("accounts:contacts")
    return render(request, "accounts/contact_edit.html", context | {"form": form})


@needs_everything
@require_POST
def contact_email_works(request, pk):
    """The customer says that mails arrive at the address of a contact person."""
    contact = get_object_or_404(request.customer.contacts, pk=pk)
    bounces.confirm(contact.email, customer=request.customer, by=request.user)
    messages.success(request, _("Thank you. We go on sending to this address."))
    return redirect("accounts:contacts")


@needs_everything
@require_POST
def contact_remove(request, pk):
    """Removes a contact person."""
    contact = get_object_or_404(request.customer.contacts, pk=pk)
    question = ask(
        request,
        title=_("Remove this contact person?"),
        text=str(contact),
        label=_("Remove"),
        cancel_url=reverse("accounts:contacts"),
        danger=True,
    )
    if question:
        return question
    people.remove_contact(contact, by=request.user)
    messages.success(request, _("The contact person was removed."))
    return redirect("accounts:contacts")
