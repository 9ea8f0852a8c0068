"""Odd mails: what programs, people and attackers send. Each says what must become of it and what is to be read."""

import base64
import quopri
from dataclasses import dataclass

SENDER = "anna@example.com"
PROOF = "mx.panel.example; dmarc=pass header.from=example.com"
TO = "{to}"
PLAIN = "It works now."
POLISH = "Zażółć gęślą jaźń"

REPLY, TICKET = "reply", "ticket"


@dataclass(frozen=True)
class Odd:
    """A mail, and whether it becomes a reply, a ticket, or a refusal with a reason.

    `says` is to be found in the text of the message, `files` are the names of its attachments, `sender` who is
    shown as its author.
    """

    raw: bytes
    becomes: str = REPLY
    says: str = ""
    files: tuple = ()
    author: str = SENDER
    verified: bool = True
    envelope_from: str = SENDER

    def to(self, address):
        """The mail as it comes to this address."""
        return self.raw.replace(TO.encode(), address.encode())


CORPUS = {}


def odd(name, raw, becomes=REPLY, says="", **more):
    """Puts a mail into the corpus under what is odd about it."""
    assert name not in CORPUS, name
    raw = raw.replace(b"{id}", f"{len(CORPUS)}.odd".encode())
    CORPUS[name] = Odd(raw, becomes, says, **more)


def mail(body=PLAIN, *lines, charset="utf-8", **headers):
    """A mail as bytes; `lines` are headers as they are, `headers` replace the usual ones, None for none."""
    usual = {
        "Authentication_Results": PROOF,
        "From": f"Anna <{SENDER}>",
        "To": TO,
        "Subject": "Re: Slow pages",
        "Message_ID": "<{id}@mail.example>",
        "Date": "Sat, 21 Nov 2026 10:12:00 +0100",
        "MIME_Version": "1.0",
        "Content_Type": f"text/plain; charset={charset}",
    } | headers
    told = [
        as_bytes(name.replace("_", "-")) + b": " + as_bytes(value)
        for name, value in usual.items()
        if value is not None
    ]
    told += [as_bytes(line) for line in lines]
    return b"\r\n".join(told) + b"\r\n\r\n" + as_bytes(body) + b"\r\n"


def as_bytes(words):
    return words if isinstance(words, bytes) else words.encode()


def parts(*bodies, boundary="b", kind="mixed", **headers):
    """A mail of several parts; each is (headers, body)."""
    inner = b"".join(
        b"--" + boundary.encode() + b"\r\n" + as_bytes(head) + b"\r\n\r\n" + as_bytes(body) + b"\r\n"
        for head, body in bodies
    )
    inner += b"--" + boundary.encode() + b"--"
    return mail(inner, **{"Content_Type": f'multipart/{kind}; boundary="{boundary}"'} | headers)


TEXT = ("Content-Type: text/plain; charset=utf-8", PLAIN)


def file(name_header, content=b"content", kind="application/octet-stream", encoding="base64"):
    """A part that is a file, with a header of Content-Disposition as it is."""
    body = base64.encodebytes(content) if encoding == "base64" else content
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Disposition: {name_header}", body


def html(text, **headers):
    return mail(text, **{"Content_Type": "text/html; charset=utf-8"} | headers)


# --- Charsets and encodings --------------------------------------------------------------------
for charset in ("iso-8859-2", "windows-1250", "utf-8", "utf-16", "cp852"):
    odd(f"Polish in {charset}", mail(POLISH.encode(charset), charset=charset), says=POLISH)
