"""Renders solids on a studio floor: soft shadows, ambient occlusion, reflections of softboxes, glass."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from .noise import mix, smoothstep


@dataclass
class Material:
    """`albedo` is a linear colour or a function of points; `metal`, `gloss` and `glass` are 0...1."""

    albedo: object
    gloss: float = 0.3
    metal: float = 0.0
    glass: float = 0.0
    glow: float = 0.0
    bump: object = None


@dataclass
class Scene:
    parts: list
    centre: tuple
    radius: float
    floor: object
    backdrop: np.ndarray
    azimuth: float = 30.0
    elevation: float = 18.0
    light: float = -40.0
    warmth: float = 0.0
    zoom: float = 1.0
    lean: float = 0.0
    extra: dict = field(default_factory=dict)


def unit(v):
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def distance(scene, p):
    return np.minimum.reduce([solid(p) for solid, _ in scene.parts])


def march(scene, origin, direction, start, end, steps=96):
    """Distances along the rays to the first hit; infinity where there is none."""
    t, found = start.copy(), np.full(start.shape, np.inf, np.float32)
    active = np.arange(len(t))
    for _ in range(steps):
        p = origin[active] + direction[active] * t[active, None]
        d = distance(scene, p)
        near = d < 0.0012
        found[active[near]] = t[active[near]]
        t[active] += d * 0.9
        active = active[~near & (t[active] < end[active])]
        if not active.size:
            break
    return found


def sphere_span(scene, origin, direction, inflate=1.0):
    """Where the rays enter and leave the sphere around the solids; empty spans where they miss."""
    oc = origin - np.asarray(scene.centre, np.float32)
    b = (oc * direction).sum(axis=1)
    h = b * b - ((oc * oc).sum(axis=1) - (scene.radius * inflate) ** 2)
    root = np.sqrt(np.maximum(h, 0))
    return h > 0, np.maximum(-b - root, 0), -b + root


def normals(scene, p, bump=None):
    e, n = 0.0015, 0
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        k = np.asarray(corner, np.float32)
        n = n + k * distance(scene, p + k * e)[:, None]
    return unit(n)


def shadow(scene, p, light, sharpness=9.0, steps=40):
    """1 in the light, 0 in the dark, soft in between."""
    result = np.ones(len(p), np.float32)
    origin, direction = p, np.broadcast_to(light, p.shape)
    inside, start, end = sphere_span(scene, origin, direction, 1.35)
    active = np.flatnonzero(inside & (end > 0))
    t = np.maximum(start, 0.02)
    for _ in range(steps):
        if not active.size:
            break
        d = distance(scene, origin[active] + direction[active] * t[active, None])
        result[active] = np.minimum(result[active], np.clip(sharpness * d / t[active], 0, 1))
        t[active] += np.clip(d, 0.015, 0.3)
        active = active[(result[active] > 0.01) & (t[active] < end[active])]
    return result * result * (3 - 2 * result)


def occlusion(scene, p, n):
    """How open the surroundings are, 0...1, from five samples along the normal."""
    dark, weight = 0, 1.0
    for i in range(1, 6):
        h = 0.012 + 0.09 * i * scene.radius / 1.2
        dark = dark + weight * np.maximum(h - np.minimum(distance(scene, p + n * h), h), 0)
        weight *= 0.62
    return np.clip(1 - 1.1 * dark, 0, 1)


def environment(scene, d, gloss):
    """What a reflection sees: the floor below, the backdrop around, two softboxes and a bright top."""
    blur = 0.05 + 0.5 * (1 - gloss)
    floor = scene.extra["floor_mean"]
    up = smoothstep(-0.25 - blur, 0.25 + blur, d[:, 1])
    colour = mix(floor * 0.75, scene.backdrop * 0.9 + 0.08, up)
    colour = mix(colour, np.ones(3), 0.55 * smoothstep(0.5, 1.0, d[:, 1]))
    right, _, back = scene.extra["axes"]
    x, z = d @ right, d @ back
    for side, strength in ((-0.75, 2.6), (0.85, 1.1)):
        across = smoothstep(0.34 + blur, 0.30 - 0.5 * blur, np.abs(x - side))
        tall = smoothstep(-0.2 - blur, 0.0, d[:, 1]) * smoothstep(0.85 + blur, 0.8, d[:, 1])
        colour = colour + (strength * across * tall * (z < 0.5))[:, None]
    return colour


def shade(scene, p, n, view, material, behind):
    """The colour of surface points seen along `view` (from the camera)."""
    light = scene.extra["light"]
    albedo = material.albedo(p) if callable(material.albedo) else material.albedo
    albedo = np.broadcast_to(np.asarray(albedo, np.float32), p.shape)
    if material.bump is not None:
        n = unit(n + material.bump(p))
    lit = shadow(scene, p + n * 0.006, light)
    ao = occlusion(scene, p, n)
    facing = np.clip((n * light).sum(axis=1), 0, 1)
    nv = np.clip(-(n * view).sum(axis=1), 0, 1)
    sky = 0.5 + 0.5 * n[:, 1]
    ambient = mix(scene.extra["floor_mean"] * 0.5, scene.backdrop * 0.35 + 0.3, sky) * ao[:, None]
    fill = np.clip((n * scene.extra["fill"]).sum(axis=1), 0, 1) * 0.22 * ao
    diffuse = albedo * (
        ambient + (facing * lit)[:, None] * scene.extra["key"] + fill[:, None]
    )
    reflected = view - 2 * (n * view).sum(axis=1, keepdims=True) * n
    mirror = environment(scene, reflected, material.gloss) * (0.35 + 0.65 * ao)[:, None]
    fresnel = 0.04 + 0.96 * (1 - nv) ** 5
    half = unit(light - view)
    exponent = 6 + 240 * material.gloss**2
    glint = np.clip((n * half).sum(axis=1), 0, 1) ** exponent * lit * material.gloss * 1.6
    plastic = diffuse + mirror * (fresnel * material.gloss**0.7)[:, None] + glint[:, None]
    metal = albedo * (mirror * 0.95 + glint[:, None] * 1.5 + diffuse * 0.15)
    colour = mix(plastic, metal, np.full(len(p), material.metal))
    if material.glass:
        tint = albedo ** (0.35 + 0.9 * (1 - nv))[:, None]
        clear = behind * tint * (0.62 + 0.38 * nv)[:, None] + albedo * 0.05
        clear = clear + mirror * (0.05 + 0.8 * fresnel)[:, None] + glint[:, None]
        colour = mix(colour, clear, np.full(len(p), material.glass))
    return colour + albedo * material.glow


def camera(scene, size):
    az, el = np.radians(scene.azimuth), np.radians(scene.elevation)
    back = np.array([np.sin(az) * np.cos(el), np.sin(el), np.cos(az) * np.cos(el)], np.float32)
    right = unit(np.cross(np.array([0, 1, 0], np.float32), back))
    above = np.cross(back, right)
    fov = np.radians(26)
    far = scene.radius / np.sin(fov / 2) * 1.04 / scene.zoom
    eye = np.asarray(scene.centre, np.float32) + back * far
    grid = ((np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1) * np.tan(fov / 2)
    x, y = np.meshgrid(grid, -grid)
    turn = np.radians(scene.lean)
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    rays = x[..., None] * right + y[..., None] * above - back
    return np.broadcast_to(eye, (size * size, 3)), unit(rays.reshape(-1, 3)), (right, above, back)


def ground(scene, origin, direction):
    """The floor and backdrop behind everything, with the solids' shadow on them."""
    up = np.clip(direction[:, 1] * 2.2 + 0.55, 0, 1)
    wall = scene.backdrop * (0.72 + 0.36 * up)[:, None]
    t = np.where(direction[:, 1] < -1e-4, -origin[:, 1] / np.minimum(direction[:, 1], -1e-4), 1e6)
    p = origin + direction * np.minimum(t, 60)[:, None]
    p[:, 1] = 0
    near = t < 60
    colour = wall.copy()
    if near.any():
        q = p[near]
        albedo = scene.floor(q)
        up_vector = np.broadcast_to(np.array([0, 1, 0], np.float32), q.shape)
        lit = shadow(scene, q + np.array([0, 0.004, 0], np.float32), scene.extra["light"], 7.0)
        ao = occlusion(scene, q, up_vector)
        level = scene.extra["light"][1]
        radiance = (0.36 * ao)[:, None] + lit[:, None] * scene.extra["key"] * level * 0.72
        away = np.linalg.norm(q - np.asarray(scene.centre, np.float32) * [1, 0, 1], axis=1)
        fade = smoothstep(2.2, 7.0, away / scene.radius)
        colour[near] = mix(albedo * radiance, wall[near], fade)
    return colour


