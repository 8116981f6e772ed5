"""Built products: chair, stool, box, ball, book, shoe, clock, cushion, car. Each returns (parts, height, width)."""

import numpy as np

from . import solids as s
from .noise import mix, smoothstep
from .palette import COLOURS
from .raymarch import Material


def chair(look, rng):
    seat, back, half = 0.62, rng.uniform(1.2, 1.4), 0.33
    parts = [s.box((0, seat, 0), (half, 0.035, half), 0.025)]
    legs, spread = [(-1, -1), (-1, 1), (1, -1), (1, 1)], rng.uniform(0.0, 0.07)
    for x, z in legs:
        a = (x * (half - 0.05), seat, z * (half - 0.05))
        b = (x * (half - 0.05 + spread), 0.0, z * (half - 0.05 + spread))
        parts.append(s.capsule(a, b, 0.035, 0.026))
    style = rng.integers(3)
    post = half - 0.04
    if style == 0:
        parts.append(s.box((0, (seat + back) / 2 + 0.12, -post), (half - 0.01, (back - seat) / 2 - 0.12, 0.025), 0.022))
    for x in (-post, post):
        parts.append(s.capsule((x, seat, -post), (x, back, -post - 0.04), 0.03))
    if style == 1:
        parts += [s.box((0, seat + f * (back - seat), -post - 0.02), (post, 0.045, 0.016), 0.014) for f in (0.4, 0.68, 0.95)]
    if style == 2:
        parts += [s.capsule((x, seat, -post), (x, back - 0.04, -post - 0.03), 0.017) for x in (-0.15, 0, 0.15)]
        parts.append(s.box((0, back - 0.03, -post - 0.04), (post + 0.02, 0.06, 0.022), 0.02))
    return [(s.union(*parts), look)], back, 0.9


def stool(look, rng):
    h, r = rng.uniform(0.75, 1.05), rng.uniform(0.3, 0.36)
    legs = rng.integers(3, 5)
    parts = [s.cylinder((0, h, 0), r, 0.045, rounding=0.03)]
    angles = np.arange(legs) * 2 * np.pi / legs + 0.4
    for a in angles:
        x, z = np.sin(a), np.cos(a)
        parts.append(s.capsule((x * r * 0.6, h, z * r * 0.6), (x * r * 1.15, 0.02, z * r * 1.15), 0.032, 0.026))
    parts.append(s.torus((0, h * 0.35, 0), r * 0.94, 0.018, axis=1))
    return [(s.union(*parts), look)], h, 0.85


def box(look, rng):
    x, y, z = rng.uniform(0.38, 0.55), rng.uniform(0.26, 0.45), rng.uniform(0.38, 0.5)
    parts = [(s.box((0, y, 0), (x, y, z), 0.015), look)]
    ribbon_colour = COLOURS[rng.choice(["red", "gold", "white", "blue"])]
    if rng.random() < 0.5:
        satin = Material(ribbon_colour, gloss=0.45)
        strips = s.union(s.box((0, y, 0), (0.06, y + 0.008, z + 0.008)), s.box((0, y, 0), (x + 0.008, y + 0.008, 0.06)))
        lid = s.box((0, 2 * y - 0.05, 0), (x + 0.02, 0.065, z + 0.02), 0.01)
        bows = s.union(*[s.torus((side * 0.11, 2 * y + 0.07, 0), 0.07, 0.028, axis=2, stretch=0.7) for side in (-1, 1)])
        parts += [(lid, look), (s.union(strips, s.box((0, y + 0.01, 0), (0.06, y + 0.022, z + 0.032)), s.box((0, y + 0.01, 0), (x + 0.032, y + 0.022, 0.06)), bows), satin)]
    else:
        tape = s.box((0, y, 0), (0.07, y + 0.004, z + 0.004))
        parts.append((tape, Material(COLOURS["cream"] * [0.9, 0.75, 0.5], gloss=0.4)))
    return parts, 2 * y + 0.1, 2.1 * max(x, z)


def ball(look, rng):
    r = rng.uniform(0.45, 0.6)
    if callable(look.albedo) and rng.random() < 0.6:
        count = rng.choice([6, 8])
        first, other = look.albedo(np.array([[0, 0.02, 1], [0, 0.13, 1]], np.float32))
        segments = lambda p: mix(first, other, smoothstep(-0.05, 0.05, np.sin(np.arctan2(p[:, 0], p[:, 1] - r) * count / 2)))
        look = Material(segments, gloss=look.gloss, bump=look.bump)
    seam = s.torus((0, r, 0), r + 0.003, 0.008, axis=2)
    return [(s.sphere((0, r, 0), r), look), (seam, Material(look.albedo if not callable(look.albedo) else COLOURS["white"], gloss=look.gloss))], 2 * r, 2 * r


