"""Switching mails off and on again by the address that stands in them."""

from dataclasses import dataclass

from django.db import transaction

from accounts import consents, notify, one_click
from accounts.history import WORDS_OF, Action, record
from accounts.models import Consent, Unwanted, User
from accounts.signin import own_customer

WORDS_OF["letter"] = notify.words


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

    def switch(self, on):
        """Switches such mails on or off; twice is harmless."""
        if self.user is None:
            switch_address(self, on)
        elif self.letter.by_consent:
            turn = consents.give if on else consents.withdraw
            turn(self.user, Consent.Kind.MAILING, how=Consent.How.LINK, by=None)
        else:
            switch_letter(self, on)


def switch_address(subscription, on):
    """Notes for a bare address which kind it does not want."""
    row = {"digest": subscription.digest, "kind": subscription.letter.kind}
    if on:
        Unwanted.objects.filter(**row).delete()
    else:
        Unwanted.objects.get_or_create(**row)


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