odd("Polish in a charset that nobody knows", mail(POLISH, charset="x-unknown-8"), says=POLISH)
odd("Polish in another charset than it says", mail(POLISH, charset="us-ascii"), says=POLISH)
odd("bytes of windows-1250 called UTF-8", mail(POLISH.encode("windows-1250")), says=POLISH)
odd("no charset at all", mail(POLISH, Content_Type="text/plain"), says=POLISH)
odd("no content type", mail(POLISH, Content_Type=None, MIME_Version=None), says=POLISH)
odd("a charset with spaces and quotes", mail(PLAIN, Content_Type="text/plain; charset = ' utf-8 '"), says=PLAIN)
odd("a charset of thousands of letters", mail(PLAIN, charset="x" * 5000), says=PLAIN)
odd("a charset that is a codec of Python's", mail("SXQgd29ya3M=", charset="base64"), says="SXQgd29ya3M=")
odd("a charset that unpacks", mail(PLAIN, charset="zlib"), says=PLAIN)
odd("Japanese with escape sequences", mail("日本語".encode("iso-2022-jp"), charset="iso-2022-jp"), says="日本語")
odd("UTF-7", mail(b"Za+AXwA8wFCAQc- g", charset="utf-7"), says="Zażółć")
odd(
    "quoted-printable, soft breaks",
    mail(quopri.encodestring((POLISH + " " + "słowo " * 50).encode()), Content_Transfer_Encoding="quoted-printable"),
    says=POLISH,
)
odd(
    "broken quoted-printable", mail("It works=ZZ now.=", Content_Transfer_Encoding="quoted-printable"), says="It works"
)
odd("base64", mail(base64.encodebytes(POLISH.encode()), Content_Transfer_Encoding="base64"), says=POLISH)
odd("broken base64", mail(b"SXQgd29ya3Mg!!!bm93Lg=", Content_Transfer_Encoding="base64"), says="It works")
odd("base64 cut off", mail(b"SXQgd29ya3Mgbm93L", Content_Transfer_Encoding="base64"))
odd("an encoding that nobody knows", mail(PLAIN, Content_Transfer_Encoding="x-uuencode-2"), says=PLAIN)
odd(
    "uuencoded",
    mail(b"begin 644 a.txt\r\n-270@=V]R:W,@;F]W+@``\r\n`\r\nend", Content_Transfer_Encoding="x-uuencode"),
    says="It works",
)
odd(
    "flowed lines", mail("It works \r\nnow.", Content_Type="text/plain; charset=utf-8; format=flowed"), says="It works"
)
odd("NULs", mail(b"It\x00 works\x00 now."), says="It works now.")
odd("control characters", mail(b"\x1b[31mIt works\x07\x08 now."), says="It works")
odd("bidi marks", mail("It \u202eskrow\u202c \u2066works\u2069 now."), says="It skrow works now.")
odd("emoji", mail("Dzięki 👍🏽"), says="Dzięki 👍🏽")
odd("lone line feeds", mail().replace(b"\r\n", b"\n"), says=PLAIN)
odd("huge lines", mail("word " * 30_000), says="word word")

# --- Headers -----------------------------------------------------------------------------------
odd("no Message-ID", mail(Message_ID=None), says=PLAIN)
odd("an empty Message-ID", mail(Message_ID="", Date="Sat, 21 Nov 2026 10:13:00 +0100"), says=PLAIN)
odd("a Message-ID of thousands of letters", mail(Message_ID=f"<{'x' * 9000}@mail.example>"), says=PLAIN)
odd("two Message-IDs", mail(PLAIN, "Message-ID: <second@mail.example>"), says=PLAIN)
odd("no subject", mail(Subject=None), says=PLAIN)
odd("two subjects", mail(PLAIN, "Subject: Another"), says=PLAIN)
odd("no date", mail(Date=None), says=PLAIN)
odd("a date that is none", mail(Date="Blursday, 99 Foo 0000 99:99:99 +9999"), says=PLAIN)
odd("a date of the year 9999", mail(Date="Sat, 21 Nov 9999 10:12:00 +0100"), says=PLAIN)
odd("no To", mail(To=None), TICKET)
odd("no From", mail(From=None), "no_sender")
odd("two Froms", mail(PLAIN, "From: Zofia <zofia@elsewhere.example>"), "no_sender")
odd("two addresses in From", mail(From=f"{SENDER}, zofia@elsewhere.example"), "no_sender")
odd("a From that is no address", mail(From="Anna"), "no_sender")
odd("a From of a megabyte", mail(From="x" * 900_000 + f" <{SENDER}>"), "no_sender")
odd(
    "an address within the name",
    mail(From=f'"{SENDER}" <zofia@elsewhere.example>'),
    says=PLAIN,
    verified=False,
    author="zofia@elsewhere.example",
)
odd("a comment in From", mail(From=f"(support@example.com) {SENDER}"), says=PLAIN)
odd(
    "bidi marks in the name",
    mail(From=f"=?utf-8?b?{base64.b64encode('an‮na'.encode()).decode()}?= <{SENDER}>"),
    says=PLAIN,
)
odd(
    "8-bit bytes in headers",
    mail(From=f"Zażółć <{SENDER}>".encode(), Subject="Zażółć".encode("iso-8859-2")),
    says=PLAIN,
)
odd("an encoded word in a charset that nobody knows", mail(Subject="=?x-none?q?Za=BF?="), says=PLAIN)
odd("broken encoded words", mail(Subject="=?utf-8?b?!!!?= =?utf-8?q?=ZZ?= =?utf-8?x?a?= =?"), says=PLAIN)
odd("encoded line breaks in the subject", mail(Subject="=?utf-8?q?a=0D=0ABcc:_x@y.example?="), says=PLAIN)
odd("a folded subject", mail(Subject="Re:\r\n Slow\r\n\t pages"), says=PLAIN)
odd("a subject of a megabyte", mail(Subject="x" * 900_000), says=PLAIN)
odd("ten thousand headers", mail(PLAIN, *[f"X-Header-{n}: {n}" for n in range(10_000)]), says=PLAIN)
odd("ten thousand recipients", mail(Cc=", ".join(f"a{n}@mailto.example" for n in range(10_000))), says=PLAIN)
odd("lines that are no headers", mail(PLAIN, "This is no header", ": nor this", " nor this"), says="")
odd("an empty header block", b"\r\n\r\nHello", "no_sender")
odd("nothing at all", b"", "no_sender")
odd("only line breaks", b"\r\n" * 100, "no_sender")
odd("bytes by chance", bytes(range(256)) * 40, "no_sender")

