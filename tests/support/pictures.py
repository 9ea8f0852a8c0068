"""Pictures for the tests, drawn here."""

from io import BytesIO

from PIL import Image

# Exif: which way is up, and where the picture was taken.
ORIENTATION, PLACE = 0x0112, 0x8825


def picture(kind="PNG", size=(40, 20), mode="RGB", colour=None, **save):
    """The bytes of a picture of one colour; `save` goes to Pillow."""
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **save)
    return file.getvalue()


def exif(**values):
    """An Exif block that says that Anna took the picture in her garden, and which way is up."""
    block = Image.Exif()
    block[0x010E] = "the garden of Anna"
    block[ORIENTATION] = values.get("orientation", 1)
    block.get_ifd(PLACE).update({1: "N", 2: (54.0, 21.0, 7.0), 3: "E", 4: (18.0, 38.0, 3.0)})
    return block


def opened(content):
    """The picture in these bytes, loaded."""
    found = Image.open(BytesIO(content))
    found.load()
    return found


def of_many_scans(times):
    """A small JPEG that draws the same part of itself over and over again."""
    plain = picture("JPEG", mode="L", size=(400, 400), colour=128, progressive=True)
    begins = plain.index(b"\xff\xda", plain.index(b"\xff\xda") + 2)
    ends = plain.index(b"\xff\xc4", begins)
    return plain[:ends] + plain[begins:ends] * times + plain[ends:]
