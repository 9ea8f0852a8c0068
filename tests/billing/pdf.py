"""Documents as PDF: what their readers see on paper."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import typst
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image
from pypdf import PdfReader

from accounts.models import Provider
from billing import correcting, pdfs, transfers
from billing.invoicing import Line, issue
from billing.models import Document
from billing.parties import Buyer
from billing.typesetting import content, letters, pages

ACCOUNT = "PL61109010140000071219812874"


@pytest.fixture
def seller(provider):
    """The provider with all that stands on a document."""
    provider.bank_account, provider.bank_name = ACCOUNT, "Bank Przykładowy"
    provider.registry, provider.accent = "KRS 0000123456, REGON 220000000", "#0f5a47"
    provider.save()
    return provider


@pytest.fixture
def make(company, seller):
    """`make(*lines)` issues a document to the cast's customer; whatever is told otherwise is told by name."""
    company.provider = seller

    def make(*lines, kind="invoice", buyer=None, language="pl", from_gross=False, **fields):
        data = Buyer.of(company).data() | (buyer or {})
        if kind == "proforma":
            fields = {"due_on": date(2026, 12, 5)} | fields
        else:
            fields = {"paid_on": date(2026, 11, 28), "paid_by": "transfer", "supplied_on": date(2026, 11, 28)} | fields
        return issue(
            kind, company, buyer=data, lines=lines or [line()], from_gross=from_gross, language=language, **fields
        )

    return make


def line(name="Hosting Pro", price="100.00", rate="23", quantity="1", **fields):
    return Line(
        name=name,
        quantity=Decimal(quantity),
        unit="szt.",
        price=Decimal(price),
        tax_rate=rate,
        tax_point="period",
        period_from=date(2026, 12, 1),
        period_to=date(2027, 11, 30),
        **fields,
    )


