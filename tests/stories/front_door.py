"""The first story, in Polish and in Chromium: register, sign in, let somebody in, write, phone, forget; a stranger.

One long test, because it is one story: each chapter stands on what the one before left behind.
"""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from accounts import keys
from accounts.models import AuthenticatorApp, Contact, Customer, Membership, User
from tests.browser.files import drop_files
from tests.cast import PASSWORD, service, user
from tests.stories.telling import link_in, menu, newest_mail, sign_in, toast
from tickets.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_PASSWORD = "Inne-5678!"


@pytest.fixture
def house(provider, terms, products, support, administrator):
    """A provider with products, a category and staff, and not one customer."""
    Category.objects.create(name_pl="Hosting i strony", name_en="Hosting", position=1)
    User.objects.filter(pk__in=[support.pk, administrator.pk]).update(language="pl")
    for person in (support, administrator):
        AuthenticatorApp.objects.create(user=person, seed=keys.encrypt(pyotp.random_base32()), last_step=0)
    return products


def registers(page):
    """1. A new customer registers and signs in by two steps."""
    page.goto("/")
    page.get_by_role("link", name="Zarejestruj się").click()
    page.get_by_label("Adres e-mail").fill("zofia@example.com")
    page.get_by_label("Login").fill("Zofia")
    page.get_by_label("Hasło", exact=True).fill("słabe")
    expect(page.locator("[data-rule=length]")).not_to_have_attribute("data-met", re.compile(".*"))
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_label("Powtórz hasło").fill(PASSWORD)
    page.get_by_label("akceptuję").check()
    page.get_by_role("button", name="Zarejestruj się").click()
    expect(page.get_by_text("zofia@example.com")).to_be_visible()
    page.goto(link_in(newest_mail("zofia@example.com")))
    page.get_by_role("button", name="Aktywuj konto").click()
    sign_in(page, "zofia")
    expect(page.get_by_role("heading", name="Strona główna")).to_be_visible()
    assert "Zalogowano się do panelu jako zofia" in newest_mail("zofia@example.com").body


def buys(products):
    """What the catalogue and the till will do one day: two services for the new customer."""
    customer = Customer.objects.get()
    customer.name = "Kwiaciarnia Zofia"
    customer.save()
    Contact.objects.create(customer=customer, kind="technical", name="Tomasz Techniczny", email="tomasz@example.com")
    hosting = service(customer, products["hosting"], "Hosting Róża", domain="roza.example")
    service(customer, products["voip"], "Telefon w kwiaciarni")
    return hosting


def lets_somebody_in(page, open_browser, hosting):
    """2. A sub-user for one service; the older link is dead, the newer one sets a password."""
    page.goto("/")
    menu(page, "Użytkownicy")
    page.get_by_role("link", name="Dodaj użytkownika").click()
    page.get_by_label("Login").fill("piotr")
    page.get_by_label("Imię i nazwisko").fill("Piotr Pomocnik")
    page.get_by_label("E-mail").fill("piotr@example.com")
    page.get_by_label("Standardowy").check()
    page.get_by_label("Zgłoszenia").check()
    page.get_by_role("button", name="Dodaj użytkownika").click()
    page.get_by_label("Hosting Róża").check()
    page.get_by_role("button", name="Zapisz zmiany").click()
    older = link_in(newest_mail("piotr@example.com"))

    menu(page, "Użytkownicy")
    row = page.get_by_role("row", name=re.compile("piotr"))
    expect(row.get_by_text("Użytkownik nie dokończył procesu aktywacji")).to_be_visible()
    row.get_by_text("Opcje").click()
    row.get_by_role("button", name="Wyślij ponownie maila do aktywacji").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("piotr@example.com")
    dialog.get_by_role("button", name="Wyślij").click()
    toast(page, "piotr@example.com")

    his = open_browser(width=390)
    his.watch.expect_status(410)
    his.goto(older)
    expect(his.get_by_role("heading", name="Ten link już nie działa")).to_be_visible()
    his.goto(link_in(newest_mail("piotr@example.com")))
    his.get_by_label("Nowe hasło", exact=True).fill(PASSWORD)
    his.get_by_label("Powtórz hasło").fill(PASSWORD)
    his.get_by_role("button", name="Ustaw hasło").click()
    sign_in(his, "piotr")
    expect(his.get_by_role("main")).to_contain_text("Hosting Róża")
    expect(his.get_by_role("main")).not_to_contain_text("Telefon w kwiaciarni")
    return his


