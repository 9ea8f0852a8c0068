"""Changing one's own data, the customer's billing data and its contact persons."""

from django.db import transaction

from accounts import consents, notify, vat
from accounts.history import FIELDS, Action, record
from accounts.models import Consent, Link, Membership
from accounts.signin import end_everything, own_customer, second_step_changed


def changed_fields(form, action):
    """The names of the fields that now hold something else and for which entries of this action have words."""
    names = [name for name in form.changed_data if name in FIELDS[action]]
    before = {name: form.get_initial_for_field(form.fields[name], name) for name in names}
    return [name for name in names if form.cleaned_data[name] != before[name]]


@transaction.atomic
def change_data(person, form, *, customer):
    """Saves a person's own data from a valid PersonalDataForm.

    Another phone must be confirmed before codes go there, so they come by mail: a changed door. True when
    all sessions were ended.
    """
    person.muted = form.muted
    person.save(update_fields=["name", "phone", "language", "muted"])
    if "mailing" in form.changed_data:
        turn = consents.give if form.cleaned_data["mailing"] else consents.withdraw
        turn(person, Consent.Kind.MAILING, how=Consent.How.PAGE, by=person)
    fields = changed_fields(form, Action.DATA_CHANGED)
    if fields:
        record(Action.DATA_CHANGED, customer=customer, user=person, by=person, fields=fields)
    codes_move = "phone" in fields and person.second_step == person.Way.SMS
    if codes_move:
        person.second_step = person.Way.MAIL
        person.save(update_fields=["second_step"])
        second_step_changed(person)
    return codes_move


@transaction.atomic
def change_billing(customer, form, *, by):
    """Saves the billing data from a valid form, the customer's own or the administration's."""
    form.save()
    if fields := changed_fields(form, Action.BILLING_CHANGED):
        record(Action.BILLING_CHANGED, customer=customer, by=by, fields=fields)
        if "eu_vat" in fields:
            vat.ask(customer)


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


@transaction.atomic
def add_staff(user, *, by):
    """Adds a person without a password, who sets one by the mailed link."""
    user.set_unusable_password()
    user.save()
    record(Action.SUBUSER_ADDED, user=user, by=by, login=user.login)
    send_first_link(user, by=by)


@transaction.atomic
def send_first_link(user, *, by):
    """Mails a fresh link to somebody who is not active: to confirm a registration, or to set a password."""
    registered = user.has_usable_password()
    purpose = Link.Purpose.REGISTRATION if registered else Link.Purpose.ACTIVATION
    membership = Membership.objects.filter(user=user).first()
    notify.mail(
        "registration" if registered else "activation",
        to=user,
        link=Link.issue(user, purpose).pk,
        membership=membership and membership.pk,
    )
    record(Action.ACTIVATION_RESENT, customer=own_customer(user), user=user, by=by, login=user.login)


@transaction.atomic
def correct(user, form, *, by):
    """Saves what the provider's administrator changed; the person reads of their own data."""
    user.save()
    if fields := changed_fields(form, Action.DATA_CHANGED):
        record(Action.DATA_CHANGED, customer=own_customer(user), user=user, by=by, fields=fields)


@transaction.atomic
def change_email(user, *, before, by):
    """The provider's administrator corrects an address; the old one is told, and every session ends."""
    user.save()
    end_everything(user)
    record(Action.EMAIL_CHANGED, customer=own_customer(user), user=user, by=by)
    notify.mail("email_changed", address=before, language=user.language, user=user.pk)
