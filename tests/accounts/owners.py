"""The owner hands over, and somebody who runs the account is always left (M10)."""

from threading import Barrier
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import subusers
from accounts.models import Membership, User
from tests.cast import PASSWORD, member

VERBS = ["remove", "block", "change_rights"]


def hand_over(browser, person, password=PASSWORD):
    return browser.post(f"/users/{person.membership.pk}/owner/", {"current_password": password}, follow=True)


def roles(customer):
    return dict(Membership.objects.filter(customer=customer).values_list("user__login", "role"))


def test_the_owner_hands_over_with_the_password(client_of, customer, owner, administrative, mailbox):
    browser = client_of(owner)
    page = browser.get(f"/users/{administrative.membership.pk}/").content.decode()
    assert "Make this person the owner" in page
    assert "This is not your password." in hand_over(browser, administrative, "Wrong-1234!").content.decode()
    assert roles(customer) == {"anna": "owner", "adam": "administrative"}

    page = hand_over(browser, administrative)
    assert "Adam Administrative is the owner now." in page.content.decode()
    assert roles(customer) == {"anna": "administrative", "adam": "owner"}
    assert "User adam became the owner." in browser.get("/history/").content.decode()
    for address in ("anna@example.com", "adam@example.com"):
        assert "became the owner of Ogrody Anny" in mailbox(address)[-1].body
    assert browser.post(f"/users/{administrative.membership.pk}/remove/", {"confirmed": "yes"}).status_code == 403


@pytest.mark.parametrize("state", ["standard", "blocked", "not active", "blocked by the provider", "invited"])
def test_who_cannot_receive(client_of, customer, owner, administrative, state):
    membership = Membership.objects.filter(pk=administrative.membership.pk)
    if state == "standard":
        membership.update(role="standard")
    if state == "blocked":
        membership.update(blocked_at="2026-01-01T00:00Z")
    if state == "not active":
        User.objects.filter(pk=administrative.pk).update(activated_at=None)
    if state == "blocked by the provider":
        User.objects.filter(pk=administrative.pk).update(blocked_at="2026-01-01T00:00Z")
    if state == "invited":
        membership.update(blocked_at="2026-01-01T00:00Z", accepted_at=None)
    browser = client_of(owner)
    assert "Make this person" not in browser.get(f"/users/{administrative.membership.pk}/").content.decode()
    assert hand_over(browser, administrative).status_code == 403
    with pytest.raises(PermissionDenied):
        subusers.hand_over(administrative.membership, by=owner, editor=owner.membership)
    assert roles(customer)["anna"] == "owner"


def test_nobody_but_the_owner_hands_over(client_of, customer, owner, administrative):
    other = member(customer, "ola", "Ola", "administrative")
    assert hand_over(client_of(administrative), other).status_code == 403
    assert hand_over(client_of(administrative), administrative).status_code == 403, "nor takes it"
    with pytest.raises(PermissionDenied):
        subusers.hand_over(other.membership, by=administrative, editor=administrative.membership)


def test_an_administrator_hands_over_by_the_same_verb(
    client_of, customer, administrator, owner, administrative, mailbox
):
    page = reverse("admin:accounts_membership_changelist")
    form = {"action": "hand_over", "_selected_action": [administrative.membership.pk]}
    assert "Done for 1 person." in client_of(administrator).post(page, form, follow=True).content.decode()
    assert roles(customer) == {"anna": "administrative", "adam": "owner"}
    assert mailbox("anna@example.com")
    form = {"action": "hand_over", "_selected_action": [owner.membership.pk, administrative.membership.pk]}
    assert "Choose one" in client_of(administrator).post(page, form, follow=True).content.decode()


@pytest.fixture
def alone(customer, administrative):
    """The one administrative person of a customer without an owner who could come in."""
    return administrative


@pytest.mark.parametrize("act", ["remove", "block", "rights"])
def test_the_last_who_runs_the_account_stays(client_of, administrator, customer, owner, alone, act):
    """The owner was blocked by the provider, so the administrative one is the last."""
    User.objects.filter(pk=owner.pk).update(blocked_at="2026-01-01T00:00Z")
    admin = client_of(administrator)
    if act == "remove":
        admin.post(reverse("admin:accounts_membership_delete", args=[alone.membership.pk]), {"post": "yes"})
    elif act == "block":
        form = {"action": "block", "_selected_action": [alone.membership.pk]}
        admin.post(reverse("admin:accounts_membership_changelist"), form)
    else:
        url = reverse("admin:accounts_membership_change", args=[alone.membership.pk])
        admin.post(url, {"role": "standard", "permissions": []})
    page = admin.get("/admin/").content.decode()
    assert "is the last person who runs the account" in page
    row = Membership.objects.get(pk=alone.membership.pk)
    assert row.sees_everything and row.blocked_at is None


