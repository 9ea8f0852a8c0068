"""Files that somebody might send to do harm, made here: what would run, lie about itself, or eat memory when opened.

Whatever would run in a browser asks for CANARY: a test that sees this address asked for has found a way.
"""

import gzip
import io
import struct
import zipfile
import zlib
from itertools import pairwise

from PIL import Image

from tests.support.pictures import exif, picture

CANARY = "/canary"
SINGS = f'window.sang=1;fetch("{CANARY}");new Image().src="{CANARY}";document.title="sang"'
SCRIPT = f"<script>{SINGS}</script>"
ONLOAD = 'onload="{}"'.format(SINGS.replace('"', "'"))
HTML = f'<!doctype html><html><body {ONLOAD}>{SCRIPT}<img src="{CANARY}"></body></html>'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" {ONLOAD}>{SCRIPT}<image href="{CANARY}"/></svg>'
# In two pieces, so that no scanner takes this file for the sign itself.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(members):
    """A ZIP with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def chunk(kind, content):
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, *chunks, pixels=b"\0" * 1000):
    """A PNG that says it is so large, whatever its few bytes of pixels are."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + data + chunk(b"IEND", b"")


def gif(width, height, after=b""):
    """The beginning of a GIF of this size."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + after


def box(kind, content):
    """A box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content


def moving(kind):
    """A picture of two frames."""
    frame = io.BytesIO(picture(kind, colour="blue"))
    return picture(kind, colour="red", save_all=True, append_images=[Image.open(frame)])