def sheets(document):
    """The text of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdfs.make(document))).pages]


def text(document):
    return " ".join(sheets(document))


def assert_says(document, *words):
    said = text(document)
    assert [word for word in words if word not in said] == []


def test_a_proforma_says_what_it_is_and_how_to_pay_it(make):
    proforma = make(line(), line("Domena ogrody.example", "59.90"), kind="proforma")
    assert_says(
        proforma,
        "Faktura pro forma",
        f"PRO/1/{proforma.year}",
        "To nie jest faktura VAT",
        "Termin płatności 05.12.2026",
        "Do zapłaty 196,68 zł",
        "sto dziewięćdziesiąt sześć złotych 68/100",
        "Numer rachunku 61 1090 1014 0000 0712 1981 2874",
        "Bank Przykładowy",
        f"Tytuł przelewu PRO/1/{proforma.year}",
        f"/invoices/{proforma.pk}/",
    )
    code = transfers.qr(proforma.seller, proforma.gross, proforma.number)
    assert content.of(proforma)["qr"] == transfers.svg(code)


def test_a_proforma_without_an_account_shows_where_to_pay_online(make, seller):
    seller.bank_account = ""
    proforma = make(kind="proforma")
    assert_says(proforma, "Lub zapłać online")
    assert "Numer rachunku" not in text(proforma)
    assert content.of(proforma)["qr"] == ""


def test_an_invoice_says_all_that_the_law_asks_for(make):
    invoice = make(line(pkwiu="63.11.12", gtu="GTU_12"), proforma=make(kind="proforma"))
    assert_says(
        invoice,
        "Faktura VAT",
        f"FV/1/{invoice.year}",
        "Sprzedawca Example Hosting sp. z o.o. ul. Prosta 1 00-001 Warszawa NIP 5260250274",
        "Nabywca Ogrody Anny ul. Lipowa 1 80-244 Gdańsk NIP 5252344078 Numer klienta 1000001",
        "Data wykonania usługi lub zapłaty 28.11.2026",
        f"Pro forma PRO/1/{invoice.year}",
        "Cena netto",
        "1 Hosting Pro",
        "01.12.2026 – 30.11.2027 · PKWiU 63.11.12 · GTU_12",
        "1 szt. 100,00 23% 100,00",
        "23% 100,00 23,00 123,00",
        "sto dwadzieścia trzy złote 00/100",
        "Zapłacono dnia 28.11.2026: przelew bankowy",
        "Pozostało do zapłaty: 0,00 zł",
        "KRS 0000123456, REGON 220000000",
        "strona 1 z 1",
    )
    assert "Numer rachunku" not in text(invoice)


def test_a_reader_of_english_gets_english(make):
    assert_says(
        make(line(quantity="2.5", price="1200.00"), language="en"),
        "VAT invoice",
        "2.5 szt. 1,200.00 23% 3,000.00",
        "three thousand, six hundred and ninety zlotys 00/100",
        "Paid PLN 3,690.00",
        "Paid on 28 Nov 2026: bank transfer",
        "page 1 of 1",
    )


def test_a_private_person_reads_gross_prices_and_the_tax_in_them(make):
    person = {"kind": "private", "name": "Jan Kowalski", "tax_id": ""}
    invoice = make(line(price="123.00"), from_gross=True, buyer=person)
    assert_says(invoice, "Cena brutto", "Wartość brutto", "1 szt. 123,00 23% 123,00", "23% 100,00 23,00 123,00")
    assert text(invoice).count("NIP") == 1


def test_several_rates_are_summed_each_and_an_exemption_has_its_basis(make):
    invoice = make(line(), line(rate="8"), line(rate="zw", price="10.00"))
    assert_says(
        invoice,
        "23% 100,00 23,00 123,00 8% 100,00 8,00 108,00 zw. 10,00 0,00 10,00 Razem 210,00 31,00 241,00",
        "Podstawa zwolnienia z VAT: art. 43 ust. 1 ustawy o VAT",
    )


def test_split_payment_is_named_where_it_is_due(make):
    dear = line(price="15000.00", in_annex_15=True)
    assert_says(make(dear), "mechanizm podzielonej płatności")
    assert_says(make(dear, language="en"), "Split payment (mechanizm podzielonej płatności)")
    assert "podzielonej" not in text(make(line(in_annex_15=True)))


def test_a_correction_shows_before_after_and_the_difference(make):
    invoice = make(line(), line("Domena", "50.00"))
    correction = correcting.correct(invoice, {1: (1, Decimal(60))}, reason="Rabat", by=None)
    correction = Document.objects.get(pk=correction.pk)
    assert_says(
        correction,
        "Faktura korygująca",
        f"Faktura korygowana {invoice.number} z dnia",
        "Przyczyna korekty Rabat",
        "Przed korektą 1 szt. 100,00 23% 100,00",
        "Po korekcie 1 szt. 60,00 23% 60,00",
        "Różnica -40,00",
        "Bez zmian 1 szt. 50,00 23% 50,00",
        "23% -40,00 -9,20 -49,20",
        "Kwota korekty -49,20 zł",
        "minus czterdzieści dziewięć złotych 20/100",
    )


def test_a_corrected_buyer_is_shown_as_before_and_as_now(make, company):
    invoice = make()
    company.street = "ul. Nowa 2"
    correction = correcting.correct_buyer(invoice, Buyer.of(company), reason="Adres", by=None)
    assert_says(
        correction,
        "Nabywca Ogrody Anny ul. Nowa 2 80-244 Gdańsk",
        "Nabywca przed korektą Ogrody Anny, ul. Lipowa 1, 80-244 Gdańsk",
        "Kwota korekty 0,00 zł",
    )
    later = correcting.correct(invoice, {1: (1, Decimal(60))}, reason="Rabat", by=None)
    assert "przed korektą Ogrody" not in text(later)


def test_three_hundred_lines_go_over_numbered_pages(make):
    found = sheets(make(*(line(f"Domena numer-{n}.example") for n in range(1, 301))))
    assert len(found) > 8
    for number, sheet in enumerate(found, 1):
        assert f"strona {number} z {len(found)}" in sheet
        assert "Lp. Nazwa Ilość" in sheet or number == len(found)
    assert all(f"numer-{n}.example" in " ".join(found) for n in range(1, 301))
    assert "Zapłacono 36 900,00 zł" in found[-1].replace("\xa0", " ")


def test_long_names_stay_on_the_page(make):
    found = sheets(make(line("bardzodluganazwa" * 30, "99999999.99"), buyer={"name": "Spółka" * 30}))
    assert len(found) == 1
    said = found[0].replace("\u200b", "").replace(" ", "")
    assert "bardzodluganazwa" * 30 in said and "Spółka" * 30 in said


def test_letters_that_the_font_lacks_never_stop_a_document(make):
    hostile = "Ogrody 🌻 Anny محمد 東京 \u202e\x07\ufeff\ue000"
    invoice = make(line(hostile), buyer={"name": hostile, "line1": hostile})
    assert_says(invoice, "Nabywca Ogrody Anny ���� �� �", "1 Ogrody Anny ���� �� �")


def test_without_cleaning_they_would_stop_it(make, monkeypatch):
    monkeypatch.setattr(content, "printable", lambda words: words)
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        pdfs.make(make(line("Ogrody 🌻")))


def test_a_panic_within_the_typesetter_is_a_failure_like_any_other(make, monkeypatch):
    """Rust's panics are no Exception: one would end the worker, and the next one after it."""

    class PanicException(BaseException):
        pass

    class Compiler:
        def __init__(self, **kwargs):
            raise PanicException("index out of bounds")

    monkeypatch.setattr(typst, "Compiler", Compiler)
    with pytest.raises(RuntimeError, match="index out of bounds"):
        pdfs.make(make())


