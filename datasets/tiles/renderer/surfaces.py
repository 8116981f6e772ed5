"""Surface pictures: an albedo, a height and a gloss field, lit from one side. Defects are in defects.py."""

from dataclasses import dataclass

import numpy as np

from .noise import fractal, mix, plane_noise, sample, smoothstep
from .palette import COLOURS, linear, shade

SIZE = 512  # rendered at twice the size and averaged down


@dataclass
class Surface:
    albedo: np.ndarray
    height: np.ndarray
    gloss: np.ndarray
    under: tuple = None  # the colour that shows where a piece breaks off


def grid(rng, turn=0.0):
    """Coordinates in 0...1 over the picture, turned a little as a hand-held camera would."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE - 0.5
    a = np.radians(rng.normal(0, 1.2) + turn)
    return x * np.cos(a) - y * np.sin(a) + 0.5, x * np.sin(a) + y * np.cos(a) + 0.5


def by_cell(rng, cell, low, high):
    """One random number per tile, board or brick."""
    table = rng.uniform(low, high, 4096).astype(np.float32)
    return table[cell.astype(int) % 4096]


def edge_distance(u, v):
    """How far a point of a unit cell is from its border."""
    return np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v))


def motif(name, u, v):
    """A tile's printed figure, 0...1, with the symmetry of a hand-made tile."""
    x, y = np.abs(u - 0.5), np.abs(v - 0.5)
    r, a = np.hypot(x, y), np.arctan2(y, x)
    if name == "star":
        return smoothstep(0.015, -0.015, r - 0.30 - 0.09 * np.cos(8 * a)) - smoothstep(0.015, -0.015, r - 0.12)
    if name == "rings":
        corner = np.hypot(0.5 - x, 0.5 - y)
        ring = lambda d, c: smoothstep(0.045, 0.03, np.abs(d - c))
        return np.clip(ring(corner, 0.40) + ring(r, 0.22) + smoothstep(0.09, 0.07, r), 0, 1)
    petals = np.abs(np.cos(2 * a)) * 0.36
    return np.clip(
        smoothstep(0.012, -0.012, r - petals) + smoothstep(0.03, 0.018, np.abs(np.maximum(x, y) - 0.44)), 0, 1)


def tile(rng, colour, pattern, offset=0.0):
    count = int(rng.choice([1, 2, 2, 3]))
    x, y = grid(rng)
    x, y = x * count + rng.uniform(-0.12, 0.12), y * count + rng.uniform(-0.12, 0.12)
    i, j = np.floor(x), np.floor(y)
    cell, u, v = (i + 50) * 37 + (j + 50), x - i, y - j
    edge = edge_distance(u, v)
    joint = 0.018 * count / 2 + 0.008
    body = smoothstep(joint, joint + 0.012, edge)
    glaze = shade(colour, rng, 0.05) * by_cell(rng, cell, 0.93, 1.05)[..., None]
    second = COLOURS["white"] if colour not in ("white", "cream") else COLOURS[rng.choice(["blue", "green", "terracotta"])]
    if pattern == "checked":
        glaze = np.where(((i + j) % 2 == 0)[..., None], glaze, second * 0.95)
    elif pattern != "plain":
        ink = motif(pattern, np.clip(u + offset, 0, 1), np.clip(v - offset * 0.6, 0, 1))
        glaze = mix(second * 0.93, glaze, ink)
    glaze = glaze * (0.95 + 0.10 * fractal(rng, SIZE, 10))[..., None]
    grout = np.array([0.42, 0.41, 0.39]) * (0.8 + 0.4 * fractal(rng, SIZE, 60, 3))[..., None]
    rim = smoothstep(joint, joint + 0.05, edge)
    height = 5.0 * body + 3.0 * rim + 1.2 * fractal(rng, SIZE, 5, 3)
    return Surface(mix(grout, glaze, body), height, 0.85 * body, linear((186, 120, 88)))


