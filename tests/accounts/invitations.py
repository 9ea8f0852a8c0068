"""Adding a person who has a login already (M10): they are asked, and nobody learns that they have one."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import blocking, invitations, subusers
from accounts.models import Customer, Event, Link, Membership, Outbox, User
from tests.accounts.reading import code_in, link_in
from tests.cast import PASSWORD, member, user

PERSON = {
    "login": "olga",
    "name": "Olga Oddana",
    "email": "olga@example.com",
    "phone": "",
    "language": "en",
    "role": "standard",
    "permissions": ["tickets"],
}
NEW = PERSON | {"login": "nowa", "email": "nowa@example.com"}


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def invited(browser, stranger):
    """The waiting invitation of the owner of another customer."""
    browser.post("/users/add/", PERSON)
    return Membership.objects.get(accepted_at=None)


def answered(client, mail, answer):
    """Opens the link of the mail and answers."""
    assert client.get(link_in(mail, "invitation"))["Location"] == "/invitation/"
    return client.post("/invitation/", {"answer": answer}, follow=True)


def test_who_accepts_acts_for_both_customers(client_of, stranger, invited, browser, hosting, mailbox):
    theirs = client_of(stranger)
    assert theirs.get("/services/").context["request"].customer != invited.customer
    mail = mailbox("olga@example.com")[-1]
    assert "Ogrody Anny invites you" in mail.body
    page = theirs.get(link_in(mail, "invitation"), follow=True).content.decode()
    assert "Ogrody Anny invites you" in page and "Permissions" in page
    assert theirs.get("/users/").context["request"].customer != invited.customer, "looking accepts nothing"

    page = theirs.post("/invitation/", {"answer": "yes"}, follow=True).content.decode()
    assert "You now act for Ogrody Anny." in page
    assert User.objects.filter(email="olga@example.com").count() == 1
    invited.refresh_from_db()
    assert invited.accepted_at and not invited.blocked_at and invited.permissions == ["tickets"]
    assert "User olga accepted the invitation." in browser.get("/history/").content.decode()
    assert "olga" in mailbox("anna@example.com")[-1].body
    assert "Olga Other" in browser.get(f"/users/{invited.pk}/").content.decode(), "now they are known"


def test_until_then_the_customer_has_no_power(client_of, stranger, invited, browser, hosting, deliver):
    theirs = client_of(stranger)
    assert "Hosting Garden" not in theirs.get("/services/").content.decode()
    assert "Ogrody Anny" not in theirs.get("/").content.decode()
    theirs.post("/switch/", {"membership": invited.pk})
    assert "Ogrody Anny" not in theirs.get("/").content.decode()
    assert theirs.get(f"/users/{invited.pk}/").status_code == 404
    for act in ("unblock", "block"):
        browser.post(f"/users/{invited.pk}/{act}/")
    subusers.unblock(invited, by=None, editor=None)
    invited.refresh_from_db()
    assert invited.accepted_at is None and invited.blocked_at
    browser.post(f"/users/{invited.pk}/person/", {"name": "X", "email": "thief@example.com", "phone": "600 700 800"})
    stranger.refresh_from_db()
    assert (stranger.name, stranger.email, stranger.phone) == ("Olga Other", "olga@example.com", "")
    assert not [mail for mail in deliver() if "thief@example.com" in mail.to], "links go to the person's own address"
    browser.post(f"/users/{invited.pk}/remove/", {"confirmed": "yes"})
    assert theirs.get("/services/").status_code == 200, "removing ends no session of somebody else's"


def test_the_database_itself_lets_nobody_in_who_has_not_agreed(invited):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=invited.pk).update(blocked_at=None)


def seen(browser, membership):
    """What the customer sees of a person in the list, on their pages and in the history, without what was typed."""
    pages = [f"/users/{membership.pk}/", f"/users/{membership.pk}/rights/", f"/users/{membership.pk}/person/"]
    parts = [browser.get(page).content.decode().partition("<h1>")[2] for page in ["/users/", *pages]]
    parts.append(re.search(r"<li>.*?</strong>", browser.get("/history/").content.decode(), re.S)[0])
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|<time.*?</time>|\d+\xa0(hours?|minutes?)', "", "".join(parts)
    )
    text = text.replace(f"/{membership.pk}/", "/PK/")
    for word in (membership.person.email, membership.person.name, membership.person.login):
        text = text.replace(word, "TYPED")
    return text


@pytest.mark.parametrize("state", ["active", "not activated", "blocked", "by e-mail"])
def test_the_customer_cannot_tell_a_known_login_from_a_new_one(client_of, owner, customer, stranger, state):
    """The same pages, words and status, at every step: added, in the list, sent again, corrected, removed."""
    if state == "not activated":
        User.objects.filter(pk=stranger.pk).update(activated_at=None)
    if state == "blocked":
        blocking.block_user(stranger, by=None)
    typed = PERSON | ({"login": "olga2"} if state == "by e-mail" else {})
    stories = []
    for person in (typed, NEW):
        browser = client_of(owner)
        page = browser.post("/users/add/", person)
        known = Membership.objects.get(invited_as__login=typed["login"]) if person is typed else None
        membership = known or Membership.objects.get(user__login="nowa")
        story = [page.status_code, page["Location"].replace(str(membership.pk), "PK"), toasts(browser)]
        story.append(seen(browser, membership))
        story.append(browser.post(f"/users/{membership.pk}/resend/", {"confirmed": "yes"}).status_code)
        story.append(toasts(browser).replace(person["email"], "TYPED"))
        story.append(browser.post(f"/users/{membership.pk}/block/").status_code)
        story.append(toasts(browser))
        story.append(browser.get(f"/users/?q={person['login']}").content.decode().count("<tr"))
        story.append(browser.post("/users/add/", person).content.decode().count("in your list already"))
        browser.post(f"/users/{membership.pk}/remove/", {"confirmed": "yes"})
        story += [toasts(browser), browser.get("/users/").content.decode().count("<tr")]
        stories.append(story)
    assert stories[0] == stories[1]
    assert "Invitation sent." in stories[0][2] and "has not finished the activation" in stories[0][3]


def test_a_page_that_shows_who_was_invited_would_be_noticed(browser, invited, monkeypatch):
    """The negative control: shown by their own row, the person is known at once."""
    assert "Olga Other" not in browser.get(f"/users/{invited.pk}/").content.decode()
    monkeypatch.setattr(Membership, "person", property(lambda membership: membership.user))
    assert "Olga Other" in browser.get(f"/users/{invited.pk}/").content.decode()


def toasts(browser):
    """The notices on the next page."""
    page = browser.get("/contacts/").content.decode()
    return " ".join(re.findall(r"<p>(.*?)</p>\s*<button", page, re.S))


def test_what_the_customer_must_not_read(client_of, owner, stranger, invited, browser):
    """The real name, and the address, of a person invited by a login."""
    story = "".join(browser.get(page).content.decode() for page in ("/users/", f"/users/{invited.pk}/", "/history/"))
    assert "Olga Other" not in story and "Olga Oddana" in story
    assert "olga" not in browser.get("/users/?q=Other").content.decode().split("</form>")[-1]


def test_the_same_number_of_steps_for_known_and_new(client_of, owner, stranger):
    """As near in time as in words: one letter each, and hardly more questions to the database."""
    counts = []
    for person in (PERSON, NEW):
        browser = client_of(owner)
        with CaptureQueriesContext(connection) as captured:
            browser.post("/users/add/", person)
        counts.append(len(captured))
    assert abs(counts[0] - counts[1]) <= 4
    assert Outbox.objects.filter(letter__in=["activation", "invitation"]).count() == 2


def test_the_mail_goes_to_the_persons_own_address(browser, stranger, mailbox, client_of, owner):
    browser.post("/users/add/", PERSON | {"email": "elsewhere@example.com"})
    assert mailbox("olga@example.com") and not mailbox("elsewhere@example.com")
    invited = Membership.objects.get(accepted_at=None)
    page = answered(client_of(stranger), mailbox("olga@example.com")[-1], "yes").content.decode()
    assert "still has to confirm that you are meant" in page
    invited.refresh_from_db()
    assert invited.accepted_at and invited.blocked_at, "perhaps somebody else was meant"
    assert "elsewhere@example.com" in mailbox("anna@example.com")[-1].body
    assert "you had typed another address" in browser.get(f"/users/{invited.pk}/").content.decode()
    browser.post(f"/users/{invited.pk}/unblock/")
    invited.refresh_from_db()
    assert invited.blocked_at is None and not invited.other_address


def test_of_several_logins_at_the_address_any_may_accept(browser, stranger, mailbox, client_of, provider):
    second = user("zofia")
    User.objects.filter(pk=second.pk).update(email="OLGA@example.com")
    second.refresh_from_db()
    browser.post("/users/add/", PERSON | {"login": "olga2"})
    answered(client_of(second), mailbox("olga@example.com")[-1], "yes")
    assert Membership.objects.get(customer__number=1000001, user=second).accepted_at


def test_another_login_cannot_answer(browser, invited, mailbox, client_of, administrative):
    link = link_in(mailbox("olga@example.com")[-1])
    thief = client_of(administrative)
    thief.get(link)
    page = thief.get("/invitation/")
    assert page.status_code == 403 and "for another login" in page.content.decode()
    assert thief.post("/invitation/", {"answer": "yes"}).status_code == 403
    invited.refresh_from_db()
    assert invited.accepted_at is None


def test_the_link_leads_through_the_sign_in(anonymous, invited, mailbox):
    page = anonymous.get(link_in(mailbox("olga@example.com")[-1]), follow=True)
    assert page.redirect_chain[-1][0] == "/sign-in/?next=/invitation/"
    anonymous.post("/sign-in/", {"login": "olga", "password": PASSWORD, "next": "/invitation/"})
    page = anonymous.post("/sign-in/code/", {"code": code_in(mailbox("olga@example.com")[-1])}, follow=True)
    assert "Ogrody Anny invites you" in page.content.decode()


def test_a_no_is_told_to_nobody(client_of, stranger, browser, invited, mailbox):
    browser.get("/users/")
    before = seen(browser, invited)
    page = answered(client_of(stranger), mailbox("olga@example.com")[-1], "no").content.decode()
    assert "You have declined the invitation." in page
    invited.refresh_from_db()
    assert seen(browser, invited) == before
    assert not mailbox("anna@example.com")
    told = len(mailbox("olga@example.com"))
    browser.post(f"/users/{invited.pk}/resend/", {"confirmed": "yes"})
    assert len(mailbox("olga@example.com")) == told, "who said no is not asked again"
    assert "An invitation was declined." in client_of(stranger).get("/history/").content.decode()


def test_sending_again_ends_the_older_link(client_of, stranger, browser, invited, mailbox):
    older = link_in(mailbox("olga@example.com")[-1])
    browser.post(f"/users/{invited.pk}/resend/", {"confirmed": "yes"})
    theirs = client_of(stranger)
    page = theirs.get(older)
    assert page.status_code == 410 and "send the invitation again" in page.content.decode()
    assert theirs.get(link_in(mailbox("olga@example.com")[-1])).status_code == 302


def test_an_invitation_taken_back_is_dead(client_of, stranger, browser, invited, mailbox):
    theirs = client_of(stranger)
    theirs.get(link_in(mailbox("olga@example.com")[-1]))
    browser.post(f"/users/{invited.pk}/remove/", {"confirmed": "yes"})
    assert theirs.get("/invitation/").status_code == 410


def test_one_customers_resending_leaves_anothers_link_alone(client_of, stranger, browser, invited, mailbox, provider):
    other = Customer.objects.create(provider=provider, number=3000003, name="Trzeci")
    boss = member(other, "tomek", "Tomek", "owner")
    link = link_in(mailbox("olga@example.com")[-1])
    client_of(boss).post("/users/add/", PERSON)
    assert client_of(stranger).get(link).status_code == 302


def test_a_corrected_address_asks_whoever_is_meant(client_of, stranger, browser, mailbox, provider):
    browser.post("/users/add/", PERSON | {"login": "nowa"})
    invited = Membership.objects.get(accepted_at=None)
    link = link_in(mailbox("olga@example.com")[-1])
    browser.post(f"/users/{invited.pk}/person/", {"name": "Nowa", "email": "nowa@example.com", "phone": ""})
    assert client_of(stranger).get(link).status_code == 410
    invited.refresh_from_db()
    assert invited.user.login == "nowa" and invited.accepted_at
    assert link_in(mailbox("nowa@example.com")[-1], "activation")


def test_people_of_the_customer_may_have_a_second_login_at_their_address(browser, owner):
    browser.post("/users/add/", PERSON | {"login": "anna-biuro", "email": owner.email})
    assert User.objects.get(login="anna-biuro").email == owner.email


def test_an_administrator_invites_by_the_same_verb(client_of, administrator, customer, stranger, mailbox):
    form = PERSON | {"customer": customer.pk}
    client_of(administrator).post(reverse("admin:accounts_membership_add"), form)
    invited = Membership.objects.get(accepted_at=None)
    assert invited.user == stranger and link_in(mailbox("olga@example.com")[-1], "invitation")
    page = client_of(administrator).get(reverse("admin:accounts_membership_changelist"), {"activated": "no"})
    assert page.status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_ten_invitations_at_once_are_one(client_of, owner, stranger, together):
    browsers = [client_of(owner) for _number in range(10)]
    pages = together(10, lambda number: browsers[number].post("/users/add/", PERSON))
    assert sorted(page.status_code for page in pages) == [200] * 9 + [302]
    assert Membership.objects.filter(accepted_at=None).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_customers_who_add_the_same_new_login_at_once_share_the_person(owner, stranger, together):
    rooms = [owner.membership, stranger.membership]
    fields = {"login": "nowa", "email": "nowa@example.com", "role": "standard", "permissions": []}

    def add(number):
        row = rooms[number]
        return invitations.add(customer=row.customer, by=row.user, editor=row, **fields)

    made = together(2, add)
    assert {type(row) for row in made} == {Membership}
    assert User.objects.filter(login="nowa").count() == 1
    assert sorted(row.is_invitation for row in made) == [False, True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_accepted_twice_at_once_is_accepted_once(stranger, invited, together):
    link = Link.objects.get(purpose="invitation")
    results = together(8, lambda number: invitations.accept(Link.objects.get(pk=link.pk), by=stranger))
    assert sorted(results) == [False] * 7 + [True]
    assert Event.objects.filter(action="invitation_accepted").count() == 1


def test_of_a_closed_customer_nothing_is_accepted(stranger, invited):
    link = Link.objects.get(purpose="invitation")
    Customer.objects.filter(pk=invited.customer_id).update(closed_at=timezone.now())
    assert not invitations.accept(Link.objects.get(pk=link.pk), by=stranger)
    invited.refresh_from_db()
    assert invited.accepted_at is None


@pytest.mark.parametrize("answer", [invitations.accept, invitations.decline])
def test_an_invitation_taken_back_while_its_page_is_open(owner, stranger, invited, answer):
    link = Link.objects.select_related("membership").get(purpose="invitation")
    subusers.remove(invited, by=owner, editor=owner.membership)
    assert answer(link, by=stranger) is False
    assert not stranger.memberships.filter(customer=owner.membership.customer).exists()


@pytest.mark.parametrize("act", ["person", "resend", "rights", "remove"])
def test_who_was_removed_meanwhile_is_not_changed(browser, owner, invited, act, monkeypatch):
    """Two windows: what the second one asks for is refused, and nothing of it is written."""
    monkeypatch.setattr("accounts.views.subusers.find_editable", lambda request, pk: invited)
    subusers.remove(Membership.objects.get(pk=invited.pk), by=owner, editor=owner.membership)
    before = Event.objects.count()
    form = {"confirmed": "yes", "name": "X", "email": "x@example.com", "role": "standard"}
    assert browser.post(f"/users/{invited.pk}/{act}/", form).status_code == 403
    assert Event.objects.count() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_accepted_and_taken_back_at_once(owner, stranger, invited, together):
    """Whichever was quicker, who was removed is out."""
    link = Link.objects.select_related("membership").get(purpose="invitation")
    acts = [
        lambda: invitations.accept(link, by=stranger),
        lambda: subusers.remove(invited, by=owner, editor=owner.membership),
    ]
    accepted, removed = together(2, lambda number: acts[number]())
    assert accepted in (True, False) and removed is None
    assert not stranger.memberships.filter(customer=owner.membership.customer).exists()
    named = {True: "olga", False: PERSON["login"]}[accepted]
    assert Event.objects.get(action="subuser_removed").details["login"] == named


@pytest.mark.parametrize("page", ["user", "membership"])
def test_the_customer_does_not_read_whom_an_administrator_looked_at(client_of, administrator, stranger, browser, page):
    """Invited by e-mail under another login; the person themselves reads of the look."""
    browser.post("/users/add/", PERSON | {"login": "nowa"})
    row = stranger if page == "user" else Membership.objects.get(accepted_at=None)
    address = reverse(f"admin:accounts_{page}_change", args=[row.pk])
    assert client_of(administrator).get(address).status_code == 200
    words = "The administration opened the data of user olga."
    assert words in client_of(stranger).get("/history/").content.decode()
    assert words not in browser.get("/history/").content.decode()
