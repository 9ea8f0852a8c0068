"""Support with somebody on the phone: without the code nothing, with it what its owner may see."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import codes
from accounts.models import AuthorizationCode, Event, SupportSession
from billing.limits import SENT_AGAIN
from services.models import Credential, OptionValue, Price, ProductOption, ServiceOption
from tests.cast import user
from tests.crowd import many_services, queries_of
from tests.guards.access import named_urls
from tests.guards.people import begun

SECRET_WORDS = ["Hosting Garden", "Office phone", "Tomasz Techniczny", "h07.example.net"]


@pytest.fixture
def call(client_of, support, owner, customer, contact, hosting, voip):
    """A call of the owner, open in the browser of the member of staff: (client, session)."""
    hosting.configuration = {"Server": "h07.example.net"}
    hosting.save()
    return open_call(client_of(support), owner)


def open_call(client, person, caller="1000001"):
    """Makes a code, reads it out and opens the screen."""
    _row, digits = codes.generate(person.membership, by=person)
    answer = client.post("/desk/caller/", {"caller": caller, "code": f"{digits[:3]} {digits[3:]}"})
    assert answer.status_code == 302, answer.content.decode()
    return client, SupportSession.objects.latest("pk")


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def actions(*names):
    return list(Event.objects.filter(action__in=names).order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize("caller", ["1000001", "1 000 001", "anna", "ANNA", "garden.example"])
def test_the_right_code_opens_the_screen_whoever_the_caller_is_found_by(client_of, support, owner, hosting, caller):
    client, session = open_call(client_of(support), owner, caller)
    assert "Hosting Garden" in text(client, f"/desk/caller/{session.pk}/")


def test_the_screen_shows_what_is_confidential_and_counts_the_time(call, hosting):
    client, session = call
    page = text(client, f"/desk/caller/{session.pk}/")
    for words in ("Hosting Garden", "Office phone", "Tomasz Techniczny", "Anna Owner", "5252344078", "data-countdown"):
        assert words in page
    page = text(client, f"/desk/caller/{session.pk}/services/{hosting.pk}/")
    assert "h07.example.net" in page and "Active" in page and "Paid until" in page


def test_every_page_opened_is_written_once_and_the_customer_reads_it(call, client_of, owner, support, hosting):
    client, session = call
    client.get("/desk/caller/")
    assert actions("staff_looked") == []
    client.get(f"/desk/caller/{session.pk}/")
    client.get(f"/desk/caller/{session.pk}/services/{hosting.pk}/")
    looks = Event.objects.filter(action__startswith="staff_looked").order_by("id")
    assert [(look.by_id, look.by_staff, look.details["code"]) for look in looks] == 2 * [
        (support.pk, True, session.code_id)
    ]
    page = text(client_of(owner), "/history/")
    assert "Support opened your data and your list of services." in page
    assert "Support opened the service Hosting Garden (garden.example)." in page
    assert "Sylwia Support" in page


def test_the_pages_of_a_call_cost_few_queries(call, customer, products, hosting):
    """Beside those of the customer's own page: the call itself, that it is written down, and what was done in it."""
    client, session = call
    option = ProductOption.objects.create(product=products["hosting"], code="disk", name_pl="Dysk", name_en="Disk")
    value = OptionValue.objects.create(option=option, code="50", name_pl="50 GB", name_en="50 GB")
    ServiceOption.objects.create(service=hosting, value=value, monthly_net=1)
    Price.objects.create(product=products["hosting"], months=12, net=100)
    Credential.objects.create(service=hosting, login="garden")
    many_services(customer, products["hosting"], 100)
    for address, most in ((f"{session.pk}/", 8), (f"{session.pk}/services/{hosting.pk}/", 10)):
        found = queries_of(client, f"/desk/caller/{address}")
        # The brand, which is kept, is asked for once in a while.
        assert len([sql for sql in found if 'FROM "accounts_provider"' not in sql]) <= most


def test_what_support_opened_reads_in_the_readers_language(call, client_of, owner, hosting):
    client, session = call
    client.get(f"/desk/caller/{session.pk}/")
    client.get(f"/desk/caller/{session.pk}/services/{hosting.pk}/")
    owner.language = "pl"
    owner.save()
    page = text(client_of(owner), "/history/")
    assert "Obsługa klienta wyświetliła Twoje dane i listę Twoich usług." in page
    assert "Obsługa klienta wyświetliła usługę Hosting Garden (garden.example)." in page