def test_two_administrative_people_and_one_may_go(client_of, customer, alone):
    """The refusal has words on the panel's page as well."""
    other = member(customer, "ola", "Ola", "administrative")
    browser = client_of(other)
    User.objects.filter(pk=other.pk).update(activated_at=None)
    with pytest.raises(subusers.LastAdministrative):
        subusers.remove(alone.membership, by=other, editor=None)
    User.objects.filter(pk=other.pk).update(activated_at="2026-01-01T00:00Z")
    page = browser.post(f"/users/{alone.membership.pk}/remove/", {"confirmed": "yes"}, follow=True)
    assert "The user was removed." in page.content.decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", VERBS)
def test_two_who_take_each_others_rights_at_once(customer, alone, together, verb):
    """Of the last two administrative people one is left, whichever was quicker."""
    other = member(customer, "ola", "Ola", "administrative")
    pair = [(alone, other), (other, alone)]
    results = together(2, lambda number: take(verb, *pair[number]))
    assert {type(result) for result in results} == {type(None), subusers.LastAdministrative}
    assert len(in_charge(customer)) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_go(customer, alone, together, monkeypatch):
    """The negative control: both look before either acts."""
    both_looked = Barrier(2)
    looked = subusers.require_another

    def look(membership):
        looked(membership)
        both_looked.wait(timeout=10)

    monkeypatch.setattr(subusers, "require_another", look)
    monkeypatch.setattr(subusers, "hold_customer", lambda customer_id: None)
    other = member(customer, "ola", "Ola", "administrative")
    pair = [(alone, other), (other, alone)]
    together(2, lambda number: take("remove", *pair[number]))
    assert in_charge(customer) == []


def take(verb, victim, by, editor=None):
    more = {"role": "standard", "permissions": []} if verb == "change_rights" else {}
    return getattr(subusers, verb)(victim.membership, by=by, editor=editor, **more)


def in_charge(customer):
    return [m for m in Membership.objects.filter(customer=customer, blocked_at=None) if m.sees_everything]


@pytest.mark.parametrize("verb", VERBS)
def test_who_became_the_owner_meanwhile_stays(customer, owner, administrative, verb):
    """Their page was open when the account was handed over."""
    other = member(customer, "ola", "Ola", "administrative")
    seen_before = Membership.objects.get(pk=administrative.membership.pk)
    subusers.hand_over(administrative.membership, by=owner, editor=owner.membership)
    for editor in (other.membership, None):
        with pytest.raises(PermissionDenied):
            take(verb, SimpleNamespace(membership=seen_before), other, editor)
    row = Membership.objects.get(customer=customer, role="owner")
    assert row.user == administrative and row.blocked_at is None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("lost", ["removed", "blocked", "standard"])
def test_who_has_lost_their_rights_meanwhile_takes_no_others(customer, owner, administrative, verb, lost):
    other = member(customer, "ola", "Ola", "administrative")
    seen_before = Membership.objects.get(pk=other.membership.pk)
    act = {"removed": "remove", "blocked": "block", "standard": "change_rights"}[lost]
    take(act, other, owner, owner.membership)
    with pytest.raises(PermissionDenied):
        take(verb, administrative, other, seen_before)
    assert roles(customer)["adam"] == "administrative"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", VERBS)
def test_handed_over_while_somebody_takes_the_rights(customer, owner, administrative, together, verb):
    """Whichever was quicker, there is an owner who can come in."""
    other = member(customer, "ola", "Ola", "administrative")
    acts = [
        lambda: subusers.hand_over(administrative.membership, by=owner, editor=owner.membership),
        lambda: take(verb, administrative, other, other.membership),
    ]
    results = together(2, lambda number: acts[number]())
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "PermissionDenied"]
    assert Membership.objects.get(customer=customer, role="owner").blocked_at is None