def book(look, rng):
    parts, y, paper = [], 0.0, Material(lambda p: COLOURS["cream"] * (0.8 + 0.2 * np.sin(p[:, 1] * 420))[:, None], gloss=0.02)
    count = int(rng.choice([1, 1, 2, 3]))
    for level in range(count):  # the book described lies on top
        thick, w, d = rng.uniform(0.06, 0.11), rng.uniform(0.40, 0.5), rng.uniform(0.56, 0.66)
        turn = rng.uniform(-0.25, 0.25) if level else 0.0
        cover = s.union(
            s.box((0, thick * 2 - 0.012, 0), (w, 0.014, d), 0.006), s.box((0, 0.012, 0), (w, 0.014, d), 0.006),
            s.box((-w + 0.014, thick, 0), (0.016, thick, d), 0.008))
        pages = s.box((0.005, thick, 0), (w - 0.03, thick - 0.02, d - 0.025))
        band = s.box((-0.02 + w * 0.1, thick * 2 + 0.001, -d * 0.3), (w * 0.55, 0.004, 0.045))
        title = s.box((-0.02 + w * 0.1, thick * 2 + 0.001, -d * 0.12), (w * 0.38, 0.004, 0.018))
        mark = s.cylinder((w * 0.1, thick * 2 + 0.001, d * 0.36), 0.12, 0.004)
        c, t, base = np.cos(turn), np.sin(turn), y

        def placed(solid, c=c, t=t, base=base):
            def distance(p):
                q = np.stack([p[:, 0] * c - p[:, 2] * t, p[:, 1] - base, p[:, 0] * t + p[:, 2] * c], axis=1)
                return solid(q)
            return distance

        cloth = look if level == count - 1 else Material(COLOURS[rng.choice(list(COLOURS))], gloss=0.1)
        parts += [(placed(cover), cloth), (placed(pages), paper)]
        parts.append((placed(s.union(band, title, mark)), Material(COLOURS["gold"], gloss=0.5, metal=0.4)))
        y += thick * 2 + 0.006
    return parts, y, 1.3


def shoe(look, rng):
    high = rng.random() < 0.3
    sole = s.blend(
        s.ellipsoid((0.38, 0.07, 0.0), (0.44, 0.085, 0.25)),
        s.blend(s.ellipsoid((-0.42, 0.07, 0), (0.36, 0.085, 0.20)), s.box((0, 0.07, 0), (0.38, 0.065, 0.16), 0.05), 0.1), 0.14)
    sole = s.common(sole, s.box((0, 0.08, 0), (2, 0.08, 2)))
    toe = s.ellipsoid((0.36, 0.15, 0), (0.40, 0.21, 0.225))
    heel = s.ellipsoid((-0.42, 0.27 + 0.08 * high, 0), (0.31, 0.34 + 0.14 * high, 0.19))
    bridge = s.capsule((0.3, 0.20, 0), (-0.32, 0.48 + 0.1 * high, 0), 0.15, 0.15)
    upper = s.blend(s.blend(toe, bridge, 0.16), heel, 0.12)
    opening = s.ellipsoid((-0.44, 0.68 + 0.2 * high, 0), (0.26, 0.34, 0.13))
    upper = s.common(s.cut(upper, opening), s.box((0, 1.07, 0), (3, 1.0, 3)))
    laces = s.union(*[
        s.capsule((0.27 - 0.11 * i, 0.355 + 0.055 * i, -0.09), (0.24 - 0.11 * i, 0.365 + 0.055 * i, 0.09), 0.019)
        for i in range(4)])
    band = s.common(s.box((0, 0.3, 0), (0.10, 0.3, 0.5), 0.02), lambda p: upper(p) - 0.008)
    pale = Material(COLOURS["white"], gloss=0.2)
    parts = [(upper, look), (sole, pale), (laces, pale)]
    if rng.random() < 0.6:
        slant = lambda p: band(p + np.stack([0.5 * (p[:, 1] - 0.3) - 0.0, p[:, 1] * 0, p[:, 2] * 0], axis=1))
        parts.append((lambda p: slant(p) * 0.8, pale))
    return parts, 0.75, 1.65