@pytest.mark.parametrize("caller", ["1000001", "9999999", "nobody.example"])
def test_a_wrong_code_and_an_unknown_caller_get_the_same_words(client_of, support, owner, caller):
    _row, digits = codes.generate(owner.membership, by=owner)
    wrong = "000000" if digits != "000000" else "111111"
    answer = client_of(support).post("/desk/caller/", {"caller": caller, "code": wrong})
    assert "The caller or the code is wrong." in answer.content.decode()
    assert not SupportSession.objects.exists()
    assert actions("code_wrong") == ["code_wrong"]


def test_after_five_wrong_codes_the_right_one_is_dead(client_of, support, owner):
    _row, digits = codes.generate(owner.membership, by=owner)
    wrong = "000000" if digits != "000000" else "111111"
    client = client_of(support)
    for _try in range(5):
        client.post("/desk/caller/", {"caller": "1000001", "code": wrong})
    answer = client.post("/desk/caller/", {"caller": "1000001", "code": digits})
    assert "The caller or the code is wrong." in answer.content.decode()
    assert not SupportSession.objects.exists()
    assert actions("codes_ended") == ["codes_ended"]


def test_ten_wrong_codes_stop_the_member_of_staff(client_of, support, owner):
    client = client_of(support)
    for _try in range(10):
        client.post("/desk/caller/", {"caller": "9999999", "code": "000000"})
    _row, digits = codes.generate(owner.membership, by=owner)
    answer = client.post("/desk/caller/", {"caller": "1000001", "code": digits})
    assert "Too many wrong codes." in answer.content.decode()
    assert not SupportSession.objects.exists()


def test_a_code_of_one_customer_opens_no_other(client_of, support, owner, stranger):
    _row, digits = codes.generate(owner.membership, by=owner)
    client_of(support).post("/desk/caller/", {"caller": "2000002", "code": digits})
    assert not SupportSession.objects.exists()


def test_a_domain_of_several_customers_asks_for_the_number(client_of, support, owner, stranger, hosting):
    stranger.service.domain = hosting.domain
    stranger.service.save()
    _row, digits = codes.generate(owner.membership, by=owner)
    answer = client_of(support).post("/desk/caller/", {"caller": "garden.example", "code": digits})
    assert "This fits several customers." in answer.content.decode()
    assert not SupportSession.objects.exists()


def test_a_standard_sub_users_code_opens_what_they_see(client_of, support, standard, contact, hosting, voip):
    client, session = open_call(client_of(support), standard)
    page = text(client, f"/desk/caller/{session.pk}/")
    assert "Hosting Garden" in page and "Stefan Standard" in page
    for word in ("Office phone", "Tomasz Techniczny", "5252344078"):
        assert word not in page
    assert client.get(f"/desk/caller/{session.pk}/services/{voip.pk}/").status_code == 404
    answer = client.post(f"/desk/caller/{session.pk}/instruction/", {"text": "Stop it", "service": voip.pk})
    assert answer.status_code == 200 and actions("instruction") == []
    assert "Support opened your data" in text(client_of(standard), "/history/")


def everything_is_shut(client, session, hosting):
    """No address of the call says anything, and nothing more is written."""
    before = Event.objects.count()
    for address in ("", f"services/{hosting.pk}/"):
        answer = client.get(f"/desk/caller/{session.pk}/{address}")
        assert answer.status_code == 404
        assert not any(word in answer.content.decode() for word in SECRET_WORDS)
    for address in ("instruction/", "end/"):
        assert client.post(f"/desk/caller/{session.pk}/{address}", {"text": "Do it"}).status_code == 404
    return Event.objects.count() == before


def test_an_expired_code_shuts_the_screen(call, hosting):
    client, session = call
    AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert everything_is_shut(client, session, hosting)
    assert "Your open calls" not in text(client, "/desk/caller/")


def test_a_revoked_code_and_a_blocked_owner_shut_the_screen(call, owner, hosting):
    client, session = call
    owner.membership.blocked_at = timezone.now()
    owner.membership.save()
    assert everything_is_shut(client, session, hosting)
    owner.membership.blocked_at = None
    owner.membership.save()
    assert client.get(f"/desk/caller/{session.pk}/").status_code == 200
    codes.revoke(owner.membership, by=owner)
    assert everything_is_shut(client, session, hosting)


def test_nobody_else_sees_the_call(call, client_of, owner, standard, stranger, administrator, hosting):
    _client, session = call
    colleague = user("sandra", "Sandra Second", is_support=True)
    for person in (colleague, owner, standard, stranger, administrator):
        assert everything_is_shut(client_of(person), session, hosting)
    assert "Your open calls" not in text(client_of(colleague), "/desk/caller/")


