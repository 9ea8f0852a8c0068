"""From words to pages: typst, which reads them as JSON beside its source and never in it."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image

from billing.typesetting.letters import FONTS

PAGE = Path(__file__).with_name("document.typ")
# For archives (ISO 19005-3, tagged) and for people who have it read out (ISO 14289-1).
STANDARDS = ["a-3a", "ua-1"]


@cache
def fonts():
    """The fonts of this folder and no others: the same document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def typeset(said, *, at):
    """The PDF, as bytes; the same words and the same moment `at` make the same bytes. Raises RuntimeError."""
    try:
        compiler = typst.Compiler(input=PAGE, root=PAGE.parent, font_paths=fonts())
        return compiler.compile(
            sys_inputs={"data": json.dumps(said)}, timestamp=at.replace(microsecond=0), pdf_standards=STANDARDS
        )
    except BaseException as error:
        # A panic of Rust is no Exception: let through, it would end the worker with every attempt.
        if type(error).__name__ == "PanicException":
            raise RuntimeError(f"typst: {error}") from error
        raise


def drawing(file):
    """A logo as numbers of a PNG, or [] when there is none or it cannot be read: documents do without."""
    if not file:
        return []
    try:
        with file.open("rb") as opened, Image.open(opened) as image:
            png = BytesIO()
            image.convert("RGBA").save(png, "PNG")
    except (OSError, ValueError):
        return []
    return list(png.getvalue())
