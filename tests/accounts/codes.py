"""The authorization code (M15, M16, M17)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import codes, keys, limits
from accounts.models import AuthorizationCode, Customer, Event, Membership, SupportSession
from tests.cast import PASSWORD, member, user
from tests.together import meeting


def digits_on(page):
    """The code as it stands on the page, or None."""
    found = re.search(r'id="code"><span>(\d+)</span><span>(\d+)</span>', page.content.decode())
    return found and found[1] + found[2]


@pytest.fixture
def code(owner):
    _row, digits = codes.generate(owner.membership, by=owner)
    return digits


def wrong(code):
    """A code of the same length that is not this one."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def test_the_code_appears_after_the_password_and_again_after_a_reload(client_of, owner):
    browser = client_of(owner)
    page = browser.post("/authorization-code/", {"current_password": PASSWORD}, follow=True)
    digits = digits_on(page)
    assert re.fullmatch(r"\d{6}", digits)
    assert digits_on(browser.get("/authorization-code/")) == digits
    seconds = int(re.search(r'data-seconds="(\d+)"', page.content.decode())[1])
    assert 3590 <= seconds <= 3600


def test_another_session_does_not_see_the_digits(client_of, owner):
    client_of(owner).post("/authorization-code/", {"current_password": PASSWORD})
    page = client_of(owner).get("/authorization-code/")
    assert digits_on(page) is None
    assert "A code made in another session" in page.content.decode()


def test_neither_database_nor_session_holds_the_digits(client_of, owner):
    browser = client_of(owner)
    digits = digits_on(browser.post("/authorization-code/", {"current_password": PASSWORD}, follow=True))
    assert digits not in AuthorizationCode.objects.get().code_mac
    kept = browser.session["authorization_code"]
    assert digits not in str(kept)
    assert keys.decrypt(kept["digits"]) == digits


def test_a_wrong_password_makes_no_code(client_of, owner):
    page = client_of(owner).post("/authorization-code/", {"current_password": "Wrong-1234!"})
    assert "This is not your password." in page.content.decode()
    assert not AuthorizationCode.objects.exists()


def test_passwords_are_tried_ten_times(client_of, owner):
    browser = client_of(owner)
    for _number in range(10):
        browser.post("/authorization-code/", {"current_password": "Wrong-1234!"})
    page = browser.post("/authorization-code/", {"current_password": PASSWORD})
    assert "Too many wrong passwords" in page.content.decode()


def test_the_length_is_a_setting(settings, owner):
    settings.AUTHORIZATION_CODE_DIGITS = 8
    assert len(codes.generate(owner.membership, by=owner)[1]) == 8


def test_a_new_code_ends_the_old(owner, support, code):
    codes.generate(owner.membership, by=owner)
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller="1000001", code=code)


def test_revoking_ends_the_code_and_what_it_opened(client_of, owner, support, code):
    codes.check(staff=support, caller="1000001", code=code)
    client_of(owner).post("/authorization-code/revoke/")
    assert not SupportSession.open_for(support).exists()
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller="1000001", code=code)


@pytest.mark.parametrize(
    "caller", ["1000001", " 1 000 001 ", "anna", "ANNA", "+48 600 700 800", "600700800", "garden.example"]
)
def test_the_caller_is_found_by_number_login_phone_and_domain(owner, support, code, hosting, caller):
    owner.phone = "+48600700800"
    owner.save()
    assert (
        codes.check(staff=support, caller=caller, code=f"{code[:3]} {code[3:]}").customer == owner.membership.customer
    )


def test_a_code_works_many_times_in_its_hour_and_the_owner_hears_of_everybody_who_used_it(
    owner, support, code, mailbox
):
    for _number in range(12):
        codes.check(staff=support, caller="anna", code=code)
    assert [mail.subject for mail in mailbox("anna@example.com")] == ["Your authorization code was used"]
    codes.check(staff=user("sonia", is_support=True), caller="anna", code=code)
    assert len(mailbox("anna@example.com")) == 2
    with time_machine.travel(timezone.now() + timedelta(seconds=3601)), pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller="anna", code=code)


@pytest.mark.parametrize("caller", ["anna", "1000001", "nobody", "9999999", "olga"])
def test_wrong_code_unknown_caller_and_anothers_code_answer_alike(owner, support, stranger, code, caller):
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller=caller, code=wrong(code) if caller in ("anna", "1000001") else code)
    assert Event.objects.filter(action="code_wrong", by_id=support.pk).count() == 1


