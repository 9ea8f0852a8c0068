"""The Polish catalogue, kept by Babel: a bare machine has no gettext.

English needs no catalogue: the strings in the code are English.
"""

from io import BytesIO
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

LOCALE = "pl"
CATALOGUE = settings.BASE_DIR / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
APPS = ["accounts", "billing", "panel", "services", "tickets"]

# Which arguments of a call are texts; (n, "c") is the context.
CALLS = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS = CALLS | {f"{name}_lazy": texts for name, texts in CALLS.items()} | {"gettext_noop": None, "_": None}


# Without the dates and names of usual headers: they change when nothing has changed.
HEADER = r"""# The Polish texts of the panel.
msgid ""
msgstr ""
"Language: pl\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural_forms}\n"

"""


def sources():
    """Files that may hold texts, in an order that is the same on every machine."""
    python = chain.from_iterable((settings.BASE_DIR / app).rglob("*.py") for app in APPS)
    templates = [path for path in (settings.BASE_DIR / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    return sorted(path for path in [*python, *templates] if "migrations" not in path.parts)


def as_python(path):
    """The file as Python for the extractor.

    A template becomes calls of gettext between blanked-out text; its indentation means nothing, and
    a Python tokenizer would stumble over it.
    """
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return BytesIO(text.encode())


def extract(path):
    """(id, context) of every text in a file; the id of one with a plural is a pair."""
    for _line, call, texts, _comments in extract_python(as_python(path), KEYWORDS, [], {"encoding": "utf-8"}):
        texts = texts if isinstance(texts, tuple) else (texts,)
        wanted = KEYWORDS[call] or (1,)
        context = next((texts[place[0] - 1] for place in wanted if isinstance(place, tuple)), None)
        words = tuple(texts[place - 1] for place in wanted if isinstance(place, int))
        if all(words):
            yield (words if len(words) > 1 else words[0]), context


def read():
    """The catalogue as it lies in the tree; empty when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale=LOCALE)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LOCALE)


def updated(old):
    """A catalogue of exactly the texts in the code, with the translations that `old` has for them.

    Nothing is guessed from similar texts: a changed sentence is translated anew.
    """
    new = Catalog(locale=LOCALE)
    for path in sources():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for words, context in extract(path):
            new.add(words, locations=[(name, 1)], context=context)
    for message in new:
        before = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if before and message.id and before.pluralizable == message.pluralizable:
            message.string = before.string
    return new


def write(catalogue):
    """Puts the catalogue into the tree."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.format(plural_forms=catalogue.plural_forms).encode())
        write_po(file, catalogue, width=120, include_lineno=False, ignore_obsolete=True, omit_header=True)


def compile():
    """Writes what Django reads, unless it is there and newer; whether there was something to do."""
    compiled = CATALOGUE.with_suffix(".mo")
    if not CATALOGUE.exists() or (compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime):
        return False
    half = Path(f"{compiled}.part")
    with half.open("wb") as file:
        write_mo(file, read())
    half.replace(compiled)
    # This process may have looked for words before there were any, and remembers that.
    translation_file_changed(None, compiled)
    return True
