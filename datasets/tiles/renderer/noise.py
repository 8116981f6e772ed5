"""Seeded noise, and the small vector helpers everything else uses."""

import hashlib

import numpy as np
from PIL import Image


def generator(*words):
    """A random generator that depends on the words and on nothing else."""
    digest = hashlib.sha256("/".join(str(word) for word in words).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a, b, t):
    """Blends two colours or two fields; a field `t` blends colours pixel by pixel."""
    a, b, t = np.asarray(a), np.asarray(b), np.asarray(t)
    if t.ndim and 3 in (a.shape[-1:] + b.shape[-1:]):
        t = t[..., None]
    return a * (1 - t) + b * t


def plane_noise(rng, size, cells, stretch=(1, 1)):
    """Smooth noise in 0...1 on a square picture; `cells` bumps along x, scaled by `stretch` (x, y)."""
    width = max(2, int(round(cells * stretch[0])) + 1)
    height = max(2, int(round(cells * stretch[1])) + 1)
    grid = rng.random((height, width)).astype(np.float32)
    picture = Image.fromarray(grid, mode="F").resize((size, size), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(picture), 0, 1)


def fractal(rng, size, cells, octaves=5, gain=0.5, stretch=(1, 1)):
    """A sum of octaves of `plane_noise`, scaled back to 0...1."""
    total, weight, sum_ = 0.0, 1.0, 0.0
    for octave in range(octaves):
        count = cells * 2**octave
        if count * max(stretch) > size:
            break
        total = total + weight * plane_noise(rng, size, count, stretch)
        sum_ += weight
        weight *= gain
    return total / sum_


def sample(field, x, y):
    """Looks a square field up at float coordinates with wrap-around."""
    size = field.shape[0]
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = x - x0, y - y0
    x0, x1, y0, y1 = x0 % size, (x0 + 1) % size, y0 % size, (y0 + 1) % size
    top = field[y0, x0] * (1 - fx) + field[y0, x1] * fx
    low = field[y1, x0] * (1 - fx) + field[y1, x1] * fx
    return top * (1 - fy) + low * fy


def _hash(x, y, z, seed):
    h = (x * 374761393 + y * 668265263 + z * 2147483647 + seed * 1274126177) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((h ^ (h >> 16)) & 0xFFFF).astype(np.float32) / 65535


def solid_noise(points, seed, scale=1.0):
    """Value noise in space, 0...1, for points of shape (n, 3)."""
    p = points * scale
    base = np.floor(p).astype(np.int64)
    f = (p - base).astype(np.float32)
    f = f * f * (3 - 2 * f)
    x, y, z = base.T
    total = 0
    for dx in (0, 1):
        for dy in (0, 1):
            for dz in (0, 1):
                weight = (
                    (f[:, 0] if dx else 1 - f[:, 0])
                    * (f[:, 1] if dy else 1 - f[:, 1])
                    * (f[:, 2] if dz else 1 - f[:, 2])
                )
                total = total + weight * _hash(x + dx, y + dy, z + dz, seed)
    return total


def solid_fractal(points, seed, scale=1.0, octaves=4):
    total, weight, sum_ = 0, 1.0, 0.0
    for octave in range(octaves):
        total = total + weight * solid_noise(points, seed + octave, scale * 2**octave)
        sum_ += weight
        weight *= 0.5
    return total / sum_
