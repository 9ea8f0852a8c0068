"""Pictures that people send, drawn anew within bounds, so that of a file only what is seen is kept."""

import logging
import warnings
from contextlib import contextmanager
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

log = logging.getLogger("accounts.redrawing")

# A JPEG is drawn from a few dozen scans at most; each takes the time of a whole picture, and only some bytes.
SCANS_AT_MOST = 500
SCAN = b"\xff\xda"
BYTES_AT_ONCE = 1024 * 1024

# What can be made smaller as it is; everything else becomes one of these first.
PLAIN_MODES = {"L", "LA", "RGB", "RGBA", "CMYK"}


class NotDrawn(Exception):
    """The file is no picture of the formats asked for, or a broken one."""


class TooManyPixels(NotDrawn):
    """The picture would take more memory than one is given."""


@contextmanager
def opened(file, *, formats, most_pixels):
    """The picture in a file, of `formats` (names of Pillow's) only; its size is looked at before anything is unpacked.

    Raises NotDrawn, whatever goes wrong with the picture within the block: on broken files the readers of formats
    fail in many ways.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(formats)) as picture:
                if picture.width * picture.height > most_pixels:
                    raise TooManyPixels
                if picture.format in ("JPEG", "MPO") and scans_in(file) > SCANS_AT_MOST:
                    raise NotDrawn
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except NotDrawn:
        raise
    except Exception as error:
        log.info("a picture was not drawn: %s", type(error).__name__)
        raise NotDrawn from error


def scans_in(file):
    """How many scans begin in a JPEG; a few more where its other data look like one. Leaves the file where it was."""
    place, found, last = file.tell(), 0, b""
    file.seek(0)
    while piece := file.read(BYTES_AT_ONCE):
        found += (last + piece).count(SCAN)
        last = piece[-1:]
    file.seek(place)
    return found


def drawn(picture, *, side, kind, quality):
    """A file of the format `kind` with the pixels of the first frame alone, upright, at most `side` wide and high.

    No place, no camera, no words, no colour profile: nothing but the pixels is carried over.
    """
    picture = plain(picture)
    picture.thumbnail((side, side))
    upright = ImageOps.exif_transpose(picture)
    upright = upright.convert("RGBA" if upright.has_transparency_data and kind != "JPEG" else "RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    file = BytesIO()
    bare.save(file, kind, quality=quality, optimize=True)
    return ContentFile(file.getvalue())


def plain(picture):
    """The picture in a mode that can be made smaller without loss of its colours."""
    if picture.mode in PLAIN_MODES:
        return picture
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")  # Pillow would cut off all above 255
    converted = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    converted.info = picture.info
    return converted
