"""Makes fingerprints.txt and changes.txt, what Pillow, NumPy and SciPy make of the pictures in this folder,
tiles.txt, the hashes that ImageHash gives of bundled images, and the pictures scene*, framed.png, bars.png and
flat.png.

Run from anywhere, after make_fixtures.py: python3 make_fingerprints.py (needs pillow, numpy, scipy, ImageHash).
A line of fingerprints.txt: file, width, height, SHA-256 of the PPM file, hash, hash of the mirror image,
spread, margins left,top,right,bottom. A line of changes.txt: file, id of the change, width, height, SHA-256
of the PPM file.
"""

import hashlib
import pathlib

import imagehash
import numpy as np
from PIL import Image, ImageOps
from scipy.fft import dct
from scipy.ndimage import correlate1d, gaussian_filter

HERE = pathlib.Path(__file__).parent


def scene(width=96, height=72):
    """Something like a photograph: smooth shapes of many sizes, drawn from a seed."""
    random = np.random.default_rng(11)
    layers = [gaussian_filter(random.normal(size=(height, width, 3)), (s, s, 0.7)) for s in (2, 6, 16)]
    mixed = sum(layer / layer.std() * weight for layer, weight in zip(layers, (10, 24, 30)))
    return np.clip(mixed + 120, 0, 255).round().astype(np.uint8)


def pictures():
    whole = scene()
    image = Image.fromarray(whole)
    image.save(HERE / "scene.png")
    image.save(HERE / "scene.tif", compression="tiff_lzw")
    image.save(HERE / "scene.webp", lossless=True)
    image.save(HERE / "scene_90.jpg", quality=90)
    image.save(HERE / "scene_40.jpg", quality=40)
    ImageOps.mirror(image).save(HERE / "scene_mirrored.png")
    framed = np.full((90, 120, 3), (250, 248, 244), np.uint8)
    framed[7:79, 20:116] = whole
    Image.fromarray(framed).save(HERE / "framed.png")
    bars = np.zeros((100, 96, 3), np.uint8)
    bars[16:88] = whole
    Image.fromarray(bars).save(HERE / "bars.png")
    Image.new("RGB", (40, 30), (200, 10, 60)).save(HERE / "flat.png")


