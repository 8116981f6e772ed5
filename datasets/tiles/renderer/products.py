"""A product picture from words: what it is, colour, material, pattern, defect, background."""

from . import furnishings, materials, vessels
from .noise import generator
from .raymarch import Scene, render

BUILDERS = vessels.BUILDERS | furnishings.BUILDERS

# Where the camera stands, in degrees around the product; books and clocks have a front.
_VIEWS = {"clock": (-28, 28), "book": (18, 48), "cushion": (-30, 30), "shoe": (12, 50), "car": (22, 55),
          "mug": (-35, 60), "teapot": (-30, 30), "chair": (20, 60), "box": (22, 60)}
_HEIGHTS = {"book": (28, 42), "bowl": (22, 40), "box": (18, 34), "cushion": (8, 18), "clock": (4, 14)}


def picture(seed, product, colour, material, pattern, defect, background, second="white"):
    """The picture as linear light, shape (256, 256, 3)."""
    rng = generator("product", seed, product)
    look = materials.make(material, colour, pattern, rng, second, flat=product == "cushion")
    if defect == "crack":
        look.albedo = materials.cracked(look.albedo, int(rng.integers(1 << 20)), rng.uniform(0.008, 0.015))
    elif defect == "stain":
        look.albedo = materials.stained(look.albedo, int(rng.integers(1 << 20)))
    parts, height, width = BUILDERS[product](look, rng)
    floor, backdrop = materials.floor(background, rng)
    scene = Scene(
        parts=parts, centre=(0, height * 0.5, 0), radius=0.5 * (height**2 + width**2) ** 0.5 + 0.05,
        floor=floor, backdrop=backdrop,
        azimuth=rng.uniform(*_VIEWS.get(product, (-60, 60))),
        elevation=rng.uniform(*_HEIGHTS.get(product, (10, 26))),
        light=rng.choice([-1, -1, 1]) * rng.uniform(25, 65), warmth=rng.normal(0.02, 0.05),
        zoom=rng.uniform(0.92, 1.12), lean=rng.normal(0, 1.2))
    return render(scene)
