"""Switching mails off and on again by the address that stands in them."""

from dataclasses import dataclass

from django.db import transaction

from accounts import consents, notify, one_click
from accounts.history import WORDS_OF, Action, record
from accounts.models import Consent, Contact, Unwanted, User
from accounts.signin import own_customer

WORDS_OF["letter"] = notify.words
WORDS_OF["mails"] = lambda kind: str(notify.Kind(kind).label)


@dataclass(frozen=True)
class Subscription:
    """One letter to one person, or all mails of a kind to a bare address: what one address switches."""

    letter: notify.Letter
    user: User | None
    digest: str

    @classmethod
    def find(cls, token):
        """What the token of an address is about; None when it is no such token, or the letter may not be left."""
        name, reader = one_click.read(token) or ("", "")
        letter = notify.LETTERS.get(name)
        user = User.objects.filter(pk=reader[1:]).first() if reader.startswith("u") else None
        if letter is None or (reader.startswith("u") and user is None):
            return None
        return cls(letter, user, "" if user else reader) if letter.may_be_left(by_person=bool(user)) else None

    @property
    def words(self):
        """What is switched, in words."""
        return str(self.letter.optional) if self.user else str(notify.Kind(self.letter.kind).label)

    @property
    def is_on(self):
        """Whether such mails go out now."""
        if self.user and self.letter.by_consent:
            return consents.has(self.user, Consent.Kind.MAILING)
        if self.user:
            return self.letter.name not in self.user.muted
        return not Unwanted.objects.filter(digest=self.digest, kind=self.letter.kind).exists()

    @classmethod
    def of(cls, row):
        """What a message of the outbox could be switched off by; None when it may not be left."""
        return cls.find(one_click.token(row.letter, one_click.reader_of(row)))

    def switch(self, on, how=Consent.How.LINK):
        """Switches such mails on or off; twice is harmless."""
        if self.user is None:
            switch_address(self, on)
        elif self.letter.by_consent:
            turn = consents.give if on else consents.withdraw
            turn(self.user, Consent.Kind.MAILING, how=how, by=None)
        else:
            switch_letter(self, on)


@transaction.atomic
def switch_address(subscription, on):
    """Notes for a bare address which kind it does not want; customers read of their contact persons."""
    row = {"digest": subscription.digest, "kind": subscription.letter.kind}
    if on:
        changed, _rows = Unwanted.objects.filter(**row).delete()
    else:
        _row, changed = Unwanted.objects.get_or_create(**row)
    if changed:
        action = Action.CONTACT_MAILS_ON if on else Action.CONTACT_MAILS_OFF
        for contact in contacts_at(subscription.digest):
            record(action, customer=contact.customer, name=contact.name, mails=subscription.letter.kind)


def contacts_at(digest):
    """The contact persons whose address has this digest: looked through one by one, as only the digest is known."""
    addresses = Contact.objects.order_by().values_list("pk", "email").iterator()
    keys = [pk for pk, email in addresses if one_click.digest(email) == digest]
    return Contact.objects.filter(pk__in=keys).select_related("customer")


@transaction.atomic
def switch_letter(subscription, on):
    """Changes one tick of a person's notifications, whoever else changes another at the same moment."""
    user, name = subscription.user, subscription.letter.name
    user.muted = User.objects.select_for_update(no_key=True).get(pk=user.pk).muted
    if on == (name not in user.muted):
        return
    user.muted = [other for other in user.muted if other != name] + ([] if on else [name])
    user.save(update_fields=["muted"])
    action = Action.MAILS_SWITCHED_ON if on else Action.MAILS_SWITCHED_OFF
    record(action, customer=own_customer(user), user=user, letter=name)
