"""Named colours, in linear light, and the words that go with them."""

import numpy as np

_SRGB = {
    "red": (196, 38, 36), "orange": (232, 118, 28), "yellow": (238, 192, 42),
    "green": (52, 128, 70), "blue": (36, 88, 178), "turquoise": (46, 160, 166),
    "purple": (112, 62, 150), "pink": (226, 132, 158), "brown": (116, 72, 42),
    "black": (32, 32, 35), "grey": (134, 137, 140), "white": (238, 236, 230),
    "cream": (232, 216, 182), "copper": (196, 116, 78), "gold": (206, 164, 84),
    "silver": (190, 192, 196), "terracotta": (186, 92, 60),
}


def linear(rgb):
    return (np.asarray(rgb, dtype=np.float32) / 255) ** 2.2


COLOURS = {name: linear(rgb) for name, rgb in _SRGB.items()}


def shade(colour, rng, amount=0.08):
    """The named colour, a little lighter or darker and a little off in hue."""
    base = COLOURS[colour]
    return np.clip(base * (1 + rng.normal(0, amount)) * (1 + rng.normal(0, amount / 3, 3)), 0, 1)


def encode(picture):
    """Linear light to 8-bit sRGB, with a soft shoulder for highlights."""
    x = np.maximum(picture, 0)
    x = np.where(x > 0.8, 0.8 + 0.2 * (1 - np.exp(-(x - 0.8) / 0.2)), x)
    return (np.clip(x, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