def wood(rng, colour, pattern):
    boards = rng.choice([2.4, 3.2, 4.3])
    x, y = grid(rng, turn=90 * int(rng.integers(2)))
    y = y * boards + rng.uniform(0, 1)
    j = np.floor(y)
    v = y - j
    x = x * 1.0 + by_cell(rng, j + 100, 0, 7)
    i = np.floor(x / 1.7)
    cell = (j + 100) * 19 + i
    seedling = by_cell(rng, cell, 0, 400)
    warp = fractal(rng, SIZE, 6, 5)
    lines, knot = 0.0, 0.0
    field = fractal(rng, SIZE, 8, 5, stretch=(0.35, 2.0))
    drift = sample(field, x * 90 + seedling * 7, v * 120 + seedling * 31)
    rings = v * by_cell(rng, cell, 3, 7) + 1.6 * drift + 0.5 * warp
    for _ in range(int(rng.integers(1, 4))):
        kx, ky = rng.uniform(0.1, 0.9) + float(x.min()), rng.uniform(0.25, 0.75) + rng.integers(1, 3)
        d = np.hypot((x - kx) * 2.3, (y - ky) * 1.0)
        rings = rings + 1.5 * np.exp(-(d / 0.22) ** 2)
        knot = knot + np.exp(-(d / 0.085) ** 2)
    lines = 0.5 + 0.5 * np.sin(2 * np.pi * rings * 1.4)
    fibre = plane_noise(rng, SIZE, 8, (1, 32)) if abs(float(x[0, -1] - x[0, 0])) > 0.5 else plane_noise(rng, SIZE, 8, (32, 1))
    base = shade(colour, rng, 0.07) * by_cell(rng, cell, 0.75, 1.15)[..., None]
    albedo = base * (0.60 + 0.42 * lines**1.5 + 0.22 * (fibre - 0.5))[..., None]
    albedo = mix(albedo, base * 0.22, np.clip(knot, 0, 0.9))
    gap = smoothstep(0.008, 0.028, np.minimum(v, 1 - v))
    end = smoothstep(0.003, 0.010, np.minimum(x / 1.7 - i, 1 - (x / 1.7 - i)))
    body = gap * end
    albedo = albedo * (0.15 + 0.85 * body)[..., None]
    height = 7 * body + 0.9 * lines + 1.6 * fibre
    return Surface(albedo, height, 0.22 * body)


def brick(rng, colour, pattern):
    rows = rng.choice([5.0, 6.0, 7.5])
    x, y = grid(rng)
    y = y * rows + rng.uniform(0, 1)
    j = np.floor(y)
    x = x * rows / 2.6 + 0.5 * (j % 2) + rng.uniform(0, 1)
    i = np.floor(x)
    cell, u, v = (j + 50) * 41 + i + 50, x - i, y - j
    wobble = 0.05 * (fractal(rng, SIZE, 14, 4) - 0.5)
    edge = np.minimum(np.minimum(u, 1 - u) * 2.6, np.minimum(v, 1 - v)) + wobble
    body = smoothstep(0.055, 0.10, edge)
    rough = fractal(rng, SIZE, 24, 4)
    painted = pattern == "painted"
    spread = (0.94, 1.05) if painted else (0.55, 1.25)
    clay = shade(colour, rng, 0.06) * by_cell(rng, cell, *spread)[..., None]
    clay = clay * (0.72 + 0.5 * rough)[..., None]
    mortar = clay * 0.85 if painted else np.array([0.47, 0.45, 0.41]) * (0.7 + 0.5 * fractal(rng, SIZE, 50, 3))[..., None]
    pits = smoothstep(0.70, 0.80, fractal(rng, SIZE, 40, 3)) * body
    albedo = mix(mortar, clay, body) * (1 - 0.45 * pits)[..., None]
    height = 8 * smoothstep(0.03, 0.16, edge) + 3.5 * rough - 2.5 * pits
    return Surface(albedo, height, np.full((SIZE, SIZE), 0.04), linear((176, 96, 70)) if painted else None)