def test_customers_and_administrators_have_no_such_page(client_of, owner, administrator, anonymous):
    assert client_of(owner).get("/desk/caller/").status_code == 404
    assert client_of(administrator).get("/desk/caller/").status_code == 404
    assert anonymous.get("/desk/caller/")["Location"].startswith("/sign-in/")


def test_an_instruction_is_noted_and_the_customer_reads_it(call, client_of, owner, hosting):
    client, session = call
    note = {"text": "Please restore <b>Monday's</b> backup.", "service": hosting.pk}
    answer = client.post(f"/desk/caller/{session.pk}/instruction/", note, follow=True)
    page = answer.content.decode()
    assert "The instruction was noted." in page and "restore &lt;b&gt;Monday" in page
    event = Event.objects.get(action="instruction")
    assert event.details["code"] == session.code_id
    words = "Support noted an instruction: [Hosting Garden (garden.example)] Please restore &lt;b&gt;Monday"
    assert words in text(client_of(owner), "/history/")


def test_an_instruction_needs_words_and_not_too_many(call):
    client, session = call
    for words in ("", " ", "x" * 2001):
        answer = client.post(f"/desk/caller/{session.pk}/instruction/", {"text": words})
        assert answer.status_code == 200 and "error-summary" in answer.content.decode()
    assert actions("instruction") == []


def test_ending_the_call_shuts_the_screen_and_the_customer_reads_it(call, client_of, owner, hosting):
    client, session = call
    assert "Your open calls" in text(client, "/desk/caller/")
    client.post(f"/desk/caller/{session.pk}/end/")
    assert actions("call_ended") == ["call_ended"]
    assert everything_is_shut(client, session, hosting)
    assert "Support ended the call and closed your data." in text(client_of(owner), "/history/")


def end_of(session, ended):
    """Ends a session in one of the ways that there are."""
    owner = session.membership
    if ended == "closed":
        SupportSession.objects.update(closed_at=timezone.now())
    elif ended == "expired":
        AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ended == "revoked":
        codes.revoke(owner, by=owner.user)
    elif ended == "new code":
        codes.generate(owner, by=owner.user)
    elif ended == "customer closed":
        type(session.customer).objects.filter(pk=session.customer_id).update(closed_at=timezone.now())


# Pages of the desk that need no code: they show what was written to support, and nothing else of a customer.
WITHOUT_CODE = {
    "caller",
    *("tickets:desk", "tickets:desk_thread", "tickets:desk_reply", "tickets:desk_data"),
    *("tickets:desk_assign", "tickets:desk_close", "tickets:desk_reopen", "tickets:desk_next", "tickets:desk_habit"),
    *("tickets:desk_note", "tickets:desk_canned", "tickets:desk_company", "tickets:desk_figures"),
    # Services are offered by the last one only within an open access: see tests/tickets/desk_giving.py.
    *("tickets:desk_merge", "tickets:desk_give", "tickets:desk_sort"),
    # Mails that reached support and belong to no thread yet.
    *("tickets:mails", "tickets:mail", "tickets:mail_raw", "tickets:mail_accept", "tickets:mail_settle"),
}
# What can be done by code alone, all of it: security.md's list.
ACTS = {
    "caller_instruction": {"text": "Do it"},
    "caller_auto_renew": {"on": "yes"},
    "caller_cancel": {"confirmed": "yes"},
    "caller_keep": {},
    "caller_send_again": {},
    "caller_billing": {"street": "Other"},
    "caller_end": {},
}
LOOKS = {"caller_session", "caller_service", "caller_documents"}


def desk_addresses():
    """{name: pattern} of everything under /desk/."""
    return {name: pattern for name, pattern in named_urls().items() if str(pattern.pattern).startswith("desk/")}


def confidential(session, service):
    """{name: address} of every page of the desk that needs an open session."""
    values = {"pk": session.pk, "service_pk": service.pk, "document_pk": 1}
    return {
        name: reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters})
        for name, pattern in desk_addresses().items()
        if name not in WITHOUT_CODE
    }


def test_every_page_of_the_desk_needs_a_session_or_is_named_as_one_that_does_not():
    assert set(desk_addresses()) == WITHOUT_CODE | LOOKS | set(ACTS)


@pytest.mark.parametrize("ended", ["closed", "expired", "revoked", "new code", "customer closed"])
def test_every_confidential_page_refuses_once_the_session_has_ended(call, hosting, ended):
    client, session = call
    end_of(session, ended)
    before = Event.objects.count()
    for name, address in confidential(session, hosting).items():
        answers = [client.post(address, ACTS[name])] if name in ACTS else [client.get(address), client.head(address)]
        answers += [client.get(address)] if name == "caller_billing" else []
        for answer in answers:
            assert answer.status_code == 404, name
            assert not any(word in answer.content.decode() for word in SECRET_WORDS)
    hosting.refresh_from_db()
    assert Event.objects.count() == before and not hosting.auto_renew and not hosting.cancelled_at