# --- Parts -------------------------------------------------------------------------------------
odd(
    "text and HTML",
    parts(TEXT, ("Content-Type: text/html", "<p>It works <b>now</b>.</p>"), kind="alternative"),
    says=PLAIN,
)
odd("HTML before text", parts(("Content-Type: text/html", "<b>No</b>"), TEXT, kind="alternative"), says=PLAIN)
odd(
    "nested ten deep",
    mail(
        "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(10))
        + f"--b10\r\nContent-Type: text/plain\r\n\r\n{PLAIN}\r\n--b10--",
        Content_Type='multipart/mixed; boundary="b0"',
    ),
    says=PLAIN,
)
odd("a thousand parts", parts(*[TEXT] * 1000), "too_many_parts")
odd(
    "a thousand levels",
    mail(
        "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(1000)),
        Content_Type='multipart/mixed; boundary="b0"',
    ),
    "too_many_parts",
)
odd("no boundary", mail(f"--b\r\n\r\n{PLAIN}\r\n--b--", Content_Type="multipart/mixed"), says=PLAIN)
odd("another boundary", mail(f"--c\r\n\r\n{PLAIN}\r\n--c--", Content_Type="multipart/mixed; boundary=b"), says=PLAIN)
odd("a boundary that never ends", mail(f"--b\r\n\r\n{PLAIN}", Content_Type="multipart/mixed; boundary=b"), says=PLAIN)
odd("an empty multipart", mail("--b\r\n--b--", Content_Type="multipart/mixed; boundary=b"), "empty")
odd(
    "a multipart encoded as base64",
    mail(
        base64.encodebytes(b"--b\r\n\r\nHi\r\n--b--"),
        Content_Type="multipart/mixed; boundary=b",
        Content_Transfer_Encoding="base64",
    ),
    "reply",
)
odd("empty", mail(""), "empty")
odd("only spaces", mail(" \r\n\t\r\n\u00a0"), "empty")
odd("only a file", parts(file('attachment; filename="a.txt"', b"words")), files=("a.txt",))
odd("only a file without a name", parts(file("attachment", b"words")), files=("file.octet-stream",))
odd("only an empty file", parts(file('attachment; filename="a.txt"', b"")), "empty")
odd("an empty file", parts(TEXT, file('attachment; filename="a.txt"', b"")), says=PLAIN)
odd(
    "the whole mail is a file",
    mail(
        base64.encodebytes(b"%PDF-1.4 words"),
        Content_Type="application/pdf; name=a.pdf",
        Content_Transfer_Encoding="base64",
    ),
    files=("a.pdf",),
)
odd(
    "a file name after RFC 2231",
    parts(TEXT, file("attachment; filename*=UTF-8''za%C5%BC%C3%B3%C5%82%C4%87.txt")),
    says=PLAIN,
    files=("zażółć.txt",),
)
odd(
    "a file name in pieces",
    parts(TEXT, file("attachment; filename*0=very-; filename*1=long.txt")),
    files=("very-long.txt",),
)
odd(
    "a file name after RFC 2047",
    parts(TEXT, file('attachment; filename="=?utf-8?b?xbzDs8WCdy50eHQ=?="')),
    files=("żółw.txt",),
)
odd("a file name in 8 bits", parts(TEXT, file('attachment; filename="żółw.txt"')), says=PLAIN)
odd("a broken RFC 2231", parts(TEXT, file("attachment; filename*=x-none''%ZZ.txt")), says=PLAIN)
odd("a file name that is a path", parts(TEXT, file(r'attachment; filename="..\..\etc/passwd"')), files=("passwd",))
odd(
    "a file name that turns round",
    parts(TEXT, file("attachment; filename*=UTF-8''a%E2%80%AEtxt.exe")),
    files=("atxt.exe",),
)
odd("a file name of thousands of letters", parts(TEXT, file(f'attachment; filename="{"x" * 5000}.txt"')), says=PLAIN)
odd(
    "a file name with line breaks", parts(TEXT, file("attachment; filename*=UTF-8''a%0D%0ABcc%3A%20x.txt")), says=PLAIN
)
odd(
    "TNEF of Outlook",
    parts(TEXT, file("attachment; filename=winmail.dat", b"\x78\x9f\x3e\x22" * 50, "application/ms-tnef")),
    says=PLAIN,
    files=("winmail.dat",),
)
odd(
    "signed by S/MIME",
    parts(TEXT, file("attachment; filename=smime.p7s", b"\x30\x80", "application/pkcs7-signature"), kind="signed"),
    says=PLAIN,
    files=("smime.p7s",),
)
odd(
    "encrypted by S/MIME",
    mail(
        base64.encodebytes(b"\x30\x80" * 99),
        Content_Type="application/pkcs7-mime; name=smime.p7m",
        Content_Transfer_Encoding="base64",
    ),
    files=("smime.p7m",),
)
odd(
    "signed by PGP",
    parts(TEXT, file("inline; filename=signature.asc", b"-----BEGIN PGP", "application/pgp-signature"), kind="signed"),
    says=PLAIN,
    files=("signature.asc",),
)
odd(
    "an invitation",
    parts(
        TEXT, ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"), kind="alternative"
    ),
    says=PLAIN,
    files=("file.calendar",),
)
odd(
    "a forwarded mail",
    parts(TEXT, ("Content-Type: message/rfc822", mail("The mail within"))),
    says=PLAIN,
    files=("message.eml",),
)
odd(
    "a forwarded mail encoded as base64",
    parts(
        TEXT, ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", base64.encodebytes(mail("Within")))
    ),
    says=PLAIN,
)
odd(
    "a mail within a mail within a mail",
    parts(
        TEXT,
        ("Content-Type: message/rfc822", parts(TEXT, ("Content-Type: message/rfc822", mail("Deep")), boundary="c")),
    ),
    says=PLAIN,
)
odd("a partial message", mail(PLAIN, Content_Type='message/partial; number=1; total=2; id="x"'), REPLY)
odd(
    "an external body",
    mail(PLAIN, Content_Type='message/external-body; access-type=URL; URL="http://x.example/"'),
    REPLY,
)
odd(
    "a picture within the text",
    parts(
        ("Content-Type: text/html", '<p>It works now.<img src="cid:1"></p>'),
        (
            "Content-Type: image/png; name=a.png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64",
            base64.encodebytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 30),
        ),
        kind="related",
    ),
    says=PLAIN,
    files=("a.png",),
)
odd("a text called a program", mail(PLAIN, Content_Type="application/x-msdownload"))
odd("a content type that is none", mail(PLAIN, Content_Type="rubbish"), says=PLAIN)
odd("a content type of thousands of letters", mail(PLAIN, Content_Type="text/" + "x" * 5000))