def rgb(name):
    """Oriented, 8 bits, on white."""
    image = ImageOps.exif_transpose(Image.open(HERE / name))
    if image.mode.startswith("I"):
        grey = (np.asarray(image).astype(int) >> 8).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        layers = np.asarray(image.convert("RGBA")).astype(int)
        alpha = layers[..., 3:]
        return ((layers[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return np.asarray(image.convert("RGB"))


def digest(array):
    head = b"P6\n%d %d\n255\n" % (array.shape[1], array.shape[0])
    return hashlib.sha256(head + array.tobytes()).hexdigest()


def resized(image, width, height, kernel):
    """Horizontally first, as Pillow did in every version before 13."""
    return image.resize((width, image.size[1]), kernel).resize((width, height), kernel)


def perceptual(luminance):
    # Coefficients that are zero by symmetry are zero, whatever floating point makes of them.
    low = np.round(dct(dct(luminance.astype(float), axis=0), axis=1)[:8, :8], 6)
    bits = (low > np.median(low)).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def margin(lines):
    first = np.floor(lines[0].astype(float).mean(axis=0) + 0.5)
    count = 0
    while count < len(lines) and (abs(lines[count] - first) <= 16).all():
        count += 1
    return count


def margins(array):
    columns = array.transpose(1, 0, 2)
    left, right = margin(columns), margin(columns[::-1])
    top, bottom = margin(array), margin(array[::-1])
    if left + right >= array.shape[1]:
        left = right = 0
    if top + bottom >= array.shape[0]:
        top = bottom = 0
    return left, top, right, bottom


def fingerprint(name):
    array = rgb(name)
    small = np.asarray(resized(Image.fromarray(array).convert("L"), 32, 32, Image.LANCZOS))
    spread = array.reshape(-1, 3).astype(float).std(axis=0).max()
    return "\t".join(map(str, [
        name, array.shape[1], array.shape[0], digest(array), perceptual(small), perceptual(small[:, ::-1]),
        repr(float(spread)), ",".join(map(str, margins(array)))]))


# --- Changes ---

def half_up(values):
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)


def crop(array, share, place):
    height, width = array.shape[:2]
    side = np.sqrt(share / 100)
    w, h = (max(1, int(np.floor(length * side + 0.5))) for length in (width, height))
    x, y = ((width - w) // 2, (height - h) // 2) if place == "center" else (0, 0)
    return np.asarray(Image.fromarray(array).crop((x, y, x + w, y + h)))


def rescale(array, divisor, back):
    height, width = array.shape[:2]
    image = Image.fromarray(array)
    small = resized(image, max(1, (width + divisor // 2) // divisor),
                    max(1, (height + divisor // 2) // divisor), Image.BICUBIC)
    return np.asarray(resized(small, width, height, Image.BICUBIC) if back else small)


def recolored(array, matrix, offset=0.0):
    red, green, blue = (array[..., c].astype(float) for c in range(3))
    return half_up(np.stack([row[0] * red + row[1] * green + row[2] * blue + offset for row in matrix], -1))


# The matrices of the W3C's Filter Effects Module Level 1.
LUMA = np.array([[0.213, 0.715, 0.072]] * 3)
COSINE = np.array([[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]])
SINE = np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])


def rotated(array, cosine, sine):
    height, width = array.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(float)
    cx, cy = (width - 1) / 2, (height - 1) / 2
    across, down = x - cx, y - cy
    sx, sy = cosine * across - sine * down + cx, sine * across + cosine * down + cy
    inside = (sx >= 0) & (sx <= width - 1) & (sy >= 0) & (sy <= height - 1)
    sx, sy = np.where(inside, sx, 0), np.where(inside, sy, 0)
    left, top = np.floor(sx).astype(int), np.floor(sy).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = (sx - left)[..., None], (sy - top)[..., None]
    values = array.astype(float)
    above = values[top, left] * (1 - fx) + values[top, right] * fx
    below = values[bottom, left] * (1 - fx) + values[bottom, right] * fx
    return np.where(inside[..., None], half_up(above * (1 - fy) + below * fy), 0).astype(np.uint8)


WORD = """
.####..###..#...#.####..#.....#####
#.....#...#.##.##.#...#.#.....#....
#.....#...#.#.#.#.#...#.#.....#....
.###..#####.#.#.#.####..#.....####.
....#.#...#.#...#.#.....#.....#....
....#.#...#.#...#.#.....#.....#....
####..#...#.#...#.#.....#####.#####
""".split()


def written(array, percent, corner):
    height, width = array.shape[:2]
    square = max(1, width * percent // 100 // 35)
    left, top = ((2 * square, height - 9 * square) if corner
                 else ((width - 35 * square) // 2, (height - 7 * square) // 2))
    word = np.repeat(np.repeat(np.array([[c == "#" for c in row] for row in WORD]), square, 0), square, 1)
    result = array.copy()
    for shift, level in (((square + 1) // 2, 0), (0, 255)):
        for y, x in zip(*np.nonzero(word)):
            row, column = top + shift + y, left + shift + x
            if 0 <= row < height and 0 <= column < width:
                result[row, column] = level
    return result


def framed(array, level, around=0, across=0, down=0):
    height, width = array.shape[:2]
    def part(share, length):
        return max(1, (length * share + 500) // 1000) if share else 0
    border = part(around, min(width, height))
    x, y = border + part(across, width), border + part(down, height)
    return np.pad(array, ((y, y), (x, x), (0, 0)), constant_values=level)


def blurred(array, thousandths):
    radius = max(1, (max(array.shape[:2]) * thousandths + 500) // 1000)
    box = np.ones(2 * radius + 1, int)
    values = array.astype(int)
    for _ in range(3):
        for axis in (1, 0):
            values = (correlate1d(values, box, axis=axis, mode="nearest") + radius) // len(box)
    return values.astype(np.uint8)


def noisy(array, deviation):
    state = int.from_bytes(hashlib.sha256(array.tobytes()).digest()[:8], "big")
    mask, result = 2 ** 64 - 1, []
    for value in array.flatten().tolist():
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        noise = (sum((z ^ z >> 31).to_bytes(8, "big")) - 1020) * deviation / 209.0
        noise = np.copysign(np.floor(abs(noise) + 0.5), noise)
        result.append(min(255, max(0, int(value + noise))))
    return np.array(result, np.uint8).reshape(array.shape)


CHANGES = {
    **{f"crop-{place}-{share}": (lambda a, s=share, p=place: crop(a, s, p))
       for share in (80, 50) for place in ("center", "corner")},
    **{f"rescale-{d}{'-back' * back}": (lambda a, d=d, b=back: rescale(a, d, b))
       for d in (2, 4) for back in (False, True)},
    **{f"jpeg-{quality}": (lambda a: a) for quality in (90, 50, 20)},
    "hue-30": lambda a: recolored(a, LUMA + 0.8660254037844387 * COSINE + 0.5 * SINE),
    "hue-90": lambda a: recolored(a, LUMA + 0.0 * COSINE + 1.0 * SINE),
    **{f"saturation-{p}": (lambda a, p=p: recolored(a, LUMA + p / 100 * COSINE)) for p in (50, 150)},
    **{f"brightness-{p}": (lambda a, p=p: recolored(a, np.eye(3) * (p / 100))) for p in (70, 130)},
    **{f"contrast-{p}": (lambda a, p=p: recolored(a, np.eye(3) * (p / 100), 127.5 - 127.5 * (p / 100)))
       for p in (70, 130)},
    "grey": lambda a: recolored(a, [[0.2126, 0.7152, 0.0722]] * 3),
    "flip": lambda a: np.asarray(ImageOps.mirror(Image.fromarray(a))),
    "turn-90": lambda a: np.asarray(Image.fromarray(a).transpose(Image.ROTATE_270)),
    "turn-180": lambda a: np.asarray(Image.fromarray(a).transpose(Image.ROTATE_180)),
    "turn-270": lambda a: np.asarray(Image.fromarray(a).transpose(Image.ROTATE_90)),
    "rotation-5": lambda a: rotated(a, 0.9961946980917455, 0.08715574274765817),
    "rotation-15": lambda a: rotated(a, 0.9659258262890683, 0.25881904510252074),
    "text-caption": lambda a: written(a, 40, True),
    "text-large": lambda a: written(a, 90, False),
    "border-white-5": lambda a: framed(a, 255, around=50),
    "border-black-10": lambda a: framed(a, 0, around=100),
    "letterbox": lambda a: framed(a, 0, down=125),
    "pillarbox": lambda a: framed(a, 0, across=125),
    **{f"blur-{r}": (lambda a, r=r: blurred(a, r)) for r in (5, 15)},
    **{f"noise-{d}": (lambda a, d=d: noisy(a, d)) for d in (8, 24)},
}

if __name__ == "__main__":
    pictures()
    looked_at = [
        "scene.png", "scene.tif", "scene.webp", "scene_mirrored.png", "framed.png", "bars.png", "flat.png",
        "plain.png", "plain.tif", "lossless.webp", "noise.png", "flat_wide.png", "tall.png", "pixel.png",
        "grey16.png", "palette.png", "palette_transparent.png", "alpha.png", "grey_alpha.png", "one_bit.png",
        *(f"orientation_{value}.webp" for value in range(1, 9)),
    ]
    (HERE / "fingerprints.txt").write_text("".join(fingerprint(name) + "\n" for name in looked_at))
    lines = []
    for name in ("scene.png", "noise.png", "tall.png", "pixel.png"):
        for change, apply in CHANGES.items():
            array = np.ascontiguousarray(apply(rgb(name)))
            lines.append(f"{name}\t{change}\t{array.shape[1]}\t{array.shape[0]}\t{digest(array)}\n")
    (HERE / "changes.txt").write_text("".join(lines))
    tiles = sorted((HERE.parents[2] / "datasets/tiles/images").glob("*.jpg"))[::30]
    (HERE / "tiles.txt").write_text("".join(
        f"{path.name}\t{imagehash.phash(Image.open(path))}\n" for path in tiles))
