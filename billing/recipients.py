"""Who gets the mails about money."""

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
    language = owner.user.language if owner else "pl"
    for contact in Contact.objects.filter(customer=customer, kind="billing").exclude(email="").order_by("pk"):
        if contact.email.casefold() not in told:
            told.add(contact.email.casefold())
            readers.append({"address": contact.email, "language": language})
    return readers
