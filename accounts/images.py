"""What a logo may be."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LOGO_BYTES = 20 * 1024
LOGO_PIXELS = 1000


def validate_logo(image):
    """Refuses a logo that would make every first visit slow."""
    if image.size > LOGO_BYTES:
        raise ValidationError(_("The logo may have at most 20 KB."))
    if max(image.width, image.height) > LOGO_PIXELS:
        raise ValidationError(_("The logo may be at most 1000 pixels wide and high."))
