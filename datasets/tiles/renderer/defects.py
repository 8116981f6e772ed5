"""Damage done to a `Surface`: what it looks like and where it goes. `severity` runs from 1 to 3."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .noise import fractal, mix, plane_noise, smoothstep
from .palette import linear
from .surfaces import SIZE


def _blurred(draw_on, blur):
    canvas = Image.new("L", (SIZE, SIZE), 0)
    draw_on(ImageDraw.Draw(canvas))
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(blur)), np.float32) / 255


def _walk(rng, start, heading, steps, stride, wander):
    points = [start]
    for _ in range(steps):
        heading += rng.normal(0, wander)
        x, y = points[-1]
        points.append((x + stride * np.cos(heading), y + stride * np.sin(heading)))
    return points, heading


def crack(surface, rng, severity):
    """A line that wanders from an edge and branches; it is deep and dark."""

    def draw(pen):
        side = rng.uniform(0, 2 * np.pi)
        start = (SIZE * (0.5 + 0.48 * np.cos(side)), SIZE * (0.5 + 0.48 * np.sin(side)))
        trunk, _ = _walk(rng, start, side + np.pi + rng.normal(0, 0.3), 9 + 9 * severity, 17, 0.38)
        pen.line(trunk, fill=255, width=2 + severity, joint="curve")
        for _ in range(2 * severity - 1):
            k = int(rng.integers(3, len(trunk) - 2))
            turn = np.arctan2(trunk[k][1] - trunk[k - 1][1], trunk[k][0] - trunk[k - 1][0])
            twig, _ = _walk(rng, trunk[k], turn + rng.choice([-1, 1]) * 0.8, 4 + 3 * severity, 13, 0.4)
            pen.line(twig, fill=220, width=1 + severity // 2, joint="curve")

    line = np.clip(_blurred(draw, 1.0) * 1.5, 0, 1)
    surface.albedo = mix(surface.albedo, surface.albedo * 0.06 + 0.004, line)
    surface.height = surface.height - 5 * _blurred_field(line, 2)
    surface.gloss = surface.gloss * (1 - line)


def _blurred_field(field, radius):
    picture = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def chip(surface, rng, severity):
    """Flakes broken off: a rough hollow in the colour of what is underneath."""
    body = surface.albedo.mean(axis=(0, 1)) * 1.15 + 0.08 if surface.under is None else surface.under
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    ragged = fractal(rng, SIZE, 9, 5)
    hollow = np.zeros((SIZE, SIZE))
    for _ in range(severity):
        cx, cy, r = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85), rng.uniform(0.05, 0.08) + 0.02 * severity
        reach = np.hypot((x - cx) * rng.uniform(0.8, 1.3), y - cy) + 0.12 * (ragged - 0.5)
        hollow = np.maximum(hollow, smoothstep(r, r * 0.88, reach))
    rough = body * (0.65 + 0.7 * fractal(rng, SIZE, 30, 4))[..., None]
    surface.albedo = mix(surface.albedo, rough, hollow)
    surface.height = surface.height - 9 * _blurred_field(hollow, 2.5) + 2.5 * hollow * ragged
    surface.gloss = surface.gloss * (1 - hollow)


def scratch(surface, rng, severity):
    """Thin pale lines, nearly straight, most of them side by side."""
    lead = rng.uniform(0, np.pi)

    def draw(pen):
        for _ in range(2 + 3 * severity):
            angle = lead + rng.normal(0, 0.16)
            start = rng.uniform(0.12, 0.6, 2) * SIZE
            path, _ = _walk(rng, tuple(start), angle, int(rng.integers(5, 12 + 3 * severity)), 16, 0.035)
            pen.line(path, fill=int(rng.uniform(140, 255)), width=int(rng.choice([1, 2, 2 + severity // 3])))

    line = np.clip(_blurred(draw, 0.7) * 1.7, 0, 1)
    pale = surface.albedo * 0.35 + 0.55 if surface.albedo.mean() < 0.5 else surface.albedo * 0.35
    surface.albedo = mix(surface.albedo, pale, 0.85 * line)
    surface.height = surface.height - 3 * line


def stain(surface, rng, severity):
    """Blots with a darker rim, brown like coffee or rust, or dark like ink."""
    tint = linear([(112, 66, 30), (128, 62, 24), (50, 44, 60)][int(rng.integers(3))])
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    ragged = fractal(rng, SIZE, 5, 5)
    for _ in range(severity):
        cx, cy, r = rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.10, 0.15) + 0.03 * severity
        reach = np.hypot(x - cx, (y - cy) * rng.uniform(0.8, 1.25)) + 0.22 * (ragged - 0.5)
        inside = smoothstep(r, r - 0.025, reach) * (0.75 + 0.25 * ragged)
        rim = smoothstep(0.022, 0.0, np.abs(reach - r + 0.012))
        dye = surface.albedo * (tint / tint.max()) * 0.62 + tint * 0.12
        surface.albedo = mix(surface.albedo, dye, 0.8 * inside)
        surface.albedo = mix(surface.albedo, dye * 0.5, 0.75 * rim)


def tear(surface, rng, severity):
    """A slit with frayed threads and darkness behind it."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    angle = rng.uniform(0, np.pi)
    cx, cy = rng.uniform(0.35, 0.65, 2)
    along = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
    across = -(x - cx) * np.sin(angle) + (y - cy) * np.cos(angle)
    reach = 0.12 + 0.07 * severity
    fray = plane_noise(rng, SIZE, 90) * 0.018 * severity
    opening = (0.018 + 0.016 * severity) * np.sqrt(np.clip(1 - (along / reach) ** 2, 0, 1)) - fray
    hole = smoothstep(0, 0.006, opening - np.abs(across)) * (np.abs(along) < reach)
    surface.albedo = mix(surface.albedo, np.array([0.012, 0.011, 0.013]), hole)
    surface.height = surface.height - 12 * _blurred_field(hole, 5)


def dent(surface, rng, severity):
    """Shallow hollows pressed into metal."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    for _ in range(severity + 1):
        cx, cy, r = rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.06, 0.10) + 0.015 * severity
        reach = np.hypot(x - cx, y - cy) / r
        surface.height = surface.height - (34 + 10 * severity) * np.exp(-(reach**2)) + 8 * np.exp(-((reach - 1.6) ** 2) * 6)


def misprint(surface, rng, severity):
    """A band printed twice, shifted, and pale where the ink ran out."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    shift = int(SIZE * (0.02 + 0.018 * severity))
    band = smoothstep(0.0, 0.02, 0.11 + 0.05 * severity - np.abs(y - rng.uniform(0.3, 0.7) - 0.05 * (x - 0.5)))
    ghost = np.roll(surface.albedo, (shift // 2, shift), axis=(0, 1))
    doubled = np.minimum(surface.albedo, ghost) * 0.55 + ghost * 0.45
    surface.albedo = mix(surface.albedo, doubled, band)
    dry = smoothstep(0.5, 0.62, plane_noise(rng, SIZE, 4, (1, 24))) * band
    surface.albedo = mix(surface.albedo, np.full(3, 0.72), 0.55 * dry)


MAKERS = {"crack": crack, "chip": chip, "scratch": scratch, "stain": stain, "tear": tear, "dent": dent, "misprint": misprint}