def test_who_opens_an_ended_session_reads_why_and_others_find_nothing(call, client_of, hosting):
    client, session = call
    end_of(session, "expired")
    page = client.get(f"/desk/caller/{session.pk}/")
    assert page.status_code == 404 and "This access has ended" in page.content.decode()
    assert 'href="/desk/caller/"' in page.content.decode()
    note = client.post(f"/desk/caller/{session.pk}/instruction/", {"text": "Do it"})
    assert "What you sent just now was not done." in note.content.decode()
    assert "There is no such page" in client.get(f"/desk/caller/{session.pk + 1}/").content.decode()
    colleague = client_of(user("celina", "Celina Colleague", is_support=True))
    assert "There is no such page" in colleague.get(f"/desk/caller/{session.pk}/").content.decode()


def test_without_the_guard_the_ended_session_shows_everything(call, hosting, monkeypatch):
    """The negative control: the same pages answer when sessions are not asked whether they live."""
    client, session = call
    end_of(session, "expired")
    everything = classmethod(lambda cls, staff: cls.objects.filter(staff=staff))
    monkeypatch.setattr(SupportSession, "open_for", everything)
    assert "Hosting Garden" in text(client, f"/desk/caller/{session.pk}/")


def test_every_page_of_the_customer_says_whose_code_it_is_and_for_how_long(call, hosting):
    client, session = call
    shown = {name: address for name, address in confidential(session, hosting).items() if name in LOOKS}
    for name, address in shown.items() | {("caller_billing", f"/desk/caller/{session.pk}/billing/")}:
        page = text(client, address)
        assert "Code of Anna Owner (owner)." in page and "data-countdown" in page, name
        seconds = int(re.search(r'data-seconds="(\d+)"', page)[1])
        assert 3500 < seconds <= 3600


def test_support_switches_renewal_cancels_and_takes_back_and_the_customer_reads_by_which_code(
    call, client_of, owner, hosting
):
    client, session = call
    at = f"/desk/caller/{session.pk}/services/{hosting.pk}/"
    page = client.post(f"{at}automatic-renewal/", {"on": "yes"}, follow=True).content.decode()
    assert "Automatic renewal is on." in page and "was switched on." in page
    assert "Cancel Hosting Garden" in client.post(f"{at}cancel/").content.decode()
    client.post(f"{at}cancel/", {"confirmed": "yes"})
    hosting.refresh_from_db()
    assert hosting.cancelled_at and not hosting.auto_renew
    client.post(f"{at}keep/")
    hosting.refresh_from_db()
    assert not hosting.cancelled_at
    done = ["auto_renewal_on", "auto_renewal_off", "service_cancelled", "service_kept"]
    assert actions(*done) == done
    for event in Event.objects.filter(action__in=done):
        assert (event.details["code"], event.details["session"]) == (session.code_id, session.pk)
        assert (event.by_staff, event.customer_id, event.user_id) == (True, session.customer_id, owner.pk)
    made = timezone.localtime(session.code.created_at)
    history = text(client_of(owner), "/history/")
    assert f"Support: Sylwia Support, by the authorization code of Anna Owner made at {made:%H:%M}" in history


def test_support_changes_the_billing_address(call, client_of, owner, customer):
    client, session = call
    page = text(client, f"/desk/caller/{session.pk}/billing/")
    assert "Billing address" in page and actions("staff_looked") == ["staff_looked"]
    data = {"street": "ul. Polna 2", "postal_code": "80-244", "city": "Gdańsk", "country": "PL"}
    answer = client.post(f"/desk/caller/{session.pk}/billing/", data | {"city": ""})
    assert "error" in answer.content.decode() and actions("billing_changed") == []
    assert "Changes saved." in client.post(f"/desk/caller/{session.pk}/billing/", data, follow=True).content.decode()
    customer.refresh_from_db()
    assert customer.street == "ul. Polna 2"
    event = Event.objects.get(action="billing_changed")
    assert event.details["code"] == session.code_id
    assert set(event.details["fields"]) == {"street", "postal_code", "city"}
    words = "Billing data were changed: street and number, postal code, city."
    assert words in text(client_of(owner), "/history/")


