"""What products are made of: a colour word, a material word and a pattern word become a `Material`."""

import numpy as np

from .noise import mix, smoothstep, solid_fractal, solid_noise
from .palette import COLOURS, shade
from .raymarch import Material


def _angle(p):
    return np.arctan2(p[:, 0], p[:, 2])


def striped(first, second, count, tilt=0.0):
    """Rings around the axis; with `tilt` they climb."""

    def albedo(p):
        wave = np.sin(2 * np.pi * (p[:, 1] * count + tilt * _angle(p)))
        return mix(first, second, smoothstep(-0.12, 0.12, wave))

    return albedo


def dotted(first, second, count, flat=False):
    """Dots in staggered rows, around the axis or, when `flat`, across x and y."""

    def albedo(p):
        if flat:
            row = np.floor(p[:, 1] * count)
            u = p[:, 0] * count + 0.5 * (row % 2)
            radius = np.hypot(u % 1 - 0.5, (p[:, 1] * count) % 1 - 0.5)
            return mix(second, first, smoothstep(0.24, 0.30, radius))
        row = np.floor(p[:, 1] * count)
        u = _angle(p) * count * 0.5 / np.pi * 3 + 0.5 * (row % 2)
        radius = np.hypot(u % 1 - 0.5, (p[:, 1] * count) % 1 - 0.5)
        return mix(second, first, smoothstep(0.24, 0.30, radius))

    return albedo


def checked(first, second, count):
    def albedo(p):
        cells = np.floor(p * count + 1e-4).sum(axis=1) % 2
        return mix(first, second, cells)

    return albedo


def wooden(colour, seed):
    """Growth rings along x, bent by noise."""

    def albedo(p):
        q = p * np.array([0.6, 2.2, 2.2], np.float32)
        bend = solid_fractal(q, seed, 1.6, 3)
        rings = 0.5 + 0.5 * np.sin(26 * (np.hypot(q[:, 1] - 3, q[:, 2] + 2) + 0.35 * bend))
        fibre = solid_noise(p * np.array([4, 60, 60], np.float32), seed + 9)
        return mix(colour * 0.62, colour * 1.08, 0.75 * rings + 0.25 * fibre)

    return albedo


def woven(base, scale):
    """Wraps an albedo in the light and dark of a weave."""

    def albedo(p):
        colour = base(p) if callable(base) else base
        u, v = p[:, 0] + p[:, 1] * 0.3, p[:, 2] - p[:, 1] * 0.9
        weave = np.sin(u * scale) * np.sin(v * scale)
        return colour * (0.92 + 0.16 * weave)[:, None]

    return albedo


def speckled(base, seed, amount=0.5):
    def albedo(p):
        colour = base(p) if callable(base) else base
        spots = smoothstep(0.80, 0.86, solid_noise(p, seed, 34))
        return mix(np.broadcast_to(colour, p.shape), np.asarray(colour) * 0.35, spots * amount)

    return albedo


def cracked(base, seed, width=0.012):
    """Dark hairlines where a bent surface of noise passes, in one half of the solid."""

    def albedo(p):
        colour = np.broadcast_to(base(p) if callable(base) else base, p.shape)
        field = solid_fractal(p, seed, 2.3, 4) - 0.5
        branch = solid_fractal(p, seed + 50, 3.1, 4) - 0.5
        line = smoothstep(width, width * 0.3, np.abs(field))
        twig = smoothstep(width, width * 0.3, np.abs(branch)) * (field > 0)
        here = smoothstep(0.46, 0.56, solid_noise(p, seed + 90, 1.3))
        return mix(colour, np.full(3, 0.012), np.clip(line + twig, 0, 1) * here)

    return albedo


def stained(base, seed):
    def albedo(p):
        colour = np.broadcast_to(base(p) if callable(base) else base, p.shape)
        field = solid_fractal(p, seed, 2.6, 4)
        blot = smoothstep(0.56, 0.62, field)
        rim = smoothstep(0.03, 0.0, np.abs(field - 0.58))
        brown = np.array([0.10, 0.055, 0.02])
        return mix(mix(colour, colour * 0.4 + brown, blot * 0.8), brown, rim * 0.7)

    return albedo