def render(scene, size=256, oversample=1.75):
    big = int(size * oversample)
    origin, direction, axes = camera(scene, big)
    right, above, back = axes
    turn = np.radians(scene.light)
    scene.extra["axes"] = (right, above, back)
    scene.extra["light"] = unit(np.sin(turn) * right * 1.0 + 0.95 * np.array([0, 1, 0]) + np.cos(turn) * back * 0.9).astype(np.float32)
    scene.extra["fill"] = unit(-np.sin(turn) * right + 0.2 * above + 0.5 * back).astype(np.float32)
    scene.extra["key"] = np.array([1.0 + scene.warmth, 1.0, 1.0 - scene.warmth], np.float32) * 0.92
    spot = np.random.default_rng(1).uniform(-2, 2, (256, 3)).astype(np.float32) * [1, 0, 1]
    scene.extra["floor_mean"] = scene.floor(spot.astype(np.float32)).mean(axis=0)
    colour = ground(scene, origin, direction)
    inside, start, end = sphere_span(scene, origin, direction)
    rays = np.flatnonzero(inside)
    t = march(scene, origin[rays], direction[rays], start[rays], end[rays])
    hit = np.isfinite(t)
    rays, t = rays[hit], t[hit]
    p = origin[rays] + direction[rays] * t[:, None]
    n = normals(scene, p)
    which = np.argmin([solid(p) for solid, _ in scene.parts], axis=0)
    for index, (_, material) in enumerate(scene.parts):
        mine = which == index
        if mine.any():
            colour[rays[mine]] = shade(
                scene, p[mine], n[mine], direction[rays[mine]], material, colour[rays[mine]]
            )
    picture = np.minimum(colour, 2.5).reshape(big, big, 3).astype(np.float32)
    bands = [
        Image.fromarray(picture[..., c], mode="F").resize((size, size), Image.Resampling.BOX)
        for c in range(3)
    ]
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    return np.stack([np.asarray(b) for b in bands], axis=2) * (1.04 - 0.28 * (x * x + y * y))[..., None]
