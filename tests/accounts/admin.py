"""The administration pages (M14), behind the same two steps."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import addresses, people, recovery
from accounts.history import Action, record
from accounts.models import (
    Customer,
    Event,
    Link,
    Membership,
    Outbox,
    SupportSession,
    Terms,
    TermsAcceptance,
    User,
)
from tests.accounts.reading import link_in
from tests.cast import member, user

ADD_CUSTOMER = reverse("admin:accounts_customer_add")


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


def change(person):
    return reverse("admin:accounts_membership_change", args=[person.membership.pk])


ADD = reverse("admin:accounts_membership_add")
LIST = reverse("admin:accounts_membership_changelist")


def act(admin, page, action, *rows):
    return admin.post(page, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_strangers_are_sent_to_the_two_steps_and_others_find_nothing(anonymous, client_of, owner, support):
    assert anonymous.get("/admin/login/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")
    assert anonymous.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")
    for person in (owner, support):
        assert client_of(person).get("/admin/", follow=True).status_code == 404


def test_an_administrator_adds_a_sub_user_who_activates(admin, anonymous, customer, mailbox):
    form = {
        "customer": customer.pk,
        "login": "basia",
        "name": "Basia Biuro",
        "email": "basia@example.com",
        "phone": "600 700 800",
        "language": "en",
        "role": "standard",
        "permissions": ["tickets"],
    }
    admin.post(ADD, form, follow=True)
    basia = Membership.objects.get(user__login="basia")
    assert (basia.customer, basia.permissions, basia.user.phone) == (customer, ["tickets"], "+48600700800")
    assert anonymous.get(link_in(mailbox("basia@example.com")[-1])).status_code == 302
    assert Event.objects.filter(action="subuser_added", customer_id=customer.pk, by_staff=True).exists()

    page = admin.get(LIST, {"activated": "no"}).content.decode()
    assert "basia" in page
    act(admin, LIST, "resend", basia)
    assert len(mailbox("basia@example.com")) == 2


def test_a_login_that_the_customer_has_is_refused(admin, customer, owner):
    form = {"customer": customer.pk, "login": "ANNA", "name": "x", "email": "x@example.com", "language": "en"}
    assert "This login is in your list already." in admin.post(ADD, form | {"role": "standard"}).content.decode()


def test_rights_are_edited_by_the_same_verb(admin, standard):
    admin.post(change(standard), {"role": "administrative", "permissions": []})
    standard.membership.refresh_from_db()
    assert standard.membership.sees_everything
    assert Event.objects.filter(action="subuser_changed").exists()


def test_the_filter_finds_who_is_not_activated(admin, owner, standard):
    User.objects.filter(pk=standard.pk).update(activated_at=None)
    page = admin.get(LIST, {"activated": "no"}).content.decode()
    assert "stefan" in page
    assert "anna" not in page
    assert "has not finished the activation" in admin.get(change(standard)).content.decode()


def test_blocking_and_unblocking(admin, client_of, standard):
    theirs = client_of(standard)
    act(admin, LIST, "block", standard.membership)
    assert theirs.get("/services/").status_code == 403
    act(admin, LIST, "unblock", standard.membership)
    assert theirs.get("/services/").status_code == 200


def test_the_owner_is_neither_changed_nor_removed_here(admin, owner):
    assert admin.post(change(owner), {"role": "standard"}).status_code == 403
    act(admin, LIST, "block", owner.membership)
    assert admin.post(reverse("admin:accounts_membership_delete", args=[owner.membership.pk])).status_code == 403
    owner.membership.refresh_from_db()
    assert owner.membership.blocked_at is None


def test_the_filter_finds_who_is_blocked(admin, owner, standard):
    act(admin, LIST, "block", standard.membership)
    page = admin.get(LIST, {"blocked": "yes"}).content.decode()
    assert "stefan" in page and "anna" not in page


def test_blocking_a_person_everywhere_tells_them(admin, client_of, owner, mailbox):
    theirs = client_of(owner)
    act(admin, reverse("admin:accounts_user_changelist"), "block", owner)
    assert theirs.get("/").status_code == 302
    assert "blocked" in mailbox("anna@example.com")[-1].subject


def test_an_administrator_ends_all_sessions_of_a_person(admin, client_of, owner, standard):
    theirs, colleague = client_of(owner), client_of(standard)
    act(admin, reverse("admin:accounts_user_changelist"), "sign_out", owner)
    assert theirs.get("/").status_code == 302
    assert colleague.get("/").status_code == 200
    owner.refresh_from_db()
    assert client_of(owner).get("/").status_code == 200, "the person may come in again"
    assert "An administrator ended all sessions of anna." in client_of(owner).get("/history/").content.decode()


def test_nobody_sets_anothers_password(admin, owner):
    page = admin.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert 'type="password"' not in page
    page = admin.get(f"/admin/accounts/user/{owner.pk}/password/", follow=True).content.decode()
    assert 'type="password"' not in page


def test_nobody_widens_their_own_rights(client_of, administrator):
    helper = user("helper", is_staff=True)
    helper.user_permissions.set(permissions_of("view_user", "change_user"))
    form = {"login": "helper", "email": "helper@example.com", "language": "en", "is_superuser": "on", "is_staff": "on"}
    client_of(helper).post(reverse("admin:accounts_user_change", args=[helper.pk]), form)
    helper.refresh_from_db()
    assert not helper.is_superuser
    page = client_of(administrator).get(reverse("admin:accounts_user_change", args=[administrator.pk]))
    assert 'name="is_superuser"' not in page.content.decode()


class TestAnAdministratorWhoIsNoSuperuser:
    @pytest.fixture
    def helper(self, client_of):
        """The browser of an administrator with every right there is, but no superuser."""
        person = user("helper", is_staff=True)
        person.user_permissions.set(permissions_of())
        return client_of(person)

    @pytest.fixture
    def newcomer(self, administrator):
        """A superuser who has not set a password yet."""
        person = user("newcomer", is_staff=True, is_superuser=True)
        User.objects.filter(pk=person.pk).update(activated_at=None)
        return person

    def test_corrects_customers_people(self, helper, owner):
        form = {"login": "anna", "email": "anna@example.com", "name": "Anna Nowa", "language": "en"}
        helper.post(reverse("admin:accounts_user_change", args=[owner.pk]), form)
        owner.refresh_from_db()
        assert owner.name == "Anna Nowa"

    def test_does_not_come_in_as_a_member_of_staff(self, helper, newcomer, mailbox):
        """A corrected address and the activation mail sent there would make them a superuser."""
        form = {"login": "newcomer", "email": "thief@example.com", "language": "en", "second_step": "mail"}
        page = helper.post(reverse("admin:accounts_user_change", args=[newcomer.pk]), form)
        assert page.status_code == 403
        act(helper, reverse("admin:accounts_user_changelist"), "resend", newcomer)
        newcomer.refresh_from_db()
        assert newcomer.email == "newcomer@example.com"
        assert not mailbox("newcomer@example.com")

    def test_blocks_no_member_of_staff(self, helper, administrator, support, owner):
        act(helper, reverse("admin:accounts_user_changelist"), "block", administrator, support, owner)
        assert list(User.objects.exclude(blocked_at=None)) == [owner]

    def test_widens_no_rights_of_their_own_as_a_sub_user(self, customer, client_of):
        clerk = member(customer, "clerk", "Karol Clerk", "standard")
        User.objects.filter(pk=clerk.pk).update(is_staff=True)
        clerk.user_permissions.set(permissions_of())
        clerk.refresh_from_db(fields=["is_staff"])
        page = client_of(clerk).post(change(clerk), {"role": "administrative", "permissions": []})
        assert page.status_code == 403
        clerk.membership.refresh_from_db()
        assert clerk.membership.role == "standard"

    def test_lets_themselves_in_nowhere(self, customer, client_of, owner, standard):
        """The customer has blocked somebody who works for the provider as well."""
        blocked = timezone.now()
        User.objects.filter(pk=standard.pk).update(is_staff=True)
        Membership.objects.filter(customer=customer).exclude(user=owner).update(blocked_at=blocked)
        standard.user_permissions.set(permissions_of())
        act(client_of(User.objects.get(pk=standard.pk)), LIST, "unblock", owner.membership, standard.membership)
        standard.membership.refresh_from_db()
        assert standard.membership.blocked_at == blocked

    def test_reads_no_hash_of_a_password(self, helper, owner):
        """An address that filters by it would tell letter by letter what it is."""
        hashed = User.objects.get(pk=owner.pk).password
        people = reverse("admin:accounts_user_changelist")
        for lookup, value in [("password", hashed), ("password__startswith", hashed[:40]), ("password__gt", "a")]:
            assert "anna@example.com" not in helper.get(people, {lookup: value}, follow=True).content.decode()
        assert "anna@example.com" in helper.get(people, {"login": "anna"}).content.decode()

    def test_makes_no_groups_with_more_rights(self, helper, admin):
        assert admin.get(reverse("admin:auth_group_add")).status_code == 200
        assert helper.get(reverse("admin:auth_group_add")).status_code == 403
        assert helper.post(reverse("admin:auth_group_add"), {"name": "Everything"}).status_code == 403


def test_the_customer_reads_what_an_administrator_changed(admin, client_of, owner, customer, contact):
    admin.post(
        reverse("admin:accounts_user_change", args=[owner.pk]),
        {"login": "anna", "email": "anna@example.com", "name": "Anna Nowa", "language": "en"},
    )
    form = {
        "kind": "company",
        "name": "Ogrody Anny",
        "tax_id": "5252344078",
        "city": "Radom",
        "country": "PL",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        "vat_checks-TOTAL_FORMS": 0,
        "vat_checks-INITIAL_FORMS": 0,
        "contacts-TOTAL_FORMS": 2,
        "contacts-INITIAL_FORMS": 1,
        "contacts-0-id": contact.pk,
        "contacts-0-customer": customer.pk,
        "contacts-0-kind": "technical",
        "contacts-0-name": "Tomek",
        "contacts-0-email": "tech@garden.example",
        "contacts-1-customer": customer.pk,
        "contacts-1-kind": "billing",
        "contacts-1-name": "Basia",
        "contacts-1-email": "basia@garden.example",
        "contacts-1-phone": "600 700 800",
    }
    url = reverse("admin:accounts_customer_change", args=[customer.pk])
    assert admin.post(url, form).status_code == 302
    page = client_of(owner).get("/history/").content.decode()
    for words in ("first and last name", "changed: city.", "changed: Tomek.", "added: Basia.", "Aleks Administrator"):
        assert words in page
    admin.post(url, form | {"contacts-TOTAL_FORMS": 1, "contacts-0-DELETE": "on"})
    assert "removed: Tomek." in client_of(owner).get("/history/").content.decode()
    assert [(row.name, row.phone) for row in customer.contacts.all()] == [("Basia", "+48600700800")]


@pytest.mark.parametrize("page", ["user", "membership"])
def test_no_login_is_a_strangers_address(admin, customer, page):
    form = {"login": "olga@example.com", "email": "basia@example.com", "name": "Basia", "language": "en"}
    form |= {"customer": customer.pk, "role": "standard", "second_step": "mail"}
    words = "A login with an @ must be the person&#x27;s own e-mail address."
    assert words in admin.post(reverse(f"admin:accounts_{page}_add"), form).content.decode()
    assert not User.objects.filter(login="olga@example.com").exists()


def permissions_of(*codenames):
    """The rights of these names, or all there are."""
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=codenames) if codenames else Permission.objects.all()


def test_a_new_member_of_staff_sets_their_own_password(admin, anonymous, mailbox):
    form = {"login": "wanda", "email": "wanda@example.com", "name": "Wanda", "language": "en", "second_step": "mail"}
    admin.post(reverse("admin:accounts_user_add"), form | {"is_support": "on"})
    wanda = User.objects.get(login="wanda")
    assert wanda.is_support
    assert Event.objects.filter(action=Action.STAFF_RIGHTS_CHANGED, user_id=wanda.pk).count() == 1
    assert not wanda.has_usable_password()
    assert anonymous.get(link_in(mailbox("wanda@example.com")[-1]), follow=True).status_code == 200


def test_a_changed_email_ends_sessions_and_tells_the_old_address(admin, client_of, owner, mailbox):
    theirs = client_of(owner)
    form = {"login": "anna", "email": "new@example.com", "name": "Anna", "language": "en", "blocked_reason": ""}
    admin.post(reverse("admin:accounts_user_change", args=[owner.pk]), form)
    owner.refresh_from_db()
    assert owner.email == "new@example.com"
    assert "e-mail address" in mailbox("anna@example.com")[-1].subject
    assert theirs.get("/").status_code == 302


@pytest.mark.parametrize("right", ["is_support", "is_staff", "groups"])
def test_rights_of_staff_that_are_given_are_written_down(admin, support, right):
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="Night shift")
    form = {"login": "sylwia", "email": support.email, "name": support.name, "language": "en", "is_support": "on"}
    url = reverse("admin:accounts_user_change", args=[support.pk])
    written = Event.objects.filter(action=Action.STAFF_RIGHTS_CHANGED, user_id=support.pk, customer_id=None)
    admin.post(url, form)
    assert not written.exists()
    changed = {"is_support": {"is_support": ""}, "is_staff": {"is_staff": "on"}, "groups": {"groups": group.pk}}
    admin.post(url, form | changed[right])
    assert written.count() == 1


@pytest.mark.parametrize("email", ["anna@example.com", "new@example.com"])
def test_a_correction_brings_no_older_password_back(admin, owner, monkeypatch, email):
    """The person changes the password between the moment the administration reads their row and writes it."""
    correct = people.correct

    def late(user, form, *, by):
        recovery.change_password(User.objects.get(pk=owner.pk), "Another-5678!", by=owner)
        correct(user, form, by=by)

    monkeypatch.setattr("accounts.people.correct", late)
    form = {"login": "anna", "email": email, "name": "Anna Nowa", "language": "en", "blocked_reason": ""}
    admin.post(reverse("admin:accounts_user_change", args=[owner.pk]), form)
    now = User.objects.get(pk=owner.pk)
    assert (now.name, now.email) == ("Anna Nowa", email)
    assert now.check_password("Another-5678!")
    assert now.session_generation > 0


def test_a_corrected_email_ends_the_way_back_to_a_mailbox_that_is_lost(admin, anonymous, owner, mailbox):
    addresses.ask_for_email(owner, "thief@example.com")
    addresses.confirm_email(Link.objects.get(purpose="email"))
    back = link_in(mailbox("anna@example.com")[-1], "email-back")
    assert anonymous.get(back).status_code == 302
    form = {"login": "anna", "email": "safe@example.com", "name": "Anna", "language": "en", "blocked_reason": ""}
    admin.post(reverse("admin:accounts_user_change", args=[owner.pk]), form)
    assert anonymous.get(back).status_code == 410
    anonymous.post("/data/email/back/")
    owner.refresh_from_db()
    assert owner.email == "safe@example.com"


def test_accepted_terms_are_never_changed(admin, owner, terms):
    TermsAcceptance.objects.all().delete()
    url = reverse("admin:accounts_terms_change", args=[terms.pk])
    assert 'name="text_pl"' in admin.get(url).content.decode()
    TermsAcceptance.objects.create(user=owner, terms=terms)
    assert 'name="text_pl"' not in admin.get(url).content.decode()
    admin.post(url, {"version": "x", "text_pl": "x", "text_en": "x"})
    assert Terms.objects.get().version == "1.0"


def test_a_failed_mail_is_tried_again(admin, owner, deliver):
    row = Outbox.objects.create(channel="mail", letter="blocked", user=owner, address="a@example.com", language="en")
    Outbox.objects.filter(pk=row.pk).update(state="failed", attempts=10, error="no such host")
    act(admin, reverse("admin:accounts_outbox_changelist"), "try_again", row)
    assert deliver()[-1].to == ["a@example.com"]


def test_a_failed_mail_is_tried_again_once_and_by_somebody(admin, administrator, owner):
    row = Outbox.objects.create(channel="mail", letter="blocked", user=owner, address="a@example.com", language="en")
    page = act(admin, reverse("admin:accounts_outbox_changelist"), "try_again", row)
    assert "0 were put back into the queue." in page.content.decode(), "it waits already"
    Outbox.objects.update(state="failed", attempts=10)
    page = act(admin, reverse("admin:accounts_outbox_changelist"), "try_again", row)
    assert "1 was put back into the queue." in page.content.decode()
    event = Event.objects.get(action="message_tried_again")
    assert (event.by_id, event.details["address"], event.customer_id) == (administrator.pk, "a@example.com", None)


def test_who_may_only_look_tries_nothing_again(client_of, owner):
    looker = user("looker", is_staff=True)
    looker.user_permissions.set(permissions_of("view_outbox"))
    row = Outbox.objects.create(channel="mail", letter="blocked", user=owner, address="a@example.com", language="en")
    Outbox.objects.update(state="failed")
    act(client_of(looker), reverse("admin:accounts_outbox_changelist"), "try_again", row)
    row.refresh_from_db()
    assert row.state == "failed"


@pytest.mark.parametrize(("language", "words"), [("en", "Notice of blocked access"), ("pl", "zablokowaniu dostępu")])
def test_a_message_is_called_and_filtered_by_its_title(admin, administrator, owner, language, words):
    User.objects.filter(pk=administrator.pk).update(language=language)
    for letter in ("blocked", "recovery"):
        Outbox.objects.create(
            channel="mail", letter=letter, user=owner, address=f"{letter}@example.com", language="en"
        )
    page = admin.get(reverse("admin:accounts_outbox_changelist"), {"letter": "blocked"}).content.decode()
    assert words in page
    assert "blocked@example.com" in page and "recovery@example.com" not in page


@pytest.mark.parametrize(("language", "words"), [("en", "Contact person added: …."), ("pl", "osobę kontaktową: ….")])
def test_the_history_is_filtered_by_sentences_and_found_by_customer_or_login(
    admin, administrator, customer, owner, language, words
):
    User.objects.filter(pk=administrator.pk).update(language=language)
    record(Action.CONTACT_ADDED, customer=customer, user=owner, by=owner, name="Tomasz")
    record(Action.CONTACT_REMOVED, customer=customer, user=owner, by=owner, name="Barbara")
    page = admin.get(reverse("admin:accounts_event_changelist"), {"action": "contact_added"}).content.decode()
    assert words in page
    assert "Tomasz" in page and "Barbara" not in page
    for term in (str(customer.number), "ANNA"):
        assert "Tomasz" in admin.get(reverse("admin:accounts_event_changelist"), {"q": term}).content.decode()
    assert "Tomasz" not in admin.get(reverse("admin:accounts_event_changelist"), {"q": "9999999"}).content.decode()


def test_what_works_behind_the_pages_has_a_group_of_its_own(admin):
    page = admin.get("/admin/").content.decode()
    names = ("Accounts", "Customers", "Outgoing messages and background work", "Background tasks", "Workers")
    places = [page.index(f">{name}<") for name in names]
    assert places == sorted(places)


def test_the_providers_name_stands_above_every_page(admin):
    assert "Example Hosting: administration" in admin.get("/admin/").content.decode()


def test_a_customer_is_added_as_billing_data_are_typed_anywhere(admin, provider):
    page = admin.get(ADD_CUSTOMER).content.decode()
    assert 'name="provider"' not in page and 'name="contacts-TOTAL_FORMS"' not in page
    form = {"kind": "company", "name": "Sady Basi", "tax_id": "PL 526-025-02-74", "country": "PL"}
    assert "tax_id" in admin.post(ADD_CUSTOMER, form | {"tax_id": "5260250275"}).context["adminform"].form.errors
    assert admin.post(ADD_CUSTOMER, form | {"_continue": "1"}).status_code == 302
    added = Customer.objects.get()
    assert (added.provider, added.tax_id, added.country) == (provider, "5260250274", "PL")


def test_before_there_is_a_provider_no_customer_is_added(client_of, db):
    boss = user("bogna", "Bogna Boss", is_staff=True, is_superuser=True)
    assert client_of(boss).get(ADD_CUSTOMER).status_code == 403


def test_the_first_person_of_a_new_customer_becomes_the_owner(admin, customer):
    first = member(customer, "basia", "Basia First", "administrative").membership
    assert "make them the owner" in admin.get(ADD).content.decode()
    act(admin, LIST, "hand_over", first)
    first.refresh_from_db()
    assert first.role == Membership.Role.OWNER


@pytest.mark.parametrize("page", ["customer", "user"])
def test_history_is_the_one_that_the_customer_reads(admin, owner, stranger, page):
    row = owner.membership.customer if page == "customer" else owner
    admin.get(reverse(f"admin:accounts_{page}_change", args=[stranger.membership.customer_id]))
    record(Action.DATA_CHANGED, customer=owner.membership.customer, user=owner, by=owner, fields=["name"])
    address = reverse(f"admin:accounts_{page}_history", args=[row.pk])
    lines = admin.get(address, follow=True).context["cl"].queryset
    column = {"customer": "customer_id", "user": "user_id"}[page]
    assert lines and {getattr(line, column) for line in lines} == {row.pk}
    assert admin.get(f"/admin/accounts/{page}/x/history/", follow=True).status_code == 200


def test_a_sub_user_whom_support_served_is_removed(admin, support, standard):
    rights = standard.membership
    SupportSession.objects.create(staff=support, customer=rights.customer, membership=rights, case="ABCD-EFGH")
    address = reverse("admin:accounts_membership_delete", args=[rights.pk])
    assert 'name="post"' in admin.get(address).content.decode()
    admin.post(address, {"post": "yes"})
    assert not Membership.objects.filter(pk=rights.pk).exists()


def test_an_action_that_reached_nobody_is_no_success(admin, owner, standard):
    assert 'class="warning"' in act(admin, LIST, "resend", owner.membership).content.decode()
    assert 'class="success"' in act(admin, LIST, "block", standard.membership).content.decode()


def test_somebody_new_has_no_state(admin, owner):
    page = admin.get(reverse("admin:accounts_user_add")).content.decode()
    assert "gets a mail with a link to set a password" in page and "blocked_reason" not in page
    assert "blocked_reason" in admin.get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()


def test_groups_of_staff_stand_beside_people(admin):
    groups = {group["app_label"]: group for group in admin.get("/admin/").context["app_list"]}
    assert "auth" not in groups and "Group" in {page["object_name"] for page in groups["accounts"]["models"]}


def test_own_password_and_signing_out_are_the_panels(admin):
    assert admin.get("/admin/password_change/")["Location"] == "/security/password/"
    admin.post("/admin/logout/")
    assert admin.get("/admin/").status_code == 302