def pdf(action):
    """A PDF that does something when it is opened."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<<" + action + b">>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


MHTML = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    f"Content-Type: text/html\r\nContent-Location: http://localhost/\r\n\r\n{HTML}\r\n--x--\r\n"
)
XSLT = (
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?>'
    "<!DOCTYPE d [<!ATTLIST xsl:stylesheet id ID #IMPLIED>]><d>"
    '<xsl:stylesheet id="s" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
    f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html></xsl:template></xsl:stylesheet></d>'
)
BILLION = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">{}]><l>&z;</l>'.format(
    "".join(f'<!ENTITY {b} "&{a};&{a};">' for a, b in pairwise("abcdefghijklmnopqrstuvwxyz"))
)
MACROS = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "Auto_Open"}
DRAWING = f'push graphic-context\nimage over 0,0 0,0 "url(http://localhost{CANARY})"\npop graphic-context\n'
TRACKS = box(b"moov", box(b"trak", box(b"hdlr", b"\0" * 8 + b"subt" + HTML.encode())))
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (w) file\nshowpage\n"

# Of each: the name it is sent under, and its content.
RUNNING = [
    ("page.html", HTML),
    ("page.htm.txt", HTML),
    ("byte order mark.html", b"\xef\xbb\xbf" + HTML.encode()),
    ("sixteen bits.html", HTML.encode("utf-16")),
    ("seven bits.html", f"+ADw-script+AD4-{SINGS}+ADw-/script+AD4-"),
    ("after much space.txt", " " * 2000 + HTML),
    ("page.xhtml", f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{SCRIPT}</body></html>'),
    ("drawing.svg", SVG),
    ("drawing.png", SVG),
    ("with words before it.svg", f'<?xml version="1.0"?><!-- a drawing -->{SVG}'),
    ("styled.xml", XSLT),
    ("feed.xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>{SCRIPT}</title></channel></rss>'),
    ("laughs.xml", BILLION),
    ("saved page.mht", MHTML),
    ("application.hta", f'<hta:application id="a">{HTML}'),
    ("script.js", SINGS),
    ("module.mjs", f"export default 1;{SINGS}"),
    ("sw.js", 'self.addEventListener("fetch", (event) => event.respondWith(new Response("taken over")));'),
    ("program.wasm", b"\0asm\x01\0\0\0"),
    ("app.webmanifest", '{"name": "Panel", "start_url": "/canary", "display": "standalone"}'),
    ("style.css", f'@import "{CANARY}"; body {{ background: url("{CANARY}"); width: expression(alert(1)) }}'),
    ("cache.appcache", "CACHE MANIFEST\n/canary\n"),
    ("list.json", f'{{"words": "{SCRIPT.replace(chr(34), chr(39))}"}}'),
    ("flash.swf", b"FWS\x06" + b"\0" * 60),
    ("applet.class", b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 60),
    ("shell.php", f"<?php system($_GET['c']); ?>{HTML}"),
    (".htaccess", "AddType text/html .txt"),
    ("run.sh", "#!/bin/sh\ncurl http://localhost/canary\n"),
]
TWO_IN_ONE = [
    ("gif and script.gif", b"GIF89a/*" + gif(10, 10)[6:] + b"*/=1;" + SINGS.encode()),
    ("bitmap and script.bmp", b"BM=1;" + SINGS.encode()),
    ("pdf and page.pdf", b"%PDF-1.4\n" + HTML.encode() + pdf(b"/S/JavaScript/JS(app.alert(1))")[8:]),
    ("page and pdf.html", HTML.encode() + pdf(b"/S/JavaScript/JS(app.alert(1))")),
    ("jpeg and zip.jpg", picture("JPEG") + zipped({"page.html": HTML})),
    ("png and page.png", png(8, 8, chunk(b"tEXt", b"Comment\0" + HTML.encode()))),
    ("jpeg and page.jpg", picture("JPEG", comment=HTML.encode())),
    ("page with a picture's name.jpg", HTML),
]
NAMES = [
    ("invoice.pdf.exe", b"MZ" + b"\0" * 100),
    ("invoice\u202efdp.exe", b"MZ" + b"\0" * 100),
    ("\u2067\u200bhidden\u2066.txt", "Words."),
    ("../../../etc/passwd", "root:x:0:0"),
    ("..\\..\\windows\\system32\\calc.exe", b"MZ"),
    ("line\r\nContent-Type: text/html\r\n\r\n<script>.txt", "Words."),
    ('quote"; filename="page.html', "Words."),
    ("zażółć " * 60 + ".pdf", pdf(b"/S/Named/N/Print")),
    ("x" * 900, "Words."),
    ("con.txt\0.html", "Words."),
    ("<img src=x onerror=alert(1)>.txt", "Words."),
    ("   ...   ", "Words."),
]
GREEDY = [
    ("bomb.zip", zipped({"zeros": b"\0" * 10_000_000})),
    ("nested.zip", zipped({"inner.zip": zipped({"zeros": b"\0" * 10_000_000})})),
    ("bomb.gz", gzip.compress(b"\0" * 10_000_000)),
    ("bomb.png", png(50_000, 50_000)),
    ("just too large.png", png(8_000, 8_000, pixels=b"\0" * 8_000 * 24_001)),
    ("huge.gif", gif(65_535, 65_535, b"," + b"\0" * 4 + b"\xff\xff\xff\xff\0\x02\x02D\x01\0;")),
    ("frame larger than the picture.gif", gif(1, 1, b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;")),
    ("many words.png", png(8, 8, *[chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 200_000))] * 400)),
    ("profile bomb.png", png(8, 8, chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 5_000_000)))),
    ("vast.webp", b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff" + b"\0" * 8),
]
PICTURES = [
    ("corrupt.jpg", picture("JPEG", (400, 400))[:700]),
    ("only a beginning.png", b"\x89PNG\r\n\x1a\n"),
    ("from the garden.jpg", picture("JPEG", (60, 40), exif=exif(orientation=8))),
    ("broken place.jpg", picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)),
    ("with a profile.jpg", picture("JPEG", icc_profile=b"\0" * 128 + b"garden" * 20)),
    ("moving.gif", moving("GIF")),
    ("moving.webp", moving("WEBP")),
    ("four inks.jpg", picture("JPEG", mode="CMYK")),
    ("deep.png", picture("PNG", mode="I;16", colour=40_000)),
    ("paper.png", picture("TIFF")),
    ("layers.png", b"8BPS\0\x01" + b"\0" * 6 + b"\0\x03\0\0\0\x10\0\0\0\x10\0\x08\0\x03" + b"\0" * 60),
    ("icon.png", picture("ICO", (16, 16))),
    ("print.png", POSTSCRIPT),
    ("commands.png", DRAWING),
]
DOCUMENTS = [
    ("shortcut.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + b"\0" * 60),
    ("link.url", "[InternetShortcut]\r\nURL=file:///c:/windows/system32/calc.exe\r\n"),
    ("macros.docm", zipped(MACROS)),
    ("macros.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("letter.rtf", r"{\rtf1{\object\objemb{\*\objclass Package}\objdata 0105000002000000}}"),
    ("runs.pdf", pdf(b"/S/JavaScript/JS(app.alert(1))")),
    ("launches.pdf", pdf(b"/S/Launch/F(calc.exe)")),
    ("eicar.com", EICAR),
    ("film.mp4", box(b"ftyp", b"isom\0\0\0\0isom") + TRACKS),
    ("subtitles.vtt", f"WEBVTT\n\n00:00.000 --> 00:09.000\n<v Anna>{SCRIPT}\n"),
    ("list.m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\nhttp://localhost/canary\n"),
    ("event.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTACH:file:///etc/passwd\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
    ("start.desktop", "[Desktop Entry]\nType=Application\nExec=sh -c id\n"),
    ("table.csv", "=cmd|' /C calc'!A0,1\n"),
]
HOSTILE = [
    (name, content if isinstance(content, bytes) else content.encode())
    for name, content in [*RUNNING, *TWO_IN_ONE, *NAMES, *GREEDY, *PICTURES, *DOCUMENTS]
]
