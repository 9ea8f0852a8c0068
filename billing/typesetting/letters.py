"""Text that can be printed: one letter that the font lacks, or one control character, fails a whole PDF/A."""

import re
import struct
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
BREAK = "\N{ZERO WIDTH SPACE}"
# Words longer than this many letters may be broken after every PIECE of them: they would leave their column.
LONGEST_WORD, PIECE = 24, 12
LONG_WORD = re.compile(rf"[^\s-]{{{LONGEST_WORD + 1},}}")
PIECES = re.compile(rf"[^\s-]{{{PIECE}}}(?=[^\s-]{{4}})")
SPACES = re.compile(r" {2,}")
LETTERS_REMEMBERED = 5000
STACKED_MARKS = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
# "cmap" of the OpenType standard: Windows, Unicode BMP, in format 4.
WINDOWS, BMP, FORMAT = 3, 1, 4


def printable(text):
    """The text with what cannot be printed left out (emoji, marks of direction) or shown as "�" (other scripts)."""
    composed = unicodedata.normalize("NFC", STACKED_MARKS.sub(r"\1", text))
    printed = SPACES.sub(" ", "".join(map(printable_letter, composed))).strip()
    if text and not printed:
        return UNKNOWN  # nothing is left of it, which must not look as if nothing had been there
    return LONG_WORD.sub(breakable, printed)


def breakable(word):
    """A very long word, with places to break it at."""
    return PIECES.sub(lambda piece: piece[0] + BREAK, word[0])


@lru_cache(LETTERS_REMEMBERED)
def printable_letter(letter):
    """What stands for one character on paper."""
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Zl", "Zp", "Zs"} and letter != "\N{NO-BREAK SPACE}":
        return " "
    if kind in {"Cf", "Cs"}:  # marks of direction, joiners, halves of characters
        return ""
    if letter in known():
        return letter
    similar = unicodedata.normalize("NFKC", letter)
    if similar != letter:
        return "".join(map(printable_letter, similar))
    return "" if kind in {"So", "Sk", "Mn", "Me"} else UNKNOWN


@cache
def known():
    """Every letter that all the fonts have."""
    return frozenset.intersection(*(frozenset(letters_of(path)) for path in sorted(FONTS.glob("*.ttf"))))


def letters_of(path):
    """The letters of one TrueType font, out of its table "cmap"."""
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s4xLL", font, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, offset, _length in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", font, start + 2)
    for platform, encoding, offset in (struct.unpack_from(">HHL", font, start + 4 + 8 * n) for n in range(encodings)):
        if (platform, encoding) == (WINDOWS, BMP):
            yield from letters_of_segments(font[start + offset :])


def letters_of_segments(table):
    """The letters of a subtable of format 4: segments of code points, whose glyph 0 means "none"."""
    kind, _length, _language, twice = struct.unpack_from(">4H", table)
    if kind != FORMAT:
        raise ValueError(f"a cmap of format {kind} is not understood")
    count = twice // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", table, at) for at in (14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice)
    )
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + deltas[n]
            if offsets[n]:
                (glyph,) = struct.unpack_from(">H", table, 16 + 3 * twice + 2 * n + offsets[n] + 2 * (code - first))
            if glyph % 0x10000:
                yield chr(code)
