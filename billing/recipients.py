"""Who gets the mails about money."""

from django.conf import settings

from accounts.models import Contact, Membership


def of(customer):
    """The owner and the contact persons for billing, each address once, as notify.mail wants them told.

    Contact persons, who have no language of their own, are written to in the owner's.
    """
    owner = Membership.objects.select_related("user").filter(customer=customer, role=Membership.Role.OWNER).first()
    readers, told = [], set()
    if owner and owner.user.is_active:
        readers.append({"to": owner.user})
        told.add(owner.user.email.casefold())
    language = owner.user.language if owner else settings.LANGUAGE_CODE
    contacts = Contact.objects.filter(customer=customer, kind=Contact.Kind.BILLING).exclude(email="")
    for contact in contacts.order_by("pk"):
        if contact.email.casefold() not in told:
            told.add(contact.email.casefold())
            readers.append({"address": contact.email, "language": language})
    return readers


def language_of(customer):
    """The language of the customer's owner, in which their documents are."""
    owners = Membership.objects.filter(customer=customer, role=Membership.Role.OWNER)
    return owners.values_list("user__language", flat=True).first() or settings.LANGUAGE_CODE
