import numpy as np
import pytest
from PIL import Image

from parallax_train.bars import letterbox, trimmed


def photo(width=160, height=96):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([60 + x, 50 + y, 128 + 60 * np.sin(x / 9)], -1).astype(np.uint8))


def boxed(across, down, colour=(0, 0, 0)):
    inner = photo()
    board = Image.new("RGB", (inner.width + 2 * across, inner.height + 2 * down), colour)
    board.paste(inner, (across, down))
    return board


@pytest.mark.parametrize("across, down, colour", [(0, 24, (0, 0, 0)), (40, 0, (90, 110, 120)), (20, 12, (10, 40, 90))])
def test_a_picture_without_its_bars_is_the_picture(across, down, colour):
    plain = trimmed(photo(), (64, 48), Image.BICUBIC).astype(int)
    found = trimmed(boxed(across, down, colour), (64, 48), Image.BICUBIC).astype(int)
    untrimmed = np.asarray(boxed(across, down, colour).resize((64, 48), Image.BICUBIC)).astype(int)
    # A line at each side may be left, where bar and picture mix.
    assert np.abs(found - plain).mean() < np.abs(untrimmed - plain).mean() / 4


def test_white_and_single_bars_stay():
    white, single = boxed(0, 24, (255, 255, 255)), boxed(0, 24).crop((0, 0, 160, 120))
    for image in (photo(), white, single):
        assert letterbox(np.asarray(image)) == (0, 0, 0, 0)
        assert (trimmed(image, (64, 48), Image.BICUBIC) == np.asarray(image.resize((64, 48), Image.BICUBIC))).all()