def test_five_wrong_ones_end_all_codes_of_the_customer_and_tell_their_owners(
    owner, administrative, support, code, mailbox
):
    _row, second = codes.generate(administrative.membership, by=administrative)
    for _number in range(5):
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller="1000001", code=wrong(code) if wrong(code) != second else "000000")
    for digits in (code, second):
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller="1000001", code=digits)
    for address in ("anna@example.com", "adam@example.com"):
        assert "your code has been ended" in mailbox(address)[-1].subject


def test_after_that_a_new_code_works(owner, support, code):
    for _number in range(5):
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller="anna", code=wrong(code))
    _row, fresh = codes.generate(owner.membership, by=owner)
    assert codes.check(staff=support, caller="anna", code=fresh)


def test_nobody_buys_more_tries_at_anothers_code_with_a_new_one_of_their_own(owner, standard, support, code):
    codes.generate(standard.membership, by=standard)
    for number in range(5):
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller="1000001", code=wrong(code))
        if number < 4:
            codes.generate(standard.membership, by=standard)
    assert not AuthorizationCode.objects.living().filter(membership=owner.membership).exists()


def test_a_login_like_a_customer_number_stands_in_nobodys_way(owner, stranger, support, code):
    stranger.login = "1000001"
    stranger.save()
    assert codes.check(staff=support, caller="1000001", code=code).customer == owner.membership.customer


def test_ten_wrong_ones_stop_the_member_of_staff(owner, support, code):
    for number in range(10):
        with pytest.raises(codes.WrongCode):
            codes.check(staff=support, caller=f"nobody{number}", code="000000")
    with pytest.raises(limits.TooMany):
        codes.check(staff=support, caller="anna", code=code)
    colleague = user("cezary", is_support=True)
    assert codes.check(staff=colleague, caller="anna", code=code)


def test_a_phone_of_two_customers_asks_for_the_number(owner, stranger, support, code):
    for person in (owner, stranger):
        person.phone = "+48600700800"
        person.save()
    with pytest.raises(codes.SeveralCustomers):
        codes.check(staff=support, caller="600 700 800", code=code)
    assert codes.check(staff=support, caller="1000001", code=code)


def test_the_code_of_a_blocked_sub_user_is_dead(client_of, owner, standard, support):
    _row, digits = codes.generate(standard.membership, by=standard)
    client_of(owner).post(f"/users/{standard.membership.pk}/block/")
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller="1000001", code=digits)


def test_the_customer_reads_all_of_it(client_of, owner, support, code):
    with pytest.raises(codes.WrongCode):
        codes.check(staff=support, caller="anna", code=wrong(code))
    codes.check(staff=support, caller="anna", code=code)
    page = client_of(owner).get("/history/").content.decode()
    for words in ("An authorization code was generated.", "wrong.", "of Anna Owner: right.", "Sylwia Support"):
        assert words in page


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_codes_made_at_once_one_lives(owner, together):
    together(8, lambda number: codes.generate(owner.membership, by=owner))
    assert AuthorizationCode.objects.count() == 8
    assert AuthorizationCode.objects.living().count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_made_at_once_would_live(owner, together, monkeypatch):
    """The negative control: each has ended what there was before either makes its own."""
    both_ended, new_digits = meeting(), codes.keys.new_digits
    monkeypatch.setattr(type(Membership.objects), "select_for_update", lambda rows, **options: rows.all())
    monkeypatch.setattr(codes.keys, "new_digits", lambda length: both_ended() or new_digits(length))
    together(2, lambda number: codes.generate(owner.membership, by=owner))
    assert AuthorizationCode.objects.living().count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_fifty_parallel_guesses_five_are_looked_at(owner, together, monkeypatch, code):
    staff = [user(f"staff{number}", is_support=True) for number in range(50)]
    looked_at = []
    monkeypatch.setattr("accounts.codes.keys.same", lambda typed, right: looked_at.append(typed) or typed == right)
    results = together(50, lambda n: codes.check(staff=staff[n], caller="anna", code=wrong(code)))
    assert all(isinstance(result, codes.WrongCode) for result in results), results
    assert len(looked_at) == limits.CODE_OF_CUSTOMER.most
    with pytest.raises(codes.WrongCode):
        codes.check(staff=user("late", is_support=True), caller="anna", code=code)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_counting_after_comparing_would_let_more_through(owner, together, monkeypatch, code):
    """The negative control: a counter that reads and then writes lets parallel guesses past the limit."""

    def read_then_write(limit, key):
        from django.db import connection

        if limit is not limits.CODE_OF_CUSTOMER:
            return 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count FROM accounts_limitcounter WHERE name = %s", [limit.name])
            row = cursor.fetchone()
            count = row[0] if row else 0
            if count >= limit.most:
                raise limits.TooMany(limit.seconds)
            cursor.execute("SELECT pg_sleep(0.05)")
            cursor.execute(
                "INSERT INTO accounts_limitcounter (name, key, count, started_at) VALUES (%s, %s, %s, 0) "
                "ON CONFLICT (name, key) DO UPDATE SET count = excluded.count",
                [limit.name, limits.digest(key), count + 1],
            )
        return count + 1

    looked_at = []
    monkeypatch.setattr("accounts.codes.keys.same", lambda typed, right: looked_at.append(typed) or typed == right)
    monkeypatch.setattr(limits.Limit, "charge", read_then_write)
    together(30, lambda n: attempt(n, wrong(code)))
    assert len(looked_at) > limits.CODE_OF_CUSTOMER.most