def weave_bump(scale, strength=0.25):
    def bump(p):
        return strength * np.stack(
            [np.sin(p[:, 0] * scale), np.sin(p[:, 1] * scale), np.sin(p[:, 2] * scale)], axis=1
        )

    return bump


def make(material, colour, pattern, rng, second="white", flat=False):
    """The `Material` for three words; `second` is the pattern's other colour."""
    first, other = shade(colour, rng), COLOURS[second]
    seed = int(rng.integers(1 << 20))
    albedo = {
        "plain": first,
        "striped": striped(first, other, rng.uniform(2.5, 5), rng.choice([0, 0, 1]) / np.pi),
        "dotted": dotted(first, other, rng.uniform(4, 6), flat),
        "checked": checked(first, other, rng.uniform(3.2, 4.5)),
    }[pattern]
    if material == "ceramic":
        if pattern == "plain" and rng.random() < 0.3:
            albedo = speckled(albedo, seed)
        return Material(albedo, gloss=rng.uniform(0.6, 0.85))
    if material == "plastic":
        return Material(albedo, gloss=rng.uniform(0.4, 0.6))
    if material == "metal":
        return Material(albedo, gloss=rng.uniform(0.55, 0.85), metal=0.9)
    if material == "glass":
        return Material(np.clip(first * 0.8 + 0.2, 0, 1), gloss=0.95, glass=0.92)
    if material == "wood":
        return Material(wooden(first, seed), gloss=0.25)
    if material == "fabric":
        return Material(woven(albedo, 150), gloss=0.02, bump=weave_bump(170, 0.13))
    if material == "leather":
        return Material(speckled(albedo, seed, 0.15), gloss=0.32, bump=weave_bump(60, 0.05))
    return Material(albedo, gloss=0.08)


def floor(kind, rng):
    """A floor's albedo and its backdrop, by the word used in captions."""
    if kind == "wooden":
        wood = wooden(COLOURS["brown"] * rng.uniform(1.0, 1.9), int(rng.integers(1 << 20)))

        def planks(p):
            board = np.floor(p[:, 2] / 0.55)
            colour = wood(p + np.stack([board * 3.7, board * 1.3, board * 0], axis=1))
            gap = smoothstep(0.02, 0.008, np.abs(p[:, 2] / 0.55 % 1 - 0.01))
            return mix(colour, colour * 0.25, gap)

        return planks, np.array([0.62, 0.58, 0.52]) * rng.uniform(0.7, 1.1)
    if kind == "tiled":
        pale, dark = np.array([0.72, 0.72, 0.70]), np.array([0.16, 0.17, 0.19])

        def tiles(p):
            cells = (np.floor(p[:, 0] / 0.5) + np.floor(p[:, 2] / 0.5)) % 2
            return mix(pale, dark, cells)

        return tiles, np.array([0.55, 0.58, 0.60])
    if kind == "concrete":
        seed = int(rng.integers(1 << 20))
        base = np.array([0.34, 0.34, 0.33])
        return lambda p: base * (0.7 + 0.6 * solid_fractal(p, seed, 2.5, 5))[:, None], base * 1.1
    colour = {
        "white": np.array([0.86, 0.86, 0.85]),
        "grey": np.array([0.30, 0.31, 0.32]),
        "dark": np.array([0.05, 0.052, 0.06]),
        "pink": np.array([0.80, 0.50, 0.52]),
        "blue": np.array([0.36, 0.54, 0.74]),
        "green": np.array([0.47, 0.62, 0.46]),
        "yellow": np.array([0.84, 0.66, 0.28]),
    }[kind] * rng.uniform(0.93, 1.05)
    return lambda p: np.broadcast_to(colour, p.shape), colour