def fabric(rng, colour, pattern, offset=0.0):
    threads = rng.choice([56, 72, 90])
    x, y = grid(rng, turn=rng.normal(0, 4))
    fold = fractal(rng, SIZE, 3, 3)
    x, y = x + 0.02 * fold, y + 0.015 * fold
    wx, wy = x * threads, y * threads
    over = (np.floor(wx) + np.floor(wy)) % 2
    round_x, round_y = np.sin(np.pi * (wx % 1)), np.sin(np.pi * (wy % 1))
    thread = np.where(over == 0, round_x * (0.6 + 0.4 * round_y), round_y * (0.6 + 0.4 * round_x))
    first = shade(colour, rng, 0.05)
    second = COLOURS["white"] if colour not in ("white", "cream") else COLOURS[rng.choice(["blue", "red", "grey"])]
    n = rng.choice([4, 5, 6])
    bands = lambda t: smoothstep(-0.03, 0.03, np.sin(2 * np.pi * t * n))
    if pattern == "striped":
        cloth = mix(first, second, bands(x + offset * (np.abs(y - 0.5) < 0.2)))
    elif pattern == "checked":
        cloth = mix(first, second, 0.5 * bands(x) + 0.5 * bands(y + offset * (x > 0.45)))
    elif pattern == "dotted":
        row = np.floor(y * n)
        spot = np.hypot((x * n + 0.5 * (row % 2)) % 1 - 0.5 + offset * 4 * (y > 0.55), (y * n) % 1 - 0.5)
        cloth = mix(second, np.broadcast_to(first, (SIZE, SIZE, 3)), smoothstep(0.22, 0.27, spot))
    else:
        cloth = np.broadcast_to(first, (SIZE, SIZE, 3))
    slub = plane_noise(rng, SIZE, 6, (1, 30)) * 0.5 + plane_noise(rng, SIZE, 6, (30, 1)) * 0.5
    albedo = cloth * (0.62 + 0.34 * thread + 0.22 * (slub - 0.5))[..., None]
    height = 1.7 * thread + 26 * fold
    return Surface(albedo, height, np.full((SIZE, SIZE), 0.02))


def marble(rng, colour, pattern):
    x, y = grid(rng, turn=rng.uniform(0, 180))
    vein_colour = {"white": (0.16, 0.17, 0.19), "black": (0.75, 0.73, 0.68), "green": (0.55, 0.68, 0.58),
                   "pink": (0.36, 0.10, 0.09), "cream": (0.42, 0.27, 0.13), "grey": (0.80, 0.80, 0.80)}[colour]
    warp = fractal(rng, SIZE, 3, 5, 0.42)
    base = np.broadcast_to(shade(colour, rng, 0.05), (SIZE, SIZE, 3)) * (0.82 + 0.3 * fractal(rng, SIZE, 4, 6))[..., None]
    albedo = base
    for strength, scale, width in ((0.95, 0.9, 0.05), (0.7, 1.7, 0.045), (0.5, 3.1, 0.04)):
        field = np.sin(2 * np.pi * (scale * (x + 0.3 * y) + 1.7 * warp + 0.5 * fractal(rng, SIZE, 5, 6, 0.55)))
        line = smoothstep(width * 5, 0.0, np.abs(field)) * smoothstep(0.25, 0.7, fractal(rng, SIZE, 4, 4))
        albedo = mix(albedo, np.array(vein_colour), strength * line)
    joint = smoothstep(0.002, 0.006, np.abs(y - rng.uniform(0.2, 0.8))) if pattern == "slabs" else np.ones((SIZE, SIZE))
    return Surface(albedo * (0.25 + 0.75 * joint)[..., None], 3 * joint + 0.8 * warp, 0.8 * joint)


