"""Turned products: mug, bottle, vase, bowl, teapot, lamp. Each returns (parts, height, width)."""

import numpy as np

from . import solids as s
from .materials import make
from .palette import COLOURS
from .raymarch import Material


def mug(look, rng):
    r, h = rng.uniform(0.38, 0.46), rng.uniform(0.78, 1.0)
    flare = rng.uniform(-0.04, 0.05)
    body = s.revolve(
        [(0, 0.01), (r - 0.05, 0.01), (r, 0.05), (r + flare, h), (r + flare - 0.035, h),
         (r - 0.045, 0.09), (0, 0.09)], 0.008)
    ring = s.torus((r + 0.02, h * 0.5, 0), h * 0.22, 0.042, stretch=1.2)
    handle = s.cut(ring, s.cylinder((0, h / 2, 0), r - 0.01, h))
    return [(s.union(body, handle), look)], h, 2.5 * r


def bottle(look, rng):
    r, h = rng.uniform(0.24, 0.32), rng.uniform(1.25, 1.5)
    shoulder, neck = h * rng.uniform(0.55, 0.66), r * rng.uniform(0.30, 0.42)
    body = s.revolve(
        [(0, 0), (r - 0.03, 0), (r, 0.04), (r, shoulder), (r * 0.86, shoulder + 0.10),
         (neck * 1.15, h * 0.82), (neck, h * 0.86), (neck, h), (0, h)], 0.012)
    cap = s.cylinder((0, h + 0.03, 0), neck * 1.18, 0.055, rounding=0.012)
    cap_look = Material(COLOURS[rng.choice(["white", "black", "gold", "silver"])], gloss=0.5)
    parts = [(body, look), (cap, cap_look)]
    if rng.random() < 0.6:
        label = s.cylinder((0, shoulder * 0.5, 0), r + 0.014, shoulder * 0.26, rounding=0.003)
        ink = COLOURS[rng.choice(["black", "red", "green", "blue"])]
        middle = shoulder * 0.5

        def print_(p):
            line = (np.abs(p[:, 1] - middle) < 0.035) | (np.abs(p[:, 1] - middle - 0.09) < 0.01)
            return np.where(line[:, None], ink, COLOURS["cream"])

        parts.append((label, Material(print_, gloss=0.1)))
    return parts, h + 0.08, 2 * r


def vase(look, rng):
    h, kind = rng.uniform(1.0, 1.35), rng.integers(3)
    y = np.linspace(0, 1, 15)
    belly = [
        0.20 + 0.22 * np.sin(np.pi * y**0.8) ** 1.2,
        0.30 - 0.14 * y + 0.17 * np.clip(y - 0.55, 0, 1) ** 1.2 * 2,
        0.17 + 0.26 * np.exp(-((y - 0.34) / 0.24) ** 2) + 0.12 * np.clip(y - 0.78, 0, 1) * 2,
    ][kind]
    outer = [(float(r), float(v * h)) for r, v in zip(belly, y)]
    inner = [(float(r) - 0.035, float(v * h)) for r, v in zip(belly, y) if v > 0.3][::-1]
    body = s.revolve([(0, 0), *outer, *inner, (0, inner[-1][1])], 0.01)
    return [(body, look)], h, 2 * float(belly.max())


def bowl(look, rng):
    r, h = rng.uniform(0.6, 0.75), rng.uniform(0.34, 0.5)
    t = np.linspace(0, np.pi / 2, 10)
    outer = [(0.22 + (r - 0.22) * np.sin(a), 0.05 + h * (1 - np.cos(a))) for a in t]
    inner = [(max(0.2 + (r - 0.245) * np.sin(a), 0), 0.095 + (h - 0.045) * (1 - np.cos(a))) for a in t]
    foot = [(0, 0), (0.24, 0), (0.23, 0.05)]
    body = s.revolve([*foot, *outer, *inner[::-1], (0, 0.095)], 0.008)
    return [(body, look)], h, 2 * r


def teapot(look, rng):
    r = rng.uniform(0.46, 0.52)
    squash = rng.uniform(0.78, 0.95)
    height = 2 * r * squash
    body = s.ellipsoid((0, r * squash, 0), (r, r * squash, r))
    body = s.blend(body, s.cylinder((0, 0.03, 0), r * 0.5, 0.03, rounding=0.01), 0.04)
    spout = s.blend(
        s.capsule((-r * 0.75, height * 0.38, 0), (-r * 1.35, height * 0.74, 0), 0.12, 0.065),
        s.capsule((-r * 1.35, height * 0.74, 0), (-r * 1.55, height * 0.9, 0), 0.065, 0.05), 0.05)
    handle = s.cut(
        s.torus((r * 1.0, height * 0.52, 0), height * 0.27, 0.045, stretch=1.15),
        s.ellipsoid((0, r * squash, 0), (r * 0.97, r * squash, r)))
    lid = s.cylinder((0, height * 0.97, 0), r * 0.42, 0.02, rounding=0.015)
    knob = s.sphere((0, height + 0.07, 0), 0.065)
    solid = s.union(s.blend(body, spout, 0.07), handle, lid, knob)
    return [(solid, look)], height + 0.14, 2.9 * r


def lamp(look, rng):
    h = rng.uniform(1.25, 1.5)
    base = s.cylinder((0, 0.03, 0), 0.27, 0.03, rounding=0.02)
    kind = rng.integers(2)
    if kind:
        stem = s.capsule((0, 0.05, 0), (0, h * 0.72, 0), 0.028)
    else:
        y = np.linspace(0, 1, 13)
        swell = 0.06 + 0.17 * np.exp(-((y - 0.32) / 0.2) ** 2)
        stem = s.revolve([(0, 0.04), *[(float(a), 0.04 + float(b) * h * 0.62) for a, b in zip(swell, y)], (0, h * 0.66)])
    top, low = rng.uniform(0.17, 0.28), rng.uniform(0.40, 0.5)
    shade_solid = s.revolve(
        [(low, h * 0.62), (top, h), (top - 0.015, h), (low - 0.015, h * 0.62)], 0.006)
    bulb = s.sphere((0, h * 0.75, 0), 0.1)
    cloth = COLOURS[rng.choice(["cream", "white", "cream"])]
    glow = rng.uniform(0.15, 0.55)
    parts = [
        (s.union(base, stem), look),
        (shade_solid, Material(cloth * [1.0, 0.93, 0.8], gloss=0.03, glow=glow)),
        (bulb, Material(np.array([1, 0.95, 0.8]), gloss=0.3, glow=1.2)),
    ]
    return parts, h, 2 * low


BUILDERS = {"mug": mug, "bottle": bottle, "vase": vase, "bowl": bowl, "teapot": teapot, "lamp": lamp}
