"""Uploads that go to disk as they come, and not beyond what is allowed."""

from functools import wraps

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.access import same_customer
from tickets.limits import FILE_BYTES


class BoundedFileHandler(TemporaryFileUploadHandler):
    """Writes at most FILE_BYTES of a file; the rest is counted and thrown away, so that nobody fills the disk.

    The file's `size` is what was sent, so whoever asks sees that it is too large.
    """

    def receive_data_chunk(self, raw_data, start):
        if start < FILE_BYTES:
            super().receive_data_chunk(raw_data, start)


def bounded_uploads(view):
    """Receives the files of a view by BoundedFileHandler.

    Looking for the CSRF token reads the whole body. Therefore the middleware leaves it to this
    decorator, which puts the handler in place first and then checks exactly as the middleware does.
    """
    protected = csrf_protect(same_customer(view))

    @wraps(view)
    def receiving(request, *args, **kwargs):
        request.upload_handlers = [BoundedFileHandler(request)]
        return protected(request, *args, **kwargs)

    return csrf_exempt(receiving)
