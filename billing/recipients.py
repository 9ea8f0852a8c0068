"""Who gets the mails about money."""

from accounts import notify
from accounts.models import Contact, Membership


def tell(customer, letter, **ids):
    """Writes a mail to the owner and to the contact persons for billing, each address once."""
    owner = Membership.objects.select_related("user").filter(customer=customer, role=Membership.Role.OWNER).first()
    told = set()
    if owner and owner.user.is_active:
        notify.mail(letter, to=owner.user, **ids)
        told.add(owner.user.email.casefold())
    language = owner.user.language if owner else "pl"
    for contact in Contact.objects.filter(customer=customer, kind="billing"):
        if contact.email and contact.email.casefold() not in told:
            told.add(contact.email.casefold())
            notify.mail(letter, address=contact.email, language=language, **ids)
