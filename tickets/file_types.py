"""What a file is, as its content tells; what a browser or a mail claims is not asked."""

import pylibmagic  # noqa: F401  brings libmagic, which a bare machine has not, for the next import

import magic  # isort: skip

# Enough for libmagic to tell the office formats from a plain zip.
BYTES_FOR_TYPE = 64 * 1024
TYPE_LENGTH = 120

# Handed out under their own type; everything else, such as HTML, SVG and scripts, as plain bytes.
HARMLESS = {
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
}


def content_type(upload):
    """The type of an uploaded file; reads its beginning only."""
    upload.seek(0)
    head = upload.read(BYTES_FOR_TYPE)
    upload.seek(0)
    return magic.from_buffer(head, mime=True)[:TYPE_LENGTH]


def served_type(stored):
    """The type under which a file is handed out."""
    return stored if stored in HARMLESS else "application/octet-stream"
