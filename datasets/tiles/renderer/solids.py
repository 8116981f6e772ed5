"""Signed distances of simple solids, for points of shape (n, 3); y is up and the floor is y = 0."""

import numpy as np


def length(*parts):
    return np.sqrt(sum(part * part for part in parts))


def sphere(centre, radius):
    c = np.asarray(centre, dtype=np.float32)
    return lambda p: np.linalg.norm(p - c, axis=1) - radius


def ellipsoid(centre, radii):
    c, r = np.asarray(centre, np.float32), np.asarray(radii, np.float32)

    def distance(p):
        k0 = np.linalg.norm((p - c) / r, axis=1)
        k1 = np.linalg.norm((p - c) / (r * r), axis=1)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-6)

    return distance


def box(centre, half, rounding=0.0):
    c, h = np.asarray(centre, np.float32), np.asarray(half, np.float32) - rounding

    def distance(p):
        q = np.abs(p - c) - h
        outside = np.linalg.norm(np.maximum(q, 0), axis=1)
        return outside + np.minimum(q.max(axis=1), 0) - rounding

    return distance


def capsule(a, b, radius, end_radius=None):
    """A rod from a to b whose radius may change along it."""
    a, b = np.asarray(a, np.float32), np.asarray(b, np.float32)
    end = radius if end_radius is None else end_radius

    def distance(p):
        along = np.clip((p - a) @ (b - a) / np.dot(b - a, b - a), 0, 1)
        return np.linalg.norm(p - a - along[:, None] * (b - a), axis=1) - (
            radius + (end - radius) * along
        )

    return distance


def cylinder(centre, radius, half_height, axis=1, rounding=0.0):
    c = np.asarray(centre, np.float32)
    others = [i for i in range(3) if i != axis]

    def distance(p):
        q = p - c
        dr = length(q[:, others[0]], q[:, others[1]]) - radius + rounding
        dy = np.abs(q[:, axis]) - half_height + rounding
        return (
            np.minimum(np.maximum(dr, dy), 0)
            + length(np.maximum(dr, 0), np.maximum(dy, 0))
            - rounding
        )

    return distance


def torus(centre, radius, thickness, axis=2, stretch=1.0):
    """A ring around `axis`; `stretch` lengthens it along y."""
    c = np.asarray(centre, np.float32)

    def distance(p):
        q = p - c
        x, y, z = q[:, 0], q[:, 1] / stretch, q[:, 2]
        u, v, w = {0: (y, z, x), 1: (x, z, y), 2: (x, y, z)}[axis]
        return length(length(u, v) - radius, w) - thickness

    return distance


def revolve(profile, rounding=0.0):
    """The closed polygon (radius, height), turned around the y axis."""
    points = np.asarray(profile, np.float32)

    def distance(p):
        x, y = length(p[:, 0], p[:, 2]), p[:, 1]
        best = np.full(x.shape, 1e9, np.float32)
        sign = np.ones(x.shape, np.float32)
        previous = points[-1]
        for vertex in points:
            ex, ey = previous[0] - vertex[0], previous[1] - vertex[1]
            wx, wy = x - vertex[0], y - vertex[1]
            t = np.clip((wx * ex + wy * ey) / max(ex * ex + ey * ey, 1e-9), 0, 1)
            best = np.minimum(best, (wx - ex * t) ** 2 + (wy - ey * t) ** 2)
            above, below = y >= vertex[1], y < previous[1]
            left = ex * wy > ey * wx
            flip = (above & below & left) | (~above & ~below & ~left)
            sign = np.where(flip, -sign, sign)
            previous = vertex
        return sign * np.sqrt(best) - rounding

    return distance


def union(*solids):
    return lambda p: np.minimum.reduce([solid(p) for solid in solids])


def cut(solid, hole):
    return lambda p: np.maximum(solid(p), -hole(p))


def common(a, b):
    return lambda p: np.maximum(a(p), b(p))


def blend(a, b, radius):
    """A union whose seam is rounded."""

    def distance(p):
        da, db = a(p), b(p)
        h = np.clip(0.5 + 0.5 * (db - da) / radius, 0, 1)
        return db + (da - db) * h - radius * h * (1 - h)

    return distance
