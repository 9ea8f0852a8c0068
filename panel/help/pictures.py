"""Pictures of articles: what is uploaded is drawn anew, so that only what is seen is kept of it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.redrawing import NotDrawn, TooManyPixels, drawn, opened
from panel.limits import PICTURE_BYTES, PICTURE_PIXELS

# What is taken, and what it is written as: drawings without loss, photographs small.
ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
LARGEST_SIDE = 1600
QUALITY = 85


def redrawn(upload):
    """A new file with the picture of `upload` and nothing else of it. Raises ValidationError with words for people."""
    if upload.size > PICTURE_BYTES:
        raise ValidationError(_("A picture may have at most 5 MB."))
    try:
        with opened(upload, formats=ENDINGS, most_pixels=PICTURE_PIXELS) as picture:
            kind = picture.format if picture.format in ENDINGS else "JPEG"
            file = drawn(picture, side=LARGEST_SIDE, kind=kind, quality=QUALITY)
    except TooManyPixels:
        raise ValidationError(_("The picture has too many pixels: at most 20 million are taken.")) from None
    except NotDrawn:
        raise ValidationError(_("This is no picture in the format PNG, JPEG or WebP.")) from None
    file.name = f"picture.{ENDINGS[kind]}"
    return file


def type_of(name):
    """The type under which a stored picture is handed out."""
    return TYPES[name.rpartition(".")[2]]
