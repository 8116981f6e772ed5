"""Bars that a letterbox put around a picture, found in its pixels after they were made a square; the program has the same rule.

Only what comes in pairs counts: bars above and below, left and right, or both, that are alike in width and colour, and
behind which another colour begins. White bars are none: a white ground belongs to a picture of goods.
"""

import numpy as np
from PIL import Image

# How far a channel may be from the colour of its bar, which JPEG does not keep exactly.
TOLERANCE = 20
# A bar's line may have one pixel in so many of another colour.
OTHERS = 20
# A bar of which all channels have at least this is white.
WHITE = 224
# Lines behind a bar in which another colour must begin, and how far it must be: darkness that fades is no bar.
DEPTH, STEP = 3, 40


def colour(line: np.ndarray) -> np.ndarray:
    """The mean of [pixels, 3], rounded to whole numbers."""
    return (2 * line.sum(0) + len(line)) // (2 * len(line))


def differs(lines: np.ndarray, of: np.ndarray, by: int) -> np.ndarray:
    return np.abs(lines - of).max(2) > by


def run(lines: np.ndarray, of: np.ndarray) -> int:
    """How many lines are a bar from the first on."""
    others = OTHERS * differs(lines, of, TOLERANCE).sum(1) > lines.shape[1]
    return int(others.argmax()) if others.any() else len(lines)


def pair(lines: np.ndarray) -> tuple[int, int]:
    """How many of [lines, pixels, 3] at the beginning and at the end are bars; two zeros unless both are."""
    count = len(lines)
    first, last = colour(lines[0]), colour(lines[-1])
    if np.abs(first - last).max() > TOLERANCE or min(first.min(), last.min()) >= WHITE:
        return 0, 0
    before, after = run(lines, first), run(lines[::-1], last)
    # A 48th of the side at least; and a 64th apart, for blocks of JPEG blur where a bar ends.
    if min(before, after) < max(1, count // 48) or abs(before - after) > max(1, count // 64):
        return 0, 0
    if 5 * (before + after) > 4 * count:
        return 0, 0
    behind = differs(lines[before:before + DEPTH], first, STEP).any(0).sum()
    ahead = differs(lines[max(0, count - after - DEPTH):count - after], last, STEP).any(0).sum()
    return (before, after) if 2 * (behind + ahead) >= lines.shape[1] else (0, 0)


def letterbox(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Rows and columns of [height, width, 3] at the top, bottom, left and right that are bars."""
    lines = pixels.astype(np.int64)
    return *pair(lines), *pair(lines.transpose(1, 0, 2))


def trimmed(image: Image.Image, size: tuple[int, int], resample: int) -> np.ndarray:
    """uint8 [height, width, 3] of a picture in RGB, without its bars."""
    pixels = np.asarray(image.resize(size, resample))
    top, bottom, left, right = letterbox(pixels)
    if top == left == 0:
        return pixels
    across, down = image.width / size[0], image.height / size[1]
    inside = (left * across, top * down, (size[0] - right) * across, (size[1] - bottom) * down)
    return np.asarray(image.resize(size, resample, box=inside))
