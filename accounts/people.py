"""Changing one's own data, the customer's billing data and its contact persons."""

from django.db import transaction
from django.utils import timezone

from accounts import consents, notify, vat
from accounts.history import FIELDS, Action, record
from accounts.models import Consent, Link, Membership, OneTimeCode, User
from accounts.signin import cancel_return, end_everything, own_customer, second_step_changed

# What somebody may do for the provider.
RIGHTS = {"is_support", "is_staff", "is_superuser", "groups", "user_permissions"}


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
    person.texted = form.texted
    person.save(update_fields=["name", "phone", "language", "muted", "texted"])
    if "mailing" in form.changed_data:
        turn = consents.give if form.cleaned_data["mailing"] else consents.withdraw
        turn(person, Consent.Kind.MAILING, how=Consent.How.PAGE, by=person)
    fields = changed_fields(form, Action.DATA_CHANGED)
    if fields:
        record(Action.DATA_CHANGED, customer=customer, user=person, by=person, fields=fields)
    if "phone" in fields:
        end_codes_by_sms(person)
    codes_move = "phone" in fields and person.second_step == person.Way.SMS
    if codes_move:
        person.second_step = person.Way.MAIL
        person.save(update_fields=["second_step"])
        second_step_changed(person)
    return codes_move


def end_codes_by_sms(person):
    """A code that went to a number which is theirs no longer opens nothing."""
    sent = OneTimeCode.objects.filter(user=person, channel=person.Channel.SMS, ended_at=None)
    sent.update(ended_at=timezone.now())


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
def add_staff(user, form, *, by):
    """Adds a person without a password, who sets one by the mailed link."""
    user.set_unusable_password()
    user.save()
    record(Action.SUBUSER_ADDED, user=user, by=by, login=user.login)
    tell_rights(user, form, by=by)
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
    """Saves what the provider's administrator changed; the person reads of their own data.

    Nothing else of the row is written: the person may be changing their password at the same moment.
    """
    columns = {column.name for column in User._meta.concrete_fields}
    user.save(update_fields=columns.intersection(form.changed_data))
    if fields := changed_fields(form, Action.DATA_CHANGED):
        record(Action.DATA_CHANGED, customer=own_customer(user), user=user, by=by, fields=fields)
    tell_rights(user, form, by=by)


def tell_rights(user, form, *, by):
    """Writes down that what somebody may do for the provider was given or taken; their customers do not read it."""
    if RIGHTS.intersection(form.changed_data):
        record(Action.STAFF_RIGHTS_CHANGED, user=user, by=by, login=user.login)


@transaction.atomic
def change_email(user, form, *, by):
    """The provider's administrator corrects an address; the old one is told, and every session ends.

    So do ways back to older addresses: who reads one of those mailboxes may be why it is corrected. The restoring of
    access stops: otherwise whoever may do both would send the codes to an address that its owner has not confirmed.
    """
    correct(user, form, by=by)
    cancel_return(user)
    end_everything(user)
    Link.end_all(user, Link.Purpose.EMAIL_BACK)
    record(Action.EMAIL_CHANGED, customer=own_customer(user), user=user, by=by)
    notify.mail("email_changed", address=form.initial["email"], language=user.language, user=user.pk)
