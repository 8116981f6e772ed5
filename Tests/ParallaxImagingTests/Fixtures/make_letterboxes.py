"""Makes the folder letterboxes and letterboxes.txt, what the training's own rule and Pillow make of them.

Run from anywhere: python3 make_letterboxes.py (needs pillow before 13, numpy).
A line of letterboxes.txt: file, rows and columns that are bars of the picture made 96 x 64 (top, bottom, left, right),
how far a channel may be off, and the pixels without bars in hexadecimal.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "training"))

from parallax_train.bars import letterbox, trimmed  # noqa: E402

SIZE = (96, 64)
FOLDER = HERE / "letterboxes"
lines = []


def picture(width, height):
    """Ramps and waves without any symmetry."""
    y, x = np.mgrid[0:height, 0:width]
    red = 60 + 180 * x / width
    green = 50 + 190 * y / height
    blue = 127 + 100 * np.sin(18 * x / width + 11 * y / height)
    return Image.fromarray(np.stack([red, green, blue], -1).round().astype(np.uint8))


def boxed(inner, top, bottom, left, right, colour=(0, 0, 0)):
    board = Image.new("RGB", (inner.width + left + right, inner.height + top + bottom), colour)
    board.paste(inner, (left, top))
    return board


def keep(name, stored, shown=None, off=0, **options):
    """Writes a picture; `shown` is what a viewer sees where that is not what is stored."""
    stored.save(FOLDER / name, **options)
    image = (shown or Image.open(FOLDER / name)).convert("RGB")
    found = letterbox(np.asarray(image.resize(SIZE, Image.BICUBIC)))
    lines.append("\t".join([name, *map(str, found), str(off), trimmed(image, SIZE, Image.BICUBIC).tobytes().hex()]))


def main():
    FOLDER.mkdir(exist_ok=True)
    plain = picture(150, 90)
    keep("none.png", plain)
    keep("above_and_below.png", boxed(plain, 20, 20, 0, 0))
    keep("left_and_right.png", boxed(plain, 0, 0, 31, 31, (90, 110, 120)))
    keep("around.jpg", boxed(plain, 17, 17, 28, 28, (20, 60, 160)), quality=75, off=1)
    keep("narrow.png", boxed(plain, 2, 2, 0, 0))
    keep("white.png", boxed(plain, 20, 20, 0, 0, (250, 250, 250)))
    keep("light.png", boxed(plain, 20, 20, 0, 0, (220, 250, 250)))
    keep("above_alone.png", boxed(plain, 20, 0, 0, 0))
    keep("unequal.png", boxed(plain, 20, 30, 0, 0))
    keep("too_little_left.png", boxed(picture(150, 20), 60, 60, 0, 0))
    keep("one_colour.png", Image.new("RGB", (60, 40), (9, 9, 9)))
    keep("stained.png", stained(boxed(plain, 20, 20, 0, 0), 3))
    keep("written_on.png", stained(boxed(plain, 20, 20, 0, 0), 24))
    other = boxed(plain, 20, 20, 0, 0)
    other.paste((70, 20, 20), (0, 110, 150, 130))
    keep("two_colours.png", other)
    keep("fading.png", fading())
    upright = boxed(plain, 0, 0, 24, 24)
    exif = Image.Exif()
    exif[0x112] = 6
    keep("turned.png", upright.transpose(Image.Transpose.ROTATE_90), upright, exif=exif)
    # Of over a million pixels, so that it is decoded smaller.
    keep("large.jpg", boxed(picture(1600, 900), 300, 300, 0, 0), off=4, quality=50)
    (HERE / "letterboxes.txt").write_text("\n".join(lines) + "\n")


def stained(image, width):
    """A light spot in the upper bar."""
    image.paste((200, 200, 200), (40, 5, 40 + width, 12))
    return image


def fading():
    """Dark above and below, with no line where another colour begins."""
    y, x = np.mgrid[0:90, 0:150]
    level = 120 * np.exp(-(((y - 45) / 16) ** 2)) + 0 * x
    return Image.fromarray(np.stack([level, level, level], -1).round().astype(np.uint8))


main()
