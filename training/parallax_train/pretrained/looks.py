"""What a picture may look like when it comes back: crops, borders, turns, colours, overlays, poor copies.

A look is a function of a picture (PIL, RGB) and a random generator. What a view of a row shows depends on the seed, the
view and the row alone.
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

QUARTERS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
GREETINGS = ("SALE", "sample", "2019", "draft", "copy", "HELLO", "photo", "www", "new!", "NEWS")


def colour(random) -> tuple[int, int, int]:
    """Black and white are what borders mostly are."""
    draw = random.random()
    if draw < 0.3:
        return (0, 0, 0)
    if draw < 0.5:
        return (255, 255, 255)
    return tuple(int(level) for level in random.integers(0, 256, 3))


def whole(image, random):
    return image


def centre(image, random):
    """The largest square; of a square picture the margin is cut instead."""
    width, height = image.size
    side = min(width, height)
    if abs(width / height - 1) < 0.02:
        side = round(0.875 * side)
    left, top = (width - side) // 2, (height - side) // 2
    return image.crop((left, top, left + side, top + side))


def letterbox(image, random):
    """The aspect kept within a square; a square picture is given another aspect, as a squashed source has."""
    width, height = image.size
    aspect = width / height
    if abs(aspect - 1) < 0.02:
        aspect = float(random.choice([4 / 3, 3 / 2, 16 / 9, 3 / 4, 2 / 3]))
    side = max(width, height, 96)
    inner = (side, max(1, round(side / aspect))) if aspect > 1 else (max(1, round(side * aspect)), side)
    board = Image.new("RGB", (side, side), colour(random) if random.random() < 0.5 else (0, 0, 0))
    board.paste(image.resize(inner, Image.BICUBIC), ((side - inner[0]) // 2, (side - inner[1]) // 2))
    return board


def part(image, random, scale=(0.35, 1.0), ratio=(0.75, 1.333)):
    width, height = image.size
    area, shape = random.uniform(*scale), np.exp(random.uniform(*np.log(ratio)))
    across, down = min(1, np.sqrt(area * shape)), min(1, np.sqrt(area / shape))
    left, top = random.random() * (1 - across), random.random() * (1 - down)
    return image.crop((
        int(left * width), int(top * height),
        max(int(left * width) + 8, int((left + across) * width)),
        max(int(top * height) + 8, int((top + down) * height)),
    ))


def light(image, random):
    image = ImageEnhance.Brightness(image).enhance(random.uniform(0.75, 1.25))
    return ImageEnhance.Contrast(image).enhance(random.uniform(0.75, 1.25))


def crop(image, random):
    image = light(part(image, random), random)
    return ImageOps.mirror(image) if random.random() < 0.5 else image


def poor(image, random):
    """A crop that was small in between and carries a stain."""
    return overlay(coarse(crop(image, random), random, 40, 128), random)


def grey(image, random):
    if random.random() < 0.5:
        image = part(image, random, (0.75, 1.0))
    return ImageOps.grayscale(image).convert("RGB")


def border(image, random):
    """A frame, or bars at two sides."""
    width, height = image.size
    across, down = (max(1, round(random.uniform(0.03, 0.25) * side)) for side in image.size)
    kind = random.random()
    if kind < 0.2:
        across = 0
    elif kind < 0.4:
        down = 0
    elif kind < 0.8:
        across = down
    board = Image.new("RGB", (width + 2 * across, height + 2 * down), colour(random))
    board.paste(image, (across, down))
    return board


def turn(image, random):
    return image.transpose(QUARTERS[random.integers(3)])


def coarse(image, random, least=32, most=112):
    """Small in between, and saved badly."""
    side = int(random.integers(least, most + 1))
    image = image.resize((side, side), Image.BILINEAR if random.random() < 0.5 else Image.BICUBIC)
    return recompress(image, random) if random.random() < 0.5 else image


def recompress(image, random):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=int(random.integers(15, 70)))
    stream.seek(0)
    return Image.open(stream).convert("RGB")


def overlay(image, random):
    """Boxes and words on the picture, some half transparent."""
    image = image.copy()
    width, height = image.size
    for _ in range(random.integers(1, 4)):
        across, down = max(4, int(random.uniform(0.1, 0.5) * width)), max(4, int(random.uniform(0.05, 0.3) * height))
        left, top = int(random.integers(0, max(1, width - across))), int(random.integers(0, max(1, height - down)))
        box = Image.new("RGB", (across, down), colour(random))
        if random.random() < 0.6:
            words = Image.new("L", (64, 14), 0)
            ImageDraw.Draw(words).text((2, 1), GREETINGS[random.integers(len(GREETINGS))], fill=255)
            words = words.resize((across, down))
            if random.random() < 0.5:
                image.paste(Image.new("RGB", (across, down), colour(random)), (left, top), words)
                continue
            box.paste(Image.new("RGB", (across, down), colour(random)), (0, 0), words)
        veil = 255 if random.random() < 0.6 else int(random.integers(100, 220))
        image.paste(box, (left, top), Image.new("L", box.size, veil))
    return image


def hue(image, random):
    shifted = np.asarray(image.convert("HSV")).copy()
    shifted[..., 0] += np.uint8(random.integers(20, 237))
    image = Image.fromarray(shifted, "HSV").convert("RGB")
    return ImageEnhance.Color(image).enhance(random.uniform(0.6, 1.4))


def half(image, random):
    """A half of the picture: one side, a quarter's double, or the middle."""
    width, height = image.size
    kind = random.random()
    if kind < 0.5:
        start = [0.0, 0.25, 0.5][random.integers(3)]
        if random.random() < 0.5:
            return image.crop((int(start * width), 0, int((start + 0.5) * width), height))
        return image.crop((0, int(start * height), width, int((start + 0.5) * height)))
    return part(image, random, (0.4, 0.6))


def tinted(image, random):
    image = ImageEnhance.Color(light(image, random)).enhance(random.uniform(0.0, 2.0))
    gains = random.uniform(0.75, 1.25, 3)
    return Image.fromarray((np.asarray(image) * gains).clip(0, 255).astype(np.uint8))


def backdrop(image, random):
    """The picture as a part of a larger board."""
    width, height = image.size
    share = random.uniform(0.5, 0.85)
    board = Image.new("RGB", (round(width / share), round(height / share)), colour(random))
    if random.random() < 0.5:
        noise = Image.fromarray(random.integers(0, 256, (4, 4, 3), np.uint8))
        board = noise.resize(board.size, Image.BICUBIC)
    spare = board.width - width, board.height - height
    board.paste(image, tuple(int(random.integers(0, room + 1)) for room in spare))
    return board


SMALL_CHANGES = (grey, border, turn, coarse, overlay, hue, tinted, backdrop, half, ImageOps.mirror, recompress)


def mixture(image, random):
    """Two or three changes at once."""
    for at in random.choice(len(SMALL_CHANGES), random.integers(2, 4), replace=False):
        change = SMALL_CHANGES[at]
        image = change(image) if change is ImageOps.mirror else change(image, random)
    return image


# View numbers are part of cached files: add at the end.
VIEWS = (
    whole, crop, centre, letterbox, grey, border, turn, coarse, overlay, hue, half, mixture, poor, backdrop, tinted,
)


def seen(image, view: int, row: int, seed: int, side: int) -> np.ndarray:
    """uint8 [side, side, 3]."""
    random = np.random.default_rng([seed, view, row])
    return np.asarray(VIEWS[view](image, random).resize((side, side), Image.BICUBIC, reducing_gap=3.0))