def attempt(number, digits):
    return codes.check(staff=user(f"staff{number}", is_support=True), caller="anna", code=digits)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [1, 3])
def test_of_fifty_guesses_at_fifty_customers_each_member_of_staff_has_ten(provider, together, monkeypatch, people):
    staff = [user(f"staff{number}", is_support=True) for number in range(people)]
    looked_at = guesses_at_fifty_customers(provider, together, monkeypatch, staff)
    assert len(looked_at) == people * limits.CODE_BY_STAFF.most


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_limit_of_staff_all_fifty_are_looked_at(provider, together, monkeypatch):
    """The negative control."""
    charge = limits.Limit.charge
    monkeypatch.setattr(
        limits.Limit, "charge", lambda limit, key: 1 if limit is limits.CODE_BY_STAFF else charge(limit, key)
    )
    staff = [user("staff", is_support=True)]
    assert len(guesses_at_fifty_customers(provider, together, monkeypatch, staff)) == 50


def guesses_at_fifty_customers(provider, together, monkeypatch, staff):
    """Every guess is wrong and goes to a customer of its own; returns those that were compared with a code."""
    people = []
    for number in range(50):
        customer = Customer.objects.create(provider=provider, number=3000000 + number, name=f"No {number}")
        people.append(member(customer, f"owner{number}", "Owner", "owner"))
    digits = [codes.generate(person.membership, by=person)[1] for person in people]
    looked_at = []
    monkeypatch.setattr("accounts.codes.keys.same", lambda typed, right: looked_at.append(typed) or typed == right)
    together(50, lambda n: codes.check(staff=staff[n % len(staff)], caller=str(3000000 + n), code=wrong(digits[n])))
    return looked_at


def test_very_many_wrong_ones_of_all_staff_raise_an_alarm(owner, code, caplog):
    for number in range(limits.CODE_ALL.most // 5 + 1):
        colleague = user(f"staff{number}", is_support=True)
        for _try in range(5):
            with pytest.raises(codes.WrongCode):
                codes.check(staff=colleague, caller=f"nobody{number}", code="000000")
    alarms = [line.getMessage() for line in caplog.records if line.levelname == "CRITICAL"]
    assert len(alarms) == 5 and "authorization-code-all" in alarms[0]


def test_right_ones_raise_no_alarm(owner, support, code, caplog, monkeypatch):
    monkeypatch.setattr(limits, "CODE_ALL", limits.Limit("authorization-code-all", 1, 3600))
    for _try in range(3):
        codes.check(staff=support, caller="anna", code=code)
    assert not [line for line in caplog.records if line.levelname == "CRITICAL"]


def test_staff_cannot_make_a_code(client_of, owner, support, administrator):
    for person in (support, administrator):
        assert client_of(person).post("/authorization-code/", {"current_password": PASSWORD}).status_code == 403
        with pytest.raises(PermissionDenied):
            codes.generate(owner.membership, by=person)
    assert not AuthorizationCode.objects.exists()


def test_staff_cannot_see_a_code(client_of, owner, support, administrator, code):
    """Neither the digits nor what is kept of them stand on any page of the desk or the administration about it."""
    session = codes.check(staff=support, caller="anna", code=code)
    assert AuthorizationCode not in admin.site._registry
    pages = [client_of(support).get(address) for address in ("/desk/caller/", f"/desk/caller/{session.pk}/")]
    browser = client_of(administrator)
    for address in ("supportsession/", f"supportsession/{session.pk}/change/", "event/", "outbox/", "limitcounter/"):
        pages.append(browser.get(f"/admin/accounts/{address}"))
    event = Event.objects.filter(action="code_right").get()
    pages.append(browser.get(f"/admin/accounts/event/{event.pk}/change/"))
    for page in pages:
        words = page.content.decode()
        assert code not in words and AuthorizationCode.objects.get().code_mac not in words
    for event in Event.objects.all():
        assert code not in str(event.details)