def test_what_looks_like_typesetting_is_printed_as_it_is(make):
    code = '#panic("x") $a$ *b* _c_ `d` @e = f \\u{41} "#sys.inputs"'
    assert_says(make(line(code)), code)


def test_every_letter_that_counts_as_printable_can_be_printed(make):
    alphabet = "".join(sorted(letters.known()))
    printed = "".join(letters.printable(letter) for letter in alphabet)
    assert set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöüßЖщΩ€„”–…") <= set(printed)
    pdfs.make(make(line(" ".join(printed)[:512]), buyer={"name": " ".join(printed)}))


@settings(max_examples=60)
@given(some.text(max_size=120))
def test_any_text_can_be_printed(words):
    said = letters.printable(words)
    assert set(said) <= letters.known() | {letters.BREAK}
    assert letters.printable(said) == said or letters.BREAK in said
    assert all(
        len(word) <= letters.LONGEST_WORD for word in said.replace(letters.BREAK, " ").replace("-", " ").split()
    )


def test_the_same_document_makes_the_same_bytes(make):
    proforma = make(kind="proforma")
    assert pdfs.make(proforma) == pdfs.make(Document.objects.get(pk=proforma.pk))


def test_a_document_is_fit_for_archives_and_can_be_read_out(make):
    invoice = make()
    reader = PdfReader(BytesIO(pdfs.make(invoice)))
    assert reader.metadata.title == f"Faktura VAT {invoice.number}"
    assert reader.metadata.author == "Example Hosting sp. z o.o."
    assert reader.trailer["/Root"]["/Lang"] == "pl"
    described = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in described and "<pdfuaid:part>1</pdfuaid:part>" in described


def test_only_the_fonts_of_the_project_are_used():
    assert pages.fonts().families() == ["Noto Sans"]
    assert (letters.FONTS / "OFL.txt").read_text().count("SIL OPEN FONT LICENSE") == 1


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_logo_takes_the_place_of_the_name(make, seller, kind):
    image = BytesIO()
    Image.new("RGB", (300, 100), "#c02030").save(image, kind)
    seller.logo.save(f"logo.{kind}", ContentFile(image.getvalue()))
    document = make()
    (page,) = PdfReader(BytesIO(pdfs.make(document))).pages
    assert len(page.images) == 1
    assert "Example Hosting Faktura" not in text(document)


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_a_logo_that_cannot_be_read_is_left_out(make, seller, damage):
    seller.logo.save("logo.png", ContentFile(b"no picture at all"))
    if damage == "gone":
        seller.logo.storage.delete(seller.logo.name)
    assert_says(make(), "Example Hosting Faktura VAT")


@pytest.mark.parametrize("accent", ["#000000", "#ffffff", "#ffff00"])
def test_any_accent_will_do(make, seller, accent):
    Provider.objects.update(accent=accent)
    seller.refresh_from_db()
    assert_says(make(), "Faktura VAT")