def test_support_types_a_polish_postal_code_as_customers_do(call, customer):
    client, session = call
    data = {"street": "ul. Polna 2", "city": "Gdańsk", "country": "PL"}
    page = client.post(f"/desk/caller/{session.pk}/billing/", data | {"postal_code": "8024"}).content.decode()
    assert "Type a Polish postal code" in page and actions("billing_changed") == []
    client.post(f"/desk/caller/{session.pk}/billing/", data | {"postal_code": "80 244"})
    customer.refresh_from_db()
    assert customer.postal_code == "80-244"


def test_nobody_becomes_another_buyer_by_a_code(call, customer):
    """Who stands on invoices, and with which tax numbers, is changed in the panel by who signs in."""
    client, session = call
    address = {"street": "ul. Polna 2", "postal_code": "80-244", "city": "Gdańsk", "country": "PL"}
    buyer = {"kind": "private", "name": "Somebody Else", "tax_id": "1234563218", "eu_vat": "DE136695976"}
    before = {name: getattr(customer, name) for name in buyer}
    client.post(f"/desk/caller/{session.pk}/billing/", address | buyer)
    customer.refresh_from_db()
    assert customer.street == "ul. Polna 2"
    assert {name: getattr(customer, name) for name in buyer} == before


def test_an_address_in_poland_needs_the_nip_of_a_company(call, customer):
    client, session = call
    type(customer).objects.filter(pk=customer.pk).update(kind="company", tax_id="", country="DE")
    address = {"street": "ul. Polna 2", "postal_code": "80-244", "city": "Gdańsk", "country": "PL"}
    page = client.post(f"/desk/caller/{session.pk}/billing/", address).content.decode()
    assert "Invoices to a company in Poland need its NIP." in page
    assert type(customer).objects.get(pk=customer.pk).country == "DE"


@pytest.fixture
def document(owner, hosting):
    """A proforma for the renewal of the hosting."""
    return begun(owner, hosting).parts.get().receivable.document


def test_support_sends_an_invoice_again(call, client_of, owner, document):
    client, session = call
    page = text(client, f"/desk/caller/{session.pk}/documents/")
    assert document.number in page and "Send again" in page
    answer = client.post(f"/desk/caller/{session.pk}/documents/{document.pk}/send/", follow=True)
    assert f"Document {document.number} is being sent again." in answer.content.decode()
    event = Event.objects.get(action="document_sent_again")
    assert event.details["code"] == session.code_id
    history = text(client_of(owner), "/history/")
    assert "Support opened the list of your invoices." in history and f"{document.number} again" in history


def test_documents_are_not_sent_again_and_again(call, document):
    client, session = call
    url = f"/desk/caller/{session.pk}/documents/{document.pk}/send/"
    pages = [client.post(url, follow=True).content.decode() for _ in range(SENT_AGAIN.most + 1)]
    assert "is being sent again" in pages[-2] and "sent again too often" in pages[-1]
    assert Event.objects.filter(action="document_sent_again").count() == SENT_AGAIN.most


def test_what_a_standard_sub_user_may_not_do_their_code_does_not_let_support_do(
    client_of, support, standard, hosting, document
):
    client, session = open_call(client_of(support), standard)
    at = f"/desk/caller/{session.pk}/"
    page = text(client, at) + text(client, f"{at}services/{hosting.pk}/")
    for word in ("Change the billing address", "Invoices", "What happens at the end", document.number):
        assert word not in page
    refused = [client.get(f"{at}documents/"), client.get(f"{at}billing/"), client.post(f"{at}billing/", {})]
    for act in ("automatic-renewal", "cancel", "keep"):
        refused.append(client.post(f"{at}services/{hosting.pk}/{act}/", {"on": "yes", "confirmed": "yes"}))
    assert [answer.status_code for answer in refused] == 6 * [403]
    assert client.post(f"{at}documents/{document.pk}/send/").status_code == 404
    standard.membership.permissions = ["invoices"]
    standard.membership.save()
    assert document.number in text(client, f"{at}documents/")
    standard.membership.permissions = []
    standard.membership.save()
    assert client.get(f"{at}documents/").status_code == 403


def test_a_document_and_a_service_of_another_customer_are_not_there(call, stranger):
    client, session = call
    theirs = begun(stranger, stranger.service).parts.get().receivable.document
    assert client.post(f"/desk/caller/{session.pk}/documents/{theirs.pk}/send/").status_code == 404
    for act in ("automatic-renewal", "cancel", "keep"):
        address = f"/desk/caller/{session.pk}/services/{stranger.service.pk}/{act}/"
        assert client.post(address, {"on": "yes", "confirmed": "yes"}).status_code == 404
    assert actions("document_sent_again", "auto_renewal_on", "service_cancelled") == []