# --- HTML --------------------------------------------------------------------------------------
odd(
    "HTML of Outlook",
    html(
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{margin:0}</style><!--[if gte mso 9]>'
        "<xml></xml><![endif]--></head><body><p class=MsoNormal>It works now.<o:p></o:p></p></body></html>"
    ),
    says=PLAIN,
)
odd(
    "HTML of Gmail",
    html(
        '<div dir="ltr">It works now.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Sat, '
        'Nov 21, 2026 at 10:12 AM Example &lt;<a href="mailto:a@b.example">a@b.example</a>&gt; wrote:<br></div>'
        '<blockquote class="gmail_quote">Try now.</blockquote></div>'
    ),
    says=PLAIN,
)
odd(
    "HTML of Apple Mail",
    html(
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word;">It works now.'
        '<div><br><blockquote type="cite"><div>On 21 Nov 2026, at 10:12, Example wrote:</div>'
        "</blockquote></div></body></html>"
    ),
    says=PLAIN,
)
odd("HTML that runs", html("<script>alert(1)</script><img src=x onerror=alert(1)>It works now."), says=PLAIN)
odd("HTML that never closes", html("<div>" * 20_000 + "It works now."), says=PLAIN)
odd("HTML of brackets", html("<" * 50_000 + " It works now."))
odd("HTML of unfinished comments", html("It works now.<!--" * 5_000), says=PLAIN)
odd("HTML with nothing to see", html("<html><head><title>x</title></head><body><img src=a></body></html>"), "empty")

