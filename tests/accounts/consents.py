"""What people agree to: the mailing list and newer terms, with version, time and how."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import consents
from accounts.models import Consent, Event, Terms, TermsAcceptance, User
from tests.accounts.reading import code_in
from tests.cast import PASSWORD, signed_in

FORM = {"name": "Anna Owner", "phone": "", "language": "en"}


@pytest.fixture
def newer(owner):
    """A version of the terms that came into force after the owner had accepted the one before."""
    return Terms.objects.create(version="2.0", text_pl="Nowy regulamin.", text_en="Be kinder.")


@pytest.fixture
def sign_in(anonymous, mailbox):
    """`sign_in(login)` takes both steps and returns where that leads."""

    def sign_in(login, next=""):
        anonymous.post("/sign-in/", {"login": login, "password": PASSWORD, "next": next})
        return anonymous.post("/sign-in/code/", {"code": code_in(mailbox(f"{login}@example.com")[-1])})["Location"]

    return sign_in


class TestTheMailingList:
    def test_joined_and_left_on_the_page(self, client_of, owner):
        browser = client_of(owner)
        assert "Mailing list" in browser.get("/data/").content.decode()
        browser.post("/data/edit/", FORM | {"mailing": "on"})
        consent = Consent.objects.get(user=owner)
        assert (consent.version, consent.given_how, consent.ip) == ("1", "page", "127.0.0.1")
        assert consent.text.startswith("I want news and offers by e-mail.")
        assert "yes, since" in browser.get("/data/").content.decode()
        browser.post("/data/edit/", FORM | {"mailing": "on"})
        assert Consent.objects.count() == 1, "saving the form again gives nothing twice"
        browser.post("/data/edit/", FORM)
        consent.refresh_from_db()
        assert consent.withdrawn_at and consent.withdrawn_how == "page"
        words = browser.get("/history/").content.decode()
        assert "The mailing list was joined." in words and "The mailing list was left." in words

    def test_joining_again_is_another_row(self, owner):
        for _time in range(2):
            consents.give(owner, Consent.Kind.MAILING, how="page", by=owner)
            consents.withdraw(owner, Consent.Kind.MAILING, how="link", by=None)
            consents.withdraw(owner, Consent.Kind.MAILING, how="page", by=owner)
        assert list(Consent.objects.values_list("withdrawn_how", flat=True)) == ["link", "link"]
        assert Event.objects.filter(action="mailing_left").count() == 2

    @pytest.mark.parametrize("ticked", [True, False])
    def test_offered_at_registration_and_not_ticked(self, anonymous, terms, ticked):
        page = anonymous.get("/register/").content.decode()
        assert 'name="mailing"' in page and 'id="id_mailing" checked' not in page
        form = {"email": "new@example.com", "login": "newcomer", "password": "Kwiat-1234!", "language": "en"}
        form |= {"repeated": form["password"], "accepted": "on"} | ({"mailing": "on"} if ticked else {})
        assert anonymous.post("/register/", form).status_code == 302
        assert [row.given_how for row in Consent.objects.all()] == ["registration"] * ticked

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_two_tabs_join_once(self, owner, together):
        together(8, lambda number: consents.give(owner, Consent.Kind.MAILING, how="page", by=owner))
        assert Consent.objects.count() == 1


class TestNewerTerms:
    def test_are_shown_once_after_signing_in_and_the_acceptance_is_kept(self, sign_in, anonymous, newer, owner):
        where = sign_in("anna", next="/services/")
        assert where == "/terms/accept/?next=%2Fservices%2F"
        page = anonymous.get(where).content.decode()
        assert "Be kinder." in page and "I accept" in page and "/data/close/" in page
        answer = anonymous.post("/terms/accept/", {"version": newer.pk, "next": "/services/"})
        assert answer["Location"] == "/services/"
        acceptance = TermsAcceptance.objects.get(terms=newer)
        assert (acceptance.user, acceptance.how, acceptance.ip) == (owner, "notice", "127.0.0.1")
        assert "Version 2.0 of the terms of service was accepted." in anonymous.get("/history/").content.decode()
        assert anonymous.get(where)["Location"] == "/services/"

    def test_who_does_not_accept_reaches_everything_and_is_asked_again(self, sign_in, anonymous, newer):
        where = sign_in("anna")
        anonymous.get(where)
        for page in ("/", "/data/close/", "/data/export/", "/invoices/", "/security/"):
            assert anonymous.get(page).status_code == 200
        assert not TermsAcceptance.objects.filter(terms=newer).exists()
        anonymous.post("/sign-out/")
        assert sign_in("anna").startswith("/terms/accept/")

    def test_who_accepted_already_goes_on(self, sign_in, owner):
        assert sign_in("anna") == "/"

    def test_only_the_owner_is_asked(self, sign_in, newer, administrative):
        assert sign_in("adam") == "/"

    def test_a_version_that_is_not_in_force_yet_waits(self, sign_in, newer):
        Terms.objects.filter(pk=newer.pk).update(published_at=timezone.now() + timedelta(days=1))
        assert sign_in("anna") == "/"

    @pytest.mark.parametrize("version", ["", "x", "older"])
    def test_what_is_accepted_is_what_was_shown(self, client_of, owner, terms, newer, version):
        browser = client_of(owner)
        page = browser.post("/terms/accept/", {"version": terms.pk if version == "older" else version})
        assert page.status_code == 200 and "Be kinder." in page.content.decode()
        assert not TermsAcceptance.objects.filter(terms=newer).exists()

    def test_it_leads_to_no_strangers_page(self, client_of, owner, newer):
        answer = client_of(owner).post("/terms/accept/", {"version": newer.pk, "next": "https://evil.example/"})
        assert answer["Location"] == "/"

    def test_twice_is_one_acceptance(self, owner, newer):
        for _time in range(2):
            consents.accept_terms(owner, newer)
        assert TermsAcceptance.objects.filter(terms=newer).count() == 1


def test_what_one_agreed_to_is_handed_out(owner, newer):
    from accounts import own_data

    consents.give(owner, Consent.Kind.MAILING, how="page", by=owner)
    assert own_data.consents(owner.membership).count() == 1
    assert own_data.acceptances(owner.membership).count() == 1


def test_the_words_are_kept_in_the_language_they_were_read_in(owner):
    User.objects.filter(pk=owner.pk).update(language="pl")
    owner.refresh_from_db()
    signed_in(owner).post("/data/edit/", FORM | {"language": "pl", "mailing": "on"})
    assert Consent.objects.get().text.startswith("Chcę otrzymywać")