def administrator_does_the_same(open_browser):
    """2b. The same in Django admin."""
    page = open_browser()
    sign_in(page, "aleks")
    page.goto("/admin/accounts/membership/add/")
    page.locator("#id_customer").evaluate(
        "(select, [value, text]) => select.append(new Option(text, value, true, true))",
        [str(Customer.objects.get(name="Kwiaciarnia Zofia").pk), "Kwiaciarnia Zofia"],
    )
    for field, value in [("login", "hania"), ("name", "Hania Nowa"), ("email", "hania@example.com")]:
        page.locator(f"#id_{field}").fill(value)
    page.locator("#id_role").select_option("standard")
    page.locator("[name=_save]").click()
    page.goto("/admin/accounts/membership/?activated=no")
    expect(page.locator("#result_list")).to_contain_text("hania")
    older = link_in(newest_mail("hania@example.com"))
    page.locator("#result_list [name=_selected_action]").check()
    page.locator("select[name=action]").select_option("resend")
    page.locator("[name=index]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert link_in(newest_mail("hania@example.com")) != older


def writes_to_support(page, hers, tmp_path):
    """3. A message with two files dragged in, an answer by mail and in the panel, new until it is read."""
    (tmp_path / "zrzut.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 5000)
    (tmp_path / "opis błędu.txt").write_text("Błąd 500 na stronie głównej.")
    page.goto("/")
    menu(page, "Wiadomości i komunikaty")
    page.get_by_role("main").get_by_role("link", name="Nowa wiadomość").first.click()
    page.get_by_label("Kategoria").select_option(label="Hosting i strony")
    page.get_by_label("Usługa").select_option(label="Hosting Róża (roza.example)")
    page.get_by_label("Temat").fill("Strona nie działa")
    page.get_by_label("Treść wiadomości").fill("Od rana widzę błąd 500.")
    expect(page.get_by_text("Upuść pliki tutaj").first).to_be_visible()
    drop_files(page, [tmp_path / "zrzut.png", tmp_path / "opis błędu.txt"])
    expect(page.locator("input[name=attachment]")).to_have_count(2)
    page.get_by_role("button", name="Wyślij").last.click()
    expect(page.get_by_role("main")).to_contain_text("opis błędu.txt")

    hers.goto("/desk/")
    hers.get_by_role("link", name="Strona nie działa").click()
    expect(hers.get_by_role("main")).not_to_contain_text("tomasz@example.com")
    hers.get_by_label("Treść wiadomości").fill("Już działa: brakowało pamięci.")
    hers.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(hers.get_by_role("main")).to_contain_text("brakowało pamięci")
    assert "brakowało pamięci" in newest_mail("zofia@example.com").body

    menu(page, "Wiadomości i komunikaty")
    row = page.locator("tr", has_text="Strona nie działa")
    expect(row).to_have_class(re.compile("is-new"))
    row.get_by_role("link", name="Strona nie działa").click()
    expect(page.get_by_role("main")).to_contain_text("brakowało pamięci")
    menu(page, "Wiadomości i komunikaty")
    expect(page.locator("tr", has_text="Strona nie działa")).not_to_have_class(re.compile("is-new"))


def writes_about_another_service(page):
    """3b. A thread that the sub-user must not see."""
    page.goto("/messages/new/")
    page.get_by_label("Kategoria").select_option(label="Hosting i strony")
    page.get_by_label("Usługa").select_option(label="Telefon w kwiaciarni")
    page.get_by_label("Temat").fill("Telefon milczy")
    page.get_by_label("Treść wiadomości").fill("Nikt nie może się dodzwonić.")
    page.get_by_role("button", name="Wyślij").last.click()
    expect(page.get_by_role("heading", name="Telefon milczy")).to_be_visible()
    return page.url


def sub_user_reads(his, hidden):
    """3c. Threads of the one service, and none else."""
    his.watch.expect_status(404)
    his.goto("/messages/")
    expect(his.get_by_role("main")).to_contain_text("Strona nie działa")
    expect(his.get_by_role("main")).not_to_contain_text("Telefon milczy")
    assert his.goto(hidden).status == 404


def phones(page, hers):
    """4. The code: made with the password, read out, checked wrong and right, and read in the history."""
    page.goto("/")
    menu(page, "Kod autoryzujący")
    page.get_by_label("Twoje hasło do panelu").fill(PASSWORD)
    page.get_by_role("button", name="Generuj kod").click()
    code = page.locator("#code").inner_text()
    code = re.sub(r"\s", "", code)
    assert re.fullmatch(r"\d{6}", code)
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"^Kod jest ważny jeszcze przez (59|60):\d\d\.$"))

    number = str(Customer.objects.get(name="Kwiaciarnia Zofia").number)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for typed in (wrong, code):
        hers.goto("/desk/caller/")
        hers.get_by_label("Kto dzwoni").fill(number)
        hers.get_by_label("Kod autoryzujący").fill(typed)
        hers.get_by_role("button", name="Sprawdź kod").click()
        if typed == wrong:
            expect(hers.get_by_role("main")).to_contain_text("Poproś")
    main = hers.get_by_role("main")
    for words in ("Hosting Róża", "Telefon w kwiaciarni", "tomasz@example.com"):
        expect(main).to_contain_text(words)
    hers.get_by_label("O co prosi klient").fill("Prosi o kontakt po 15:00.")
    hers.get_by_role("button", name="Zapisz dyspozycję").click()

    menu(page, "Historia")
    main = page.get_by_role("main")
    for words in ("błędny", "poprawny", "Prosi o kontakt po 15:00.", "Sylwia Support"):
        expect(main).to_contain_text(words)


