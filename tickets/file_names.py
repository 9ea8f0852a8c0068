"""What a file may be called here."""

import unicodedata

NAME_LENGTH = 150
EXTENSION_LENGTH = 20
# Not allowed in a file name by some system that the file may be saved on.
FORBIDDEN = set('<>:"/\\|?*')
# Control, format (bidi marks, zero width), surrogate, private and unassigned characters, line breaks.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(name):
    """The last part of a path, without characters that hide, turn round or break the name."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    seen = (character for character in name if unicodedata.category(character) not in UNSEEN)
    name = " ".join("".join("_" if c in FORBIDDEN else c for c in seen).split()).strip(". ")
    return shortened(name) or "file"


def shortened(name):
    """At most NAME_LENGTH characters, the extension kept."""
    if len(name) <= NAME_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > EXTENSION_LENGTH:
        return name[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(extension) - 1] + dot + extension
