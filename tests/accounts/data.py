"""Personal data, billing data, contacts and language (M18, M19)."""

import pytest
from django.utils import timezone, translation

from accounts import countries
from accounts.forms.person import BillingForm, PersonalDataForm
from accounts.history import FIELDS, Action
from accounts.models import Contact, Customer, Event, Membership, User
from tests.cast import PASSWORD
from tests.crowd import queries_of

COMPANY = {
    "kind": "company",
    "name": "Ogrody Anny sp. z o.o.",
    "tax_id": "PL 525-234-40-78",
    "eu_vat": "",
    "street": "ul. Kwiatowa 5",
    "postal_code": "00-100",
    "city": "Warszawa",
    "country": "PL",
}


def test_update_changes_ones_own_data(client_of, owner):
    browser = client_of(owner)
    assert "Update" in browser.get("/data/").content.decode()
    form = {"name": "Anna Nowa", "phone": "600 700 800", "current_password": PASSWORD, "language": "pl"}
    page = browser.post("/data/edit/", form | {"notifications": ["ticket_answered"]}, follow=True)
    owner.refresh_from_db()
    assert (owner.name, owner.phone, owner.language) == ("Anna Nowa", "+48600700800", "pl")
    assert 'lang="pl"' in page.content.decode()
    assert Event.objects.get(action="data_changed").user_id == owner.pk


def test_a_changed_phone_asks_for_the_password(client_of, owner):
    browser = client_of(owner)
    form = {"name": "Anna Nowa", "phone": "600 700 800", "language": "en"}
    page = browser.post("/data/edit/", form)
    assert "Type your password." in page.content.decode()
    assert (
        "This is not your password." in browser.post("/data/edit/", form | {"current_password": "x"}).content.decode()
    )
    assert 'value="Anna Nowa"' in page.content.decode(), "what was typed is still there"
    owner.refresh_from_db()
    assert (owner.name, owner.phone) == ("Anna Owner", "")


def test_an_empty_password_is_no_attempt(client_of, owner):
    browser = client_of(owner)
    for _number in range(12):
        page = browser.post("/data/edit/", {"name": "Anna", "phone": "600 700 800", "language": "en"})
    assert "Type your password." in page.content.decode()
    form = {"name": "Anna", "phone": "600 700 800", "language": "en", "current_password": PASSWORD}
    assert browser.post("/data/edit/", form).status_code == 302


def test_a_phone_is_read_in_groups(client_of, owner, contact):
    User.objects.filter(pk=owner.pk).update(phone="+48600700800")
    assert "+48 600 700 800" in client_of(owner).get("/data/").content.decode()


def test_a_customer_without_a_name_is_a_number_once(client_of, owner, customer):
    Customer.objects.filter(pk=customer.pk).update(name="")
    bar = client_of(owner).get("/data/").content.decode().split('class="whose"')[1].split("</div>")[0]
    assert bar.count(str(customer.number)) == 1


def test_countries_stand_in_the_order_of_the_readers_language():
    with translation.override("pl"):
        names = [name for _code, name in countries.choices()]
    assert names[0] == "Polska"
    assert names.index("Litwa") < names.index("Luksemburg") < names.index("Łotwa") < names.index("Malta")
    assert names.index("Słowacja") < names.index("Stany Zjednoczone") < names.index("Szwajcaria")


def test_without_a_new_phone_no_password_is_asked_for(client_of, owner):
    assert client_of(owner).post("/data/edit/", {"name": "Anna", "phone": "", "language": "en"}).status_code == 302


def test_codes_to_another_phone_end_the_other_sessions_and_a_mail_tells(client_of, owner, mailbox):
    User.objects.filter(pk=owner.pk).update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    here, there = client_of(owner), client_of(owner)
    form = {"name": "Anna", "phone": "600 700 800", "language": "en", "current_password": PASSWORD}
    here.post("/data/edit/", form)
    assert there.get("/data/").status_code == 200, "the same phone written otherwise changes nothing"
    here.post("/data/edit/", form | {"phone": "600 700 801"})
    assert here.get("/data/").status_code == 200
    assert there.get("/data/").status_code == 302
    assert "second step of signing in" in mailbox("anna@example.com")[-1].subject
    owner.refresh_from_db()
    assert owner.second_step == "mail", "the new number has to be confirmed first"
    assert Event.objects.filter(action="second_step_changed", user_id=owner.pk).exists()


