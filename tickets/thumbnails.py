"""Small pictures of attached ones, drawn by the worker, so that a thread shows what was sent without opening it."""

from django_tasks import task

from accounts.redrawing import NotDrawn, drawn, opened
from accounts.work.retry import retries
from tickets.limits import IMAGE_PIXELS
from tickets.models import Attachment

# By the type that the content told, the one format that the file is then read as.
FORMATS = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# All thumbnails are written as this, and handed out under its type whatever the file was.
KIND, TYPE = "WEBP", "image/webp"
# Pixels; twice what a thread shows, for sharp screens.
SIDE = 320
QUALITY = 80


def ask_for(attachment):
    """Has the worker draw a thumbnail when the file is a picture."""
    if attachment.content_type in FORMATS:
        make.enqueue(attachment.pk)


@task()
@retries(3, on=(OSError,))
def make(attachment_pk):
    """Draws the thumbnail of a file that is still there and has none; a picture that cannot be drawn stays a row."""
    attachment = Attachment.objects.filter(pk=attachment_pk, thumbnail="").first()
    if attachment is None:
        return
    try:
        with attachment.file.open() as file:
            picture = small(file, attachment.content_type)
    except (NotDrawn, FileNotFoundError):
        return
    keep(attachment, picture)


def small(file, content_type):
    """The thumbnail of a picture as a file. Raises NotDrawn."""
    with opened(file, formats=[FORMATS[content_type]], most_pixels=IMAGE_PIXELS) as picture:
        return drawn(picture, side=SIDE, kind=KIND, quality=QUALITY)


def keep(attachment, picture):
    """Stores the thumbnail, unless the file was taken back or another worker was quicker meanwhile."""
    attachment.thumbnail.save("", picture, save=False)
    name = attachment.thumbnail.name
    if not Attachment.objects.filter(pk=attachment.pk, thumbnail="").update(thumbnail=name):
        attachment.thumbnail.storage.delete(name)
