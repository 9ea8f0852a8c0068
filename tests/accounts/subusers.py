"""Sub-users (M10 to M13)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.invitations import correct
from accounts.models import Event, Membership, Outbox, User
from tests.accounts.reading import code_in, link_in
from tests.cast import PASSWORD, member

PERSON = {
    "login": "basia",
    "name": "Basia Biuro",
    "email": "basia@example.com",
    "phone": "",
    "language": "en",
    "role": "standard",
    "permissions": ["tickets"],
}


@pytest.fixture
def basia(client_of, owner):
    """Somebody just added, who has not set a password."""
    client_of(owner).post("/users/add/", PERSON)
    return Membership.objects.select_related("user").get(user__login="basia")


def test_a_sub_user_is_added_and_activates_herself(client_of, anonymous, owner, hosting, voip, mailbox):
    browser = client_of(owner)
    page = browser.post("/users/add/", PERSON)
    basia = Membership.objects.get(user__login="basia")
    assert page["Location"] == f"/users/{basia.pk}/services/", "a standard user is then given services"
    browser.post(page["Location"], {"shown": [hosting.pk, voip.pk], "granted": [hosting.pk]})
    page = browser.get("/users/").content.decode()
    assert "The user has not finished the activation" in page
    assert "The link works for" in page

    mail = mailbox("basia@example.com")[-1]
    assert "Ogrody Anny" in mail.body
    assert anonymous.get(link_in(mail, "activation"), follow=True).redirect_chain == [("/activate/", 302)]
    anonymous.post("/activate/", {"password": PASSWORD, "repeated": PASSWORD})
    assert "The user has not finished" not in browser.get("/users/").content.decode()

    anonymous.post("/sign-in/", {"login": "basia", "password": PASSWORD})
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("basia@example.com")[-1])})
    page = anonymous.get("/services/").content.decode()
    assert "Hosting Garden" in page
    assert "Office phone" not in page
    actions = Event.objects.filter(user_id=basia.user_id).order_by("id").values_list("action", flat=True)
    assert actions[0] == "subuser_added"
    assert "activated" in actions


def test_sending_again_asks_first_and_ends_the_older_link(client_of, anonymous, owner, basia, mailbox):
    browser, older = client_of(owner), link_in(mailbox("basia@example.com")[-1])
    question = browser.post(f"/users/{basia.pk}/resend/")
    assert "Send the activation mail again?" in question.content.decode()
    assert len(mailbox("basia@example.com")) == 1, "asking sends nothing"

    page = browser.post(f"/users/{basia.pk}/resend/", {"confirmed": "yes"}, follow=True)
    assert "We have sent an activation mail to basia@example.com." in page.content.decode()
    assert anonymous.get(older).status_code == 410
    assert anonymous.get(link_in(mailbox("basia@example.com")[-1])).status_code == 302


def test_nobody_floods_strangers_with_activation_mails(client_of, owner, basia):
    browser = client_of(owner)
    for _number in range(59):
        browser.post(f"/users/{basia.pk}/resend/", {"confirmed": "yes"})
    assert Outbox.objects.filter(letter="activation").count() == 60
    for page, form in [
        (f"/users/{basia.pk}/resend/", {"confirmed": "yes"}),
        (f"/users/{basia.pk}/person/", {"name": "Basia", "email": "other@example.com"}),
        ("/users/add/", PERSON | {"login": "celina"}),
        ("/users/add/", PERSON),
    ]:
        answer = browser.post(page, form, follow=True).content.decode()
        assert "A great many activation mails were sent in the last hour." in answer
        assert "in your list already" not in answer
    assert Outbox.objects.filter(letter="activation").count() == 60


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_ten_times_at_once_adds_one_person(client_of, owner, together):
    browsers = [client_of(owner) for _number in range(10)]
    pages = together(10, lambda number: browsers[number].post("/users/add/", PERSON))
    assert sorted(page.status_code for page in pages) == [200] * 9 + [302]
    assert User.objects.filter(login="basia").count() == 1


@pytest.mark.parametrize("address", ["/users/add/", "/users/{}/rights/", "/users/{}/person/"])
def test_letting_people_in_asks_for_the_password_again(client_of, owner, basia, address):
    """With a stolen session alone a thief would make a login of their own that outlives it."""
    browser, address = client_of(owner), address.format(basia.pk)
    assert browser.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert browser.get(address)["Location"].startswith("/password-again/")
        assert browser.post(address, PERSON | {"login": "thief"})["Location"].startswith("/password-again/")
        assert browser.get("/users/").status_code == 200, "looking does not"
    assert not User.objects.filter(login="thief").exists()


def test_an_active_person_gets_no_activation_mail(client_of, owner, administrative, mailbox):
    browser = client_of(owner)
    page = browser.post(f"/users/{administrative.membership.pk}/resend/", {"confirmed": "yes"}, follow=True)
    assert "active already" in page.content.decode()
    assert not mailbox("adam@example.com")


def test_an_expired_link_says_whom_to_ask(client_of, anonymous, owner, basia, mailbox):
    link = link_in(mailbox("basia@example.com")[-1])
    with time_machine.travel(timezone.now() + timedelta(hours=48, seconds=1), tick=False):
        assert "Ask whoever added you" in anonymous.get(link).content.decode()
        assert "The link has expired." in client_of(owner).get("/users/").content.decode()


def test_before_activation_the_data_can_be_corrected(client_of, anonymous, owner, basia, mailbox):
    older = link_in(mailbox("basia@example.com")[-1])
    client_of(owner).post(
        f"/users/{basia.pk}/person/", {"name": "Barbara Biuro", "email": "barbara@example.com", "phone": "600 700 800"}
    )
    basia.user.refresh_from_db()
    assert (basia.user.name, basia.user.phone) == ("Barbara Biuro", "+48600700800")
    assert anonymous.get(older).status_code == 410
    assert anonymous.get(link_in(mailbox("barbara@example.com")[-1])).status_code == 302


def test_after_activation_only_the_person_changes_them(client_of, owner, standard):
    page = client_of(owner).post(f"/users/{standard.membership.pk}/person/", {"name": "X", "email": "x@example.com"})
    assert page.status_code == 403


def test_who_became_active_meanwhile_is_not_corrected_any_more(owner, standard):
    User.objects.filter(pk=standard.pk).update(activated_at=None)
    membership = Membership.objects.select_related("user").get(user=standard)
    User.objects.filter(pk=standard.pk).update(activated_at=timezone.now())
    with pytest.raises(PermissionDenied):
        correct(membership, by=owner, name="X", email="thief@example.com", phone="")
    standard.refresh_from_db()
    assert standard.email == "stefan@example.com"


def test_changed_rights_count_from_the_next_request(client_of, owner, standard):
    theirs = client_of(standard)
    assert theirs.get("/messages/").status_code == 200
    client_of(owner).post(f"/users/{standard.membership.pk}/rights/", {"role": "standard", "permissions": []})
    assert theirs.get("/messages/").status_code == 403
    assert "The rights of user stefan were changed." in client_of(owner).get("/history/").content.decode()


def test_a_blocked_membership_shuts_the_customer_only(client_of, owner, standard):
    theirs = client_of(standard)
    client_of(owner).post(f"/users/{standard.membership.pk}/block/")
    assert theirs.get("/services/").status_code == 403
    client_of(owner).post(f"/users/{standard.membership.pk}/unblock/")
    assert theirs.get("/services/").status_code == 200


def test_removing_asks_and_ends_the_access(client_of, owner, standard):
    browser, theirs = client_of(owner), client_of(standard)
    assert "Remove this user?" in browser.post(f"/users/{standard.membership.pk}/remove/").content.decode()
    assert Membership.objects.filter(user=standard).exists()
    browser.post(f"/users/{standard.membership.pk}/remove/", {"confirmed": "yes"})
    assert not Membership.objects.filter(user=standard).exists()
    assert theirs.get("/services/").status_code == 302
    assert User.objects.filter(pk=standard.pk).exists(), "an active person keeps the login"


def test_removing_somebody_never_active_forgets_them(client_of, owner, basia):
    client_of(owner).post(f"/users/{basia.pk}/remove/", {"confirmed": "yes"})
    assert not User.objects.filter(login="basia").exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("login", "ANNA", "This login is in your list already."),
        ("login", "a", "at least 3"),
        ("login", "x@example.com", "own e-mail address"),
        ("email", "nobody", "valid email"),
        ("phone", "12", "Type a phone number"),
        ("role", "owner", "Select a valid choice"),
        ("permissions", ["rule-the-world"], "Select a valid choice"),
        ("name", "x" * 121, "at most 120"),
    ],
)
def test_what_is_refused_when_adding(client_of, owner, field, value, words):
    page = client_of(owner).post("/users/add/", PERSON | {field: value})
    assert words in page.content.decode()
    assert 'value="Basia Biuro"' in page.content.decode() or field == "name"
    assert not User.objects.filter(login="basia").exists()


class TestNobodyGivesMoreThanTheyHave:
    @pytest.fixture
    def clerk(self, customer):
        """A standard sub-user who may manage users, and nothing else."""
        return member(customer, "karol", "Karol Kadry", "standard", ["users"])

    def test_only_own_permissions_can_be_given(self, client_of, clerk):
        browser = client_of(clerk)
        page = browser.get("/users/add/").content.decode()
        assert 'value="tickets"' not in page
        assert 'value="administrative"' not in page
        browser.post("/users/add/", PERSON | {"permissions": ["users"]})
        assert Membership.objects.get(user__login="basia").permissions == ["users"]

    @pytest.mark.parametrize("wider", [{"permissions": ["tickets"]}, {"role": "administrative"}])
    def test_more_is_refused(self, client_of, clerk, wider):
        client_of(clerk).post("/users/add/", PERSON | {"permissions": []} | wider)
        assert not User.objects.filter(login="basia").exists()

    @pytest.mark.parametrize("victim", ["owner", "administrative", "standard", "clerk"])
    @pytest.mark.parametrize("act", ["rights", "person", "resend", "block", "unblock", "remove"])
    def test_people_with_more_and_oneself_are_out_of_reach(self, client_of, request, clerk, victim, act):
        membership = clerk.membership if victim == "clerk" else request.getfixturevalue(victim).membership
        assert client_of(clerk).post(f"/users/{membership.pk}/{act}/", {"confirmed": "yes"}).status_code == 403

    def test_the_owner_is_out_of_everybodys_reach(self, client_of, owner, administrative):
        for act in ("rights", "block", "remove"):
            page = client_of(administrative).post(f"/users/{owner.membership.pk}/{act}/", {"confirmed": "yes"})
            assert page.status_code == 403


@pytest.mark.parametrize("act", ["", "rights/", "person/", "resend/", "block/", "unblock/", "remove/"])
def test_people_of_another_customer_are_not_there(client_of, stranger, standard, act):
    url = f"/users/{standard.membership.pk}/{act}"
    browser = client_of(stranger)
    assert (browser.post if act and act not in ("rights/", "person/") else browser.get)(url).status_code == 404


def test_the_list_is_searched_and_paginated(client_of, owner, customer):
    people = User.objects.bulk_create(
        User(login=f"user{n:03d}", email=f"user{n}@example.com", name=f"Person {n:03d}") for n in range(60)
    )
    Membership.objects.bulk_create(Membership(user=person, customer=customer) for person in people)
    browser = client_of(owner)
    assert browser.get("/users/").content.decode().count("<tr") == 26
    assert "user059" in browser.get("/users/?page=3").content.decode()
    found = browser.get("/users/?q=USER042").content.decode()
    assert "user042" in found
    assert "user041" not in found
    assert "Nobody matches" in browser.get("/users/?q=zzz").content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long(
    client_of, owner, customer, django_assert_max_num_queries
):
    browser = client_of(owner)
    people = User.objects.bulk_create(User(login=f"user{n:05d}", email=f"user{n}@example.com") for n in range(1_000))
    Membership.objects.bulk_create(Membership(user=person, customer=customer) for person in people)
    with django_assert_max_num_queries(7):
        assert browser.get("/users/").status_code == 200