# --- Machines and liars ------------------------------------------------------------------------
odd("an automatic answer", mail(Auto_Submitted="auto-replied"), "automatic")
odd("an automatic answer with a comment", mail(Auto_Submitted="Auto-Replied (vacation); owner=x"), "automatic")
odd("written by hand, as it says", mail(Auto_Submitted="no"), says=PLAIN)
odd(
    "a person's mail that wants no automatic answers",
    mail(PLAIN, "X-Auto-Response-Suppress: All"),
    says=PLAIN,
)
odd(
    "away, by Exchange",
    mail(Subject="Automatic reply: Slow pages", Auto_Submitted="auto-generated"),
    "automatic",
)
odd("away, by an old vacation program", mail(Precedence="bulk"), "automatic")
odd("away, by cPanel", mail(PLAIN, "X-Autorespond: Slow pages", "Precedence: auto_reply"), "automatic")
odd("away, by another program", mail(X_Autoreply="yes"), "automatic")
odd("away, by Zimbra", mail(PLAIN, "Auto-Submitted: auto-replied (zimbra; vacation)"), "automatic")
odd("a mailing list", mail(PLAIN, "List-Id: News <news.example>"), "automatic")
odd("a newsletter", mail(PLAIN, "List-Unsubscribe: <https://x.example/>"), "automatic")
odd("a notice without a sender", mail(), "automatic", envelope_from="")
odd("from one of our own addresses", mail(From=TO), "loop")
odd(
    "a report of a failure",
    parts(
        ("Content-Type: text/plain", "Could not be delivered"),
        (
            "Content-Type: message/delivery-status",
            "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\n"
            "Action: failed\r\nStatus: 5.1.1",
        ),
        kind="report; report-type=delivery-status",
        From="MAILER-DAEMON@mx.example",
    ),
    "bounce",
    envelope_from="",
)
odd(
    "a report that somebody has read it",
    parts(
        TEXT,
        ("Content-Type: message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed"),
        kind="report; report-type=disposition-notification",
    ),
    "bounce",
)
odd("a forged sender", mail(Authentication_Results=None), says=PLAIN, verified=False)
odd(
    "a word of another server",
    mail(Authentication_Results=PROOF.replace("mx.panel", "mx.attacker")),
    says=PLAIN,
    verified=False,
)
odd(
    "a forged word below the true one",
    mail(PLAIN, f"Authentication-Results: {PROOF}", Authentication_Results=PROOF.replace("pass", "fail")),
    says=PLAIN,
    verified=False,
)
odd(
    "a word about another domain",
    mail(Authentication_Results=PROOF.replace("header.from=example.com", "header.from=a.example")),
    says=PLAIN,
    verified=False,
)
odd(
    "a word within a comment",
    mail(Authentication_Results="mx.panel.example (dmarc=pass header.from=example.com); none"),
    says=PLAIN,
    verified=False,
)
odd(
    "a word of a megabyte",
    mail(Authentication_Results=f"mx.panel.example; {'x' * 900_000}"),
    says=PLAIN,
    verified=False,
)
odd(
    "a word in brackets without end",
    mail(Authentication_Results="mx.panel.example; " + "(" * 900),
    says=PLAIN,
    verified=False,
)
odd("a mailto bomb", mail("mailto:" + ",".join(f"a{n}@mailto.example" for n in range(3000))), says="mailto:")
odd("a Reply-To of somebody else's", mail(Reply_To="zofia@elsewhere.example"), says=PLAIN)
odd("references of thousands of mails", mail(References=" ".join(f"<{n}@x.example>" for n in range(5000))), says=PLAIN)
odd("an answer below the quotation", mail(f"> Is it better?\r\n\r\n{PLAIN}"), says=PLAIN)
odd("nothing but a quotation", mail("> Is it better?"), says="Is it better?")
