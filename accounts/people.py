"""Changing one's own data, the customer's billing data and its contact persons."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import capfirst

from accounts.history import Action, record


def require_everything(membership):
    """Raises PermissionDenied unless this person sees everything of the customer."""
    if not membership.sees_everything:
        raise PermissionDenied


def changed_words(form):
    """The labels of what was changed, for the history; passwords are never among them."""
    names = [name for name in form.changed_data if name != "current_password"]
    return ", ".join(capfirst(str(form.fields[name].label)) for name in names)


@transaction.atomic
def change_data(person, form, *, customer):
    """Saves a person's own data from a valid PersonalDataForm."""
    person.muted = form.muted
    person.save(update_fields=["name", "phone", "language", "muted"])
    if words := changed_words(form):
        record(Action.DATA_CHANGED, customer=customer, user=person, by=person, fields=words)


@transaction.atomic
def change_billing(customer, form, *, by):
    """Saves the billing data from a valid BillingForm."""
    form.save()
    if words := changed_words(form):
        record(Action.BILLING_CHANGED, customer=customer, by=by, fields=words)


@transaction.atomic
def save_contact(form, *, customer, by):
    """Adds or changes a contact person from a valid ContactForm."""
    action = Action.CONTACT_CHANGED if form.instance.pk else Action.CONTACT_ADDED
    form.instance.customer = customer
    contact = form.save()
    record(action, customer=customer, by=by, name=contact.name)
    return contact


@transaction.atomic
def remove_contact(contact, *, by):
    """Removes a contact person; messages keep the address they were sent from."""
    record(Action.CONTACT_REMOVED, customer=contact.customer, by=by, name=contact.name)
    contact.delete()
