"""What a mail repeats of earlier ones is parted from what was written, and nothing is lost."""

import time

import pytest

from tickets.incoming.quoting import MARK, part

REPEATED = "Proszę sprawdzić\nteraz."
QUOTED = "> Proszę sprawdzić\n> teraz."
GMAIL_PL = "W dniu sob., 21 lis 2026 o 10:12 Example Hosting <reply+1-abc@mail.panel.example> napisał(a):"
GMAIL_EN = "On Sat, Nov 21, 2026 at 10:12 AM Example Hosting <\nreply+1-abc@mail.panel.example> wrote:"
OUTLOOK_PL = (
    "Od: Example <a@b.example>\nWysłane: sobota, 21 listopada 2026 10:12\nDo: Anna\nTemat: [K7MX-4QTB] Odpowiedź"
)
OUTLOOK_EN = "From: Example <a@b.example>\nSent: Saturday, November 21, 2026 10:12 AM\nTo: Anna\nSubject: [K7MX-4QTB]"

ENDINGS = {
    "Gmail in Polish": f"{GMAIL_PL}\n\n{QUOTED}",
    "Gmail in English, broken over two lines": f"{GMAIL_EN}\n\n{QUOTED}",
    "quoted lines alone": QUOTED,
    "the iPhone": f"> On 21 Nov 2026, at 10:12, Example <a@b.example> wrote:\n>\n{QUOTED}",
    "Outlook in Polish": f"{'_' * 32}\n{OUTLOOK_PL}\n\n{REPEATED}",
    "Outlook without a divider": f"{OUTLOOK_EN}\n\n{REPEATED}",
    "an old Outlook": f"-----Original Message-----\n{OUTLOOK_EN}\n\n{REPEATED}",
    "an old Outlook in Polish": f"-----Wiadomość oryginalna-----\n{OUTLOOK_PL}\n\n{REPEATED}",
    "our own mark": f"{MARK}\n{REPEATED}",
    "our own mark in Polish": f"— Odpowiedź napisz powyżej tej linii —\n{REPEATED}",
    "our own mark within a quotation": f"{GMAIL_PL}\n> {MARK}\n{QUOTED}",
    "an attribution without quoted lines": f"{GMAIL_PL}\n\n    {REPEATED}",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_what_was_written_is_parted_from_what_is_repeated(ending):
    written, repeated = part(f"Dziękuję, działa.\n\nAnna\n\n{ending}\n")
    assert written == "Dziękuję, działa.\n\nAnna"
    assert repeated == ending.strip()


@pytest.mark.parametrize(
    "text",
    [
        "I agree to\n> point one\nbut not to\n> point two\nat all",
        "From: Monday on it is slow.\nWhy?",
        "He wrote:\nnothing",
        "-----\nA list below:\n- one",
        "",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert part(text) == (text, "")


def test_a_mail_that_is_a_quotation_as_a_whole_is_shown():
    assert part(f"{GMAIL_PL}\n{QUOTED}") == (f"{GMAIL_PL}\n{QUOTED}", "")


@pytest.mark.parametrize(
    "text",
    ["> " * 300_000, "On 1 " * 200_000, "On 1\n" * 200_000, "From: a\n" * 100_000, "_" * 1_000_000, ">\n" * 300_000],
    ids=["marks", "one line", "attributions", "headers", "divider", "quoted lines"],
)
def test_a_mail_made_to_keep_it_busy_does_not(text):
    began = time.process_time()
    part("Hello\n" + text)
    assert time.process_time() - began < 3
