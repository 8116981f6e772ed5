"""Which pictures there are: every row of metadata.csv before anything is drawn."""

import datetime

from .noise import generator

SURFACES = {
    # product: (material, pictures, colours, patterns, defects)
    "tile": ("ceramic", 34, ["blue", "white", "green", "terracotta", "yellow", "black", "turquoise", "pink"],
             ["plain", "plain", "checked", "star", "rings", "petals"], ["crack", "chip", "stain", "scratch", "misprint"]),
    "wood": ("wood", 25, ["brown", "cream", "grey", "red", "blue"], ["plain"], ["crack", "scratch", "stain"]),
    "brick": ("clay", 25, ["terracotta", "red", "brown", "grey", "white"], ["plain"], ["crack", "chip", "stain"]),
    "fabric": ("cotton", 28, ["red", "blue", "green", "cream", "purple", "grey", "orange"],
               ["plain", "striped", "checked", "dotted"], ["tear", "stain", "misprint"]),
    "marble": ("stone", 24, ["white", "black", "green", "pink", "cream", "grey"], ["plain", "plain", "slabs"],
               ["crack", "chip", "stain", "scratch"]),
    "metal": ("steel", 24, ["silver", "grey", "copper", "gold"], ["plain", "plated", "riveted"], ["scratch", "stain", "dent"]),
}

_BRIGHT = ["red", "blue", "green", "yellow", "turquoise", "purple", "orange", "pink", "white", "black"]
PRODUCTS = {
    # product: (materials, patterns, price range)
    "mug": (["ceramic", "ceramic", "metal"], ["plain", "striped", "dotted"], (6, 24)),
    "bottle": (["glass", "plastic", "metal"], ["plain"], (3, 30)),
    "vase": (["ceramic", "ceramic", "glass"], ["plain", "striped", "dotted"], (18, 90)),
    "bowl": (["ceramic", "ceramic", "wood", "metal"], ["plain", "striped", "dotted"], (8, 45)),
    "teapot": (["ceramic", "ceramic", "metal"], ["plain", "striped", "dotted"], (22, 80)),
    "lamp": (["metal", "wood", "ceramic"], ["plain"], (35, 180)),
    "chair": (["wood", "plastic", "metal"], ["plain"], (45, 240)),
    "stool": (["wood", "metal", "plastic"], ["plain"], (25, 120)),
    "box": (["paper", "paper", "wood"], ["plain", "striped", "dotted", "checked"], (2, 15)),
    "ball": (["plastic", "leather"], ["plain", "striped", "dotted"], (4, 28)),
    "book": (["paper", "fabric"], ["plain"], (9, 48)),
    "shoe": (["leather", "fabric"], ["plain"], (40, 160)),
    "clock": (["metal", "plastic", "wood"], ["plain"], (15, 95)),
    "cushion": (["fabric"], ["plain", "striped", "dotted", "checked"], (14, 50)),
    "car": (["plastic", "metal", "wood"], ["plain"], (7, 35)),
}
EACH_PRODUCT = 11
_CRACKING = {"mug", "vase", "bowl", "teapot"}
_TINTS = {
    "wood": ["brown", "brown", "cream", "black", "red"], "metal": ["silver", "gold", "copper", "black", "red", "blue"],
    "glass": ["green", "blue", "brown", "white", "pink", "turquoise"], "leather": ["brown", "black", "red", "white", "orange"],
}
BACKGROUNDS = ["white", "white", "grey", "dark", "wooden", "wooden", "tiled", "concrete", "pink", "blue", "green", "yellow"]
_PLACES = {"wooden": "on a wooden table", "tiled": "on a chequered floor", "concrete": "on a concrete floor"}
_PATTERNS = {"striped": "stripes", "dotted": "dots", "checked": "checks"}
_DAMAGE = {
    "crack": "cracked", "chip": "chipped", "scratch": "scratched", "stain": "stained", "tear": "torn",
    "misprint": "misprinted", "dent": "dented",
}
_SURFACE_WORDS = {
    "tile": "{c} ceramic tiles", "wood": "{c} wooden boards", "brick": "a wall of {c} bricks", "fabric": "{c} cotton fabric",
    "marble": "{c} marble", "metal": "{c} metal sheet",
}
_SURFACE_PATTERNS = {
    "checked": "checked", "star": "with a star pattern", "rings": "with a ring pattern", "petals": "with a petal pattern",
    "striped": "with stripes", "dotted": "with dots", "slabs": "in slabs", "plated": "with a lozenge plate pattern",
    "riveted": "with rivets",
}