def forgets_the_password(open_browser):
    """5. A mail lets the customer in again, by both steps."""
    page = open_browser(width=390)
    page.goto("/sign-in/")
    page.get_by_role("link", name="Zapomniałeś hasła?").click()
    page.get_by_label("Login lub adres e-mail").fill("zofia@example.com")
    page.get_by_role("button", name="Wyślij e-mail").click()
    expect(page.get_by_role("heading", name="Sprawdź skrzynkę e-mail")).to_be_visible()
    page.goto(link_in(newest_mail("zofia@example.com")))
    page.get_by_label("Nowe hasło", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Powtórz hasło").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Ustaw hasło").click()
    sign_in(page, "zofia", NEW_PASSWORD)
    expect(page.get_by_role("heading", name="Strona główna")).to_be_visible()


def stranger_sees_nothing(open_browser, addresses):
    """6. Another customer finds none of it under any address."""
    customer = Customer.objects.create(provider=Customer.objects.first().provider, name="Obcy")
    person = user("obcy", "Olaf Obcy")
    Membership.objects.create(user=person, customer=customer, role="owner")
    page = open_browser()
    page.watch.expect_status(404)
    sign_in(page, "obcy")
    for address in addresses:
        assert page.goto(address).status == 404, address
    for address in ("/", "/services/", "/messages/", "/users/", "/history/", "/contacts/"):
        page.goto(address)
        for words in ("Róża", "Kwiaciarnia", "Strona nie działa", "piotr", "tomasz@"):
            expect(page.locator("body")).not_to_contain_text(words)


def test_the_front_door(house, open_browser, tmp_path):
    page = open_browser()
    registers(page)
    hosting = buys(house)
    his = lets_somebody_in(page, open_browser, hosting)
    administrator_does_the_same(open_browser)
    hers = open_browser()
    sign_in(hers, "sylwia")
    writes_to_support(page, hers, tmp_path)
    thread = page.get_by_role("link", name="Strona nie działa").get_attribute("href")
    hidden = writes_about_another_service(page)
    sub_user_reads(his, hidden)
    phones(page, hers)
    call = hers.url
    forgets_the_password(open_browser)
    piotr = Membership.objects.get(user__login="piotr")
    contact = Contact.objects.get()
    addresses = [
        thread,
        hidden,
        call,
        f"/services/{hosting.pk}/",
        f"/users/{piotr.pk}/",
        f"/users/{piotr.pk}/services/",
        f"/contacts/{contact.pk}/",
        "/desk/",
    ]
    stranger_sees_nothing(open_browser, addresses)