def test_the_phone_that_gets_codes_stays_where_messages_are_sent(client_of, owner):
    User.objects.filter(pk=owner.pk).update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    form = {"name": "Anna", "phone": "+44 20 7946 0958", "language": "en", "current_password": PASSWORD}
    assert "We send no text messages to the country" in client_of(owner).post("/data/edit/", form).content.decode()


def test_the_phone_that_gets_codes_cannot_be_emptied(client_of, owner):
    User.objects.filter(pk=owner.pk).update(phone="+48600700800", confirmed_phone="+48600700800", second_step="sms")
    form = {"name": "Anna", "phone": "", "language": "en", "current_password": PASSWORD}
    assert "Your one-time codes come to this phone" in client_of(owner).post("/data/edit/", form).content.decode()


def test_a_notification_can_be_switched_off(client_of, owner):
    client_of(owner).post("/data/edit/", {"name": "Anna", "phone": "", "language": "en", "notifications": []})
    owner.refresh_from_db()
    assert "ticket_answered" in owner.muted


def test_billing_data_are_kept_in_one_form(client_of, owner):
    client_of(owner).post("/data/billing/", COMPANY)
    customer = owner.membership.customer
    customer.refresh_from_db()
    assert (customer.name, customer.tax_id) == ("Ogrody Anny sp. z o.o.", "5252344078")
    assert "Ogrody Anny sp. z o.o." in client_of(owner).get("/data/").content.decode()


@pytest.mark.parametrize(
    ("country", "typed", "kept"), [("PL", " 80244", "80-244"), ("PL", "80 244", "80-244"), ("DE", "10115", "10115")]
)
def test_a_postal_code_is_kept_as_its_country_writes_it(client_of, owner, country, typed, kept):
    client_of(owner).post("/data/billing/", COMPANY | {"kind": "private", "country": country, "postal_code": typed})
    customer = owner.membership.customer
    customer.refresh_from_db()
    assert (customer.country, customer.postal_code) == (country, kept)


def test_what_companies_in_poland_must_give_is_not_called_optional(client_of, owner):
    labels = labels_of(client_of(owner).get("/data/billing/"), "eu_vat", "tax_id")
    assert "(optional)" in labels["eu_vat"] and "(optional)" not in labels["tax_id"]


def test_the_password_for_another_phone_is_not_called_optional(client_of, owner):
    labels = labels_of(client_of(owner).get("/data/edit/"), "phone", "current_password")
    assert "(optional)" in labels["phone"] and "(optional)" not in labels["current_password"]


def labels_of(answer, *names):
    """The labels of these fields, by name."""
    page = answer.content.decode()
    assert all(f'<label for="id_{name}">' in page for name in names)
    return {name: page.partition(f'<label for="id_{name}">')[2].partition("</label>")[0] for name in names}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("tax_id", "5252344079", "not a valid NIP"),
        ("tax_id", "abc", "not a valid NIP"),
        ("tax_id", "", "need its NIP"),
        ("eu_vat", "DE000", "not a valid EU VAT"),
        ("postal_code", "8024", "a Polish postal code"),
        ("postal_code", "802-44", "a Polish postal code"),
        ("name", "", "required"),
        ("name", "x" * 201, "at most 200"),
        ("country", "XX", "valid choice"),
    ],
)
def test_wrong_billing_data_are_refused_beside_the_field(client_of, owner, field, value, words):
    page = client_of(owner).post("/data/billing/", COMPANY | {field: value})
    assert words in page.content.decode()
    assert "ul. Kwiatowa 5" in page.content.decode()


def test_a_private_person_has_no_tax_numbers(client_of, owner):
    client_of(owner).post("/data/billing/", COMPANY | {"kind": "private"})
    owner.membership.customer.refresh_from_db()
    assert owner.membership.customer.tax_id == ""


@pytest.mark.parametrize("url", ["/data/billing/", "/contacts/", "/contacts/add/"])
def test_a_standard_sub_user_sees_neither_billing_data_nor_contacts(client_of, owner, standard, url):
    assert client_of(owner).get(url).status_code == 200
    assert client_of(standard).get(url).status_code == 403
    assert "Ogrody Anny" not in client_of(standard).get("/data/").content.decode().split("<main")[1]