def metal(rng, colour, pattern):
    x, y = grid(rng, turn=rng.choice([0, 0, 90]))
    tint = shade(colour, rng, 0.05)
    brushed = plane_noise(rng, SIZE, 3, (1, 120)) * 0.6 + plane_noise(rng, SIZE, 6, (1, 80)) * 0.4
    if rng.random() < 0.4:
        brushed = brushed.T
    sheen = 0.72 + 0.5 * np.exp(-(((x - rng.uniform(0.2, 0.8)) * 0.8 + (y - 0.5) * 0.3) / 0.28) ** 2)
    albedo = tint * (sheen * (0.80 + 0.4 * (brushed - 0.5)))[..., None]
    height = 0.5 * brushed + 2 * fractal(rng, SIZE, 3, 2)
    if pattern == "plated":
        n = 5.0
        u, v = x * n, y * n
        i = np.floor(u) + np.floor(v)
        a = np.where(i % 2 == 0, 0.78, -0.78)
        du, dv = u % 1 - 0.5, v % 1 - 0.5
        along, across = du * np.cos(a) + dv * np.sin(a), -du * np.sin(a) + dv * np.cos(a)
        lozenge = smoothstep(0.09, 0.0, np.abs(across) + 0.16 * (np.abs(along) / 0.42) ** 2 - 0.02)
        height = height + 10 * lozenge
    elif pattern == "riveted":
        u, v = x * 3 + 0.5, y * 3 + 0.5
        d = np.hypot(u % 1 - 0.5, v % 1 - 0.5)
        height = height + 12 * np.sqrt(np.clip(1 - (d / 0.09) ** 2, 0, 1))
        seam = smoothstep(0.02, 0.045, np.abs((v + 0.5) % 1 - 0.5))
        height, albedo = height + 6 * seam, albedo * (0.45 + 0.55 * seam)[..., None]
    return Surface(albedo, height, np.full((SIZE, SIZE), 0.55))


MAKERS = {"tile": tile, "wood": wood, "brick": brick, "fabric": fabric, "marble": marble, "metal": metal}


def lit(surface, rng):
    """The surface under one lamp and a bright window, averaged down to 256 x 256, in linear light."""
    dy, dx = np.gradient(surface.height)
    normal = np.stack([-dx, -dy, np.full_like(dx, 2.6)], axis=2)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    angle = np.radians(rng.uniform(200, 340))
    light = np.array([np.cos(angle) * 0.75, np.sin(angle) * 0.75, 1.0])
    light /= np.linalg.norm(light)
    diffuse = np.clip(normal @ light, 0, None)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE - 0.5
    falloff = 1 + 0.28 * (x * np.cos(angle) + y * np.sin(angle))
    view = np.stack([x * 0.35, y * 0.35, np.ones_like(x)], axis=2)
    half = view / np.linalg.norm(view, axis=2, keepdims=True) + light
    half /= np.linalg.norm(half, axis=2, keepdims=True)
    glint = np.clip((normal * half).sum(axis=2), 0, 1) ** (8 + 90 * surface.gloss) * surface.gloss
    bounce = 2 * normal[..., :2] * normal[..., 2:]
    window = smoothstep(0.16, 0.05, np.abs(bounce[..., 0] + x * 0.7 - 0.22)) * smoothstep(0.30, 0.1, np.abs(bounce[..., 1] + y * 0.7 + 0.1))
    warmth = np.array([1 + rng.normal(0, 0.03), 1.0, 1 + rng.normal(0, 0.04)])
    colour = surface.albedo * ((0.34 + 0.82 * diffuse) * falloff)[..., None] * warmth
    colour = colour + (0.5 * glint + 0.10 * window * surface.gloss)[..., None]
    return colour.reshape(SIZE // 2, 2, SIZE // 2, 2, 3).mean(axis=(1, 3))