def clock(look, rng):
    r = 0.5
    y = r + 0.14
    rim = s.cut(s.cylinder((0, y, 0), r, 0.15, axis=2, rounding=0.05), s.cylinder((0, y, 0.2), r - 0.07, 0.13, axis=2))
    hour, minute = rng.uniform(0, 12), rng.uniform(0, 60)

    def dial(p):
        u, v = p[:, 0], p[:, 1] - y
        radius, angle = np.hypot(u, v), np.arctan2(u, v) % (2 * np.pi)
        tick = np.abs((angle / (2 * np.pi) * 12 + 0.5) % 1 - 0.5) < 0.055
        dark = tick & (radius > 0.34) & (radius < 0.41)
        for turn, reach, width in ((hour / 12, 0.22, 0.022), (minute / 60, 0.34, 0.015)):
            a = turn * 2 * np.pi
            along, across = u * np.sin(a) + v * np.cos(a), u * np.cos(a) - v * np.sin(a)
            dark |= (np.abs(across) < width) & (along > -0.05) & (along < reach)
        return np.where((dark | (radius < 0.035))[:, None], 0.01, COLOURS["white"])

    face = s.cylinder((0, y, 0.03), r - 0.05, 0.05, axis=2)
    feet = s.union(*[s.capsule((x * 0.25, y - 0.42, 0), (x * 0.38, 0.04, 0), 0.045) for x in (-1, 1)])
    parts = [(s.union(rim, feet), look), (face, Material(dial, gloss=0.2))]
    height = 2 * r + 0.16
    if rng.random() < 0.55:
        bells = s.union(*[s.ellipsoid((x * 0.26, y + r * 0.98, 0), (0.18, 0.13, 0.16)) for x in (-1, 1)])
        parts.append((bells, Material(COLOURS["silver"], gloss=0.8, metal=0.9)))
        height += 0.12
    return parts, height, 1.15


def cushion(look, rng):
    thick = rng.uniform(0.17, 0.22)
    half = 0.56

    def pillow(p):
        q = np.stack([p[:, 0], p[:, 1] - half, p[:, 2]], axis=1)
        lean = 0.35
        y, z = q[:, 1] * np.cos(lean) - q[:, 2] * np.sin(lean), q[:, 1] * np.sin(lean) + q[:, 2] * np.cos(lean)
        x = q[:, 0]
        pinch = 0.06 * np.cos(x / half * np.pi / 2) + 0.0 * y
        pinch_y = 0.06 * np.cos(np.clip(y / half, -1, 1) * np.pi / 2)
        inner = np.maximum(np.abs(x) - half + pinch_y, np.abs(y) - half + pinch)
        puff = thick * np.sqrt(np.clip(-inner / half, 0, 1)) + 0.012
        return np.maximum(inner, (np.abs(z) - puff) * 0.55)

    return [(pillow, look)], 2 * half * 0.97, 1.3


def car(look, rng):
    cabin_x, roof = rng.uniform(-0.12, 0.02), rng.uniform(0.62, 0.72)
    body = s.blend(s.box((0, 0.27, 0), (0.75, 0.14, 0.32), 0.09), s.box((0.05, 0.33, 0), (0.6, 0.13, 0.29), 0.1), 0.08)
    cabin = s.box((cabin_x, 0.5, 0), (0.34, roof - 0.5, 0.26), 0.09)
    wells = s.union(*[s.cylinder((x, 0.17, 0), 0.185, 1, axis=2) for x in (-0.44, 0.46)])
    shell = s.cut(s.blend(body, cabin, 0.1), wells)
    glass = s.union(
        s.box((cabin_x, 0.53, 0), (0.355, 0.07, 0.21), 0.04), s.box((cabin_x, 0.53, 0), (0.26, 0.07, 0.272), 0.03))
    tyres = s.union(*[s.cylinder((x, 0.16, z), 0.16, 0.055, axis=2, rounding=0.035) for x in (-0.44, 0.46) for z in (-0.27, 0.27)])
    hubs = s.union(*[s.cylinder((x, 0.16, z), 0.085, 0.062, axis=2, rounding=0.01) for x in (-0.44, 0.46) for z in (-0.27, 0.27)])
    lights = s.union(*[s.sphere((0.73, 0.3, z), 0.055) for z in (-0.19, 0.19)])
    dark = Material(np.array([0.015, 0.015, 0.017]), gloss=0.25)
    parts = [
        (shell, look), (glass, Material(np.array([0.05, 0.07, 0.09]), gloss=0.95)), (tyres, dark),
        (hubs, Material(COLOURS["silver"], gloss=0.7, metal=0.8)), (lights, Material(np.array([1, 0.95, 0.75]), gloss=0.8, glow=0.3)),
    ]
    return parts, roof, 1.55


BUILDERS = {
    "chair": chair, "stool": stool, "box": box, "ball": ball, "book": book, "shoe": shoe,
    "clock": clock, "cushion": cushion, "car": car,
}