def test_contacts_are_added_changed_and_removed(client_of, owner, customer):
    browser = client_of(owner)
    assert "No contact persons yet" in browser.get("/contacts/").content.decode()
    form = {"kind": "technical", "name": "Tomasz", "email": "t@example.com", "phone": "600700800"}
    assert "Tomasz" in browser.post("/contacts/add/", form, follow=True).content.decode()
    contact = Contact.objects.get(customer=customer)
    browser.post(f"/contacts/{contact.pk}/", form | {"name": "Tomek"})
    assert "Remove this contact person?" in browser.post(f"/contacts/{contact.pk}/remove/").content.decode()
    browser.post(f"/contacts/{contact.pk}/remove/", {"confirmed": "yes"})
    assert not Contact.objects.exists()
    actions = list(Event.objects.filter(action__startswith="contact").order_by("id").values_list("action", flat=True))
    assert actions == ["contact_added", "contact_changed", "contact_removed"]


def test_a_contact_can_be_given_access(client_of, owner, contact):
    browser = client_of(owner)
    assert "Give access: " in browser.get("/contacts/").content.decode()
    page = browser.get(f"/users/add/?contact={contact.pk}").content.decode()
    assert 'value="tech@garden.example"' in page and 'value="Tomasz Techniczny"' in page
    form = {"login": "tomek", "name": contact.name, "email": "Tech@garden.example", "language": "en"}
    browser.post("/users/add/", form | {"role": "standard"})
    page = browser.get("/contacts/").content.decode()
    assert "Invited" in page and "Give access: " not in page
    User.objects.filter(login="tomek").update(activated_at=timezone.now())
    Membership.objects.filter(user__login="tomek").update(accepted_at=timezone.now())
    assert "Has access" in browser.get("/contacts/").content.decode()


def test_only_ones_own_contact_persons_fill_the_form(client_of, owner, stranger, contact, standard):
    standard.membership.permissions = ["users"]
    standard.membership.save()
    for browser in (client_of(stranger), client_of(standard)):
        page = browser.get(f"/users/add/?contact={contact.pk}")
        assert page.status_code == 200 and "tech@garden.example" not in page.content.decode()
    for odd in ("x", "9" * 40, "²", "-1"):
        assert client_of(owner).get("/users/add/", {"contact": odd}).status_code == 200


def test_the_access_of_another_customers_person_is_not_told(client_of, owner, stranger, contact):
    User.objects.filter(pk=stranger.pk).update(email=contact.email)
    assert "Has access" not in client_of(owner).get("/contacts/").content.decode()


def test_a_list_of_contacts_asks_as_often_for_fifty_as_for_one(client_of, owner, contact, customer):
    browser = client_of(owner)
    one = queries_of(browser, "/contacts/")
    rows = [Contact(customer=customer, kind="billing", name=f"B{i}", email=f"b{i}@example.com") for i in range(50)]
    Contact.objects.bulk_create(rows)
    assert len(queries_of(browser, "/contacts/")) == len(one)


def test_contacts_of_others_are_not_there(client_of, stranger, contact):
    browser = client_of(stranger)
    assert browser.get(f"/contacts/{contact.pk}/").status_code == 404
    assert browser.post(f"/contacts/{contact.pk}/remove/", {"confirmed": "yes"}).status_code == 404


def test_the_history_names_what_was_changed_in_the_readers_language(client_of, owner):
    browser = client_of(owner)
    form = {"name": "Anna Nowa", "phone": "", "language": "en", "notifications": ["ticket_answered"]}
    browser.post("/data/edit/", form)
    browser.post("/data/billing/", COMPANY)
    page = browser.get("/history/").content.decode()
    assert "Personal data were changed: first and last name, e-mail notifications." in page
    assert "Billing data were changed: name on invoices, street and number, postal code, city." in page
    owner.refresh_from_db()
    owner.language = "pl"
    owner.save()
    page = browser.get("/history/").content.decode()
    assert "Zmieniono dane osobowe: imię i nazwisko, powiadomienia e-mail." in page
    assert "Zmieniono dane do faktury: nazwa na fakturach, ulica i numer, kod pocztowy, miejscowość." in page


@pytest.mark.parametrize(
    ("action", "form"), [(Action.DATA_CHANGED, PersonalDataForm), (Action.BILLING_CHANGED, BillingForm)]
)
def test_the_history_has_words_for_every_field_of_a_form(action, form):
    assert FIELDS[action].keys() == form.base_fields.keys() - {"current_password", "mailing"}


def test_the_language_is_changed_for_good(client_of, anonymous, owner):
    anonymous.post("/language/", {"language": "pl", "next": "/sign-in/"})
    assert 'lang="pl"' in anonymous.get("/sign-in/").content.decode()
    client_of(owner).post("/language/", {"language": "pl"})
    owner.refresh_from_db()
    assert owner.language == "pl"
    assert anonymous.post("/language/", {"language": "xx"}).status_code == 302