VARIANTS = ["resized", "recompressed", "cropped", "brightened", "recoloured", "mirrored", "stamped"]


def surface_caption(row):
    words = _SURFACE_WORDS[row["product"]].format(c=row["colour"])
    if row["pattern"] != "plain":
        words += " " + _SURFACE_PATTERNS[row["pattern"]]
    if row["defect"] != "none":
        degree = {1: "slightly ", 2: "", 3: "badly "}[row["severity"]]
        words += f", {degree}{_DAMAGE[row['defect']]}"
    return words


def product_caption(row):
    name = {"car": "toy car", "clock": "alarm clock"}.get(row["product"], row["product"])
    words = f"{row['colour']} {row['material']} {name}"
    if row["defect"] != "none":
        words = f"{_DAMAGE[row['defect']]} {words}"
    words = ("an " if words[0] in "aeiou" else "a ") + words
    if row["pattern"] != "plain":
        words += f" with {row['second']} {_PATTERNS[row['pattern']]}"
    return words + " " + _PLACES.get(row["background"], f"on a {row['background']} background")


def _trade(row, rng, low, high):
    row["price"] = "" if rng.random() < 0.06 else f"{rng.uniform(low, high):.2f}"
    day = datetime.date(2016, 1, 4) + datetime.timedelta(days=int(rng.integers(0, 3640)))
    row["year"], row["made_on"] = day.year, day.isoformat()
    row["in_stock"] = "true" if rng.random() < 0.72 else "false"


def _surface(product, index):
    material, count, colours, patterns, defects = SURFACES[product]
    rng = generator("plan", product, index)
    row = {"kind": "surface", "product": product, "material": material}
    row["colour"] = colours[index % len(colours)]
    row["pattern"] = str(rng.choice(patterns))
    # Half of each colour is sound; the defects take turns over the rest.
    faulty = (index // len(colours) + index) % 2 == 1
    row["defect"] = defects[(index // 2) % len(defects)] if faulty else "none"
    if row["defect"] == "misprint" and row["pattern"] == "plain":
        row["pattern"] = "star" if product == "tile" else "striped"
    row["severity"] = int(rng.integers(1, 4)) if faulty else 0
    row["background"] = ""
    row["caption"] = surface_caption(row)
    _trade(row, rng, 12, 90)
    return row


def _product(product, index):
    materials, patterns, price = PRODUCTS[product]
    rng = generator("plan", product, index)
    row = {"kind": "product", "product": product, "material": str(rng.choice(materials))}
    tints = _TINTS.get(row["material"], _BRIGHT)
    row["colour"] = tints[(index * 3 + int(rng.integers(2))) % len(tints)]
    plain = row["material"] in ("glass", "wood", "metal", "leather")
    row["pattern"] = "plain" if plain else str(rng.choice(patterns))
    row["second"] = str(rng.choice(["white", "yellow", "blue", "black"]))
    if row["second"] == row["colour"]:
        row["second"] = "red" if row["colour"] == "white" else "white"
    fragile = product in _CRACKING and row["material"] == "ceramic"
    row["defect"] = str(rng.choice(["crack", "stain"])) if fragile and rng.random() < 0.3 else "none"
    row["severity"] = 2 if row["defect"] != "none" else 0
    row["background"] = str(rng.choice(BACKGROUNDS))
    row["caption"] = product_caption(row)
    _trade(row, rng, *price)
    return row


def rows():
    """Every picture, near-duplicates included, numbered so that a copy is not beside its original."""
    originals = [_surface(name, i) for name, spec in SURFACES.items() for i in range(spec[1])]
    originals += [_product(name, i) for name in PRODUCTS for i in range(EACH_PRODUCT)]
    for index, row in enumerate(originals):
        row["seed"], row["variant"], row["original"] = index, "", None
    rng = generator("plan", "variants")
    chosen = rng.choice(len(originals), 38, replace=False)
    copies = []
    for count, index in enumerate(chosen):
        for repeat in range(2 if count < 6 else 1):
            variant = VARIANTS[(count + 3 * repeat) % len(VARIANTS)]
            copies.append(dict(originals[index], variant=variant, original=originals[index]))
    everything = originals + copies
    number = {}
    for index in rng.permutation(len(everything)):
        row = everything[index]
        number[row["product"]] = number.get(row["product"], 0) + 1
        row["id"] = f"{row['product']}-{number[row['product']]:03d}"
    return sorted(everything, key=lambda row: row["id"])
