"""Mails made to keep the panel busy or to fill its memory: each is read or refused at once, and none is lost."""

import time

import pytest

from tickets.incoming import take
from tickets.models import IncomingMail

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

GENERAL = "support@example.com"
# Of each; one that takes a second here takes minutes when it is as large as mails may be.
SIZE = 512 * 1024
SECONDS = 4
FROM = b"From: zofia@elsewhere.example\nSubject: Help\n"


def much(piece):
    """The piece again and again."""
    return piece * (SIZE // len(piece))


def within(depth, content):
    """Parts within parts; the innermost holds the content."""
    outer = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return FROM + outer + b"\n" + content


MAILS = {
    "semicolons in a header": FROM + b"Content-Type: multipart/mixed" + much(b";") + b"\n\nHelp",
    "semicolons and quotes": FROM + b"Content-Disposition: attachment" + much(b';"') + b"\n\nHelp",
    "very many headers": FROM + much(b"To: a@b.example\n") + b"\n\nHelp",
    "a slow encoding": FROM + b"Content-Type: text/plain; charset=punycode\n\n" + much(b"abcdefgh"),
    "lines in ninety parts within each other": within(90, much(b"\n")),
    "lines in three hundred parts within each other": within(300, much(b"\n")),
    "a report of very many blocks": FROM + b"Content-Type: message/delivery-status\n\n" + much(b"a:b\n\n"),
    "mails within mails": FROM + b"Content-Type: message/rfc822\n\n" * 99 + much(b"Help\n"),
} | {
    f"HTML {words}": FROM + b"Content-Type: text/html\n\nHelp " + much(words.encode())
    for words in ["<", "<a ", "<!--", "<![CDATA[", "</", '<a="', "<a b='", "<?", "<!d", "&#1", "<blockquote>x"]
}


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
def test_a_mail_made_to_keep_us_busy_does_not(category, raw):
    began = time.process_time()
    row = take(raw, recipients=[GENERAL])
    assert time.process_time() - began < SECONDS
    assert row.message or row.reason in ("too_many_parts", "too_large")


def test_a_mail_of_more_lines_than_a_person_writes_is_kept_for_support(category):
    row = take(FROM + b"\n" + b"\r" * 600_000, recipients=[GENERAL])
    assert (row.state, row.reason) == ("refused", "too_large")
    assert IncomingMail.objects.get().raw


def test_a_text_that_nobody_reads_in_a_thread_comes_as_a_file(category):
    row = take(FROM + b"\n" + b"All of my log.\n" * 100_000, recipients=[GENERAL])
    assert row.message.text == ""
    with row.message.attachments.get().file.open() as file:
        assert file.read().count(b"All of my log.") == 100_000
