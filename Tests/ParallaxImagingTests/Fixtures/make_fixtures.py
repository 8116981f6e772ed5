"""Makes the images in this folder and golden.txt, what Pillow and transformers see in them.

Run from anywhere: python3 make_fixtures.py (needs pillow with AVIF, numpy, transformers).
A line of golden.txt: file, transform, width, height, format, frames, orientation,
tolerance, pixels in hexadecimal; the transform is written as in `parse` below.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps
from transformers.image_transforms import center_crop

HERE = pathlib.Path(__file__).parent
KERNELS = {
    "nearest": Image.NEAREST, "bilinear": Image.BILINEAR,
    "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS,
}
golden = []


def picture(width=24, height=16):
    """A picture without any symmetry: ramps, a dark corner and a coloured block."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 100 * np.sin(x / 3 + y / 2)
    array = np.stack([red, green, blue], -1).round().astype(np.uint8)
    array[: height // 4, : width // 3] = (20, 20, 30)
    array[-height // 4:, -width // 6:] = (250, 240, 10)
    return array


def noise(width, height, seed):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def png(path, width, height, depth, kind, rows, extra=b""):
    """Writes a PNG by hand, for what Pillow cannot write."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def parse(text):
    """`shortest 12 bicubic crop 10x8`, `fit 10x10 lanczos`, `exact 5x9 bilinear`, `none`."""
    words = text.split()
    crop = None
    if "crop" in words:
        crop = tuple(int(v) for v in words[words.index("crop") + 1].split("x"))
        words = words[: words.index("crop")]
    return words, crop


def resized(image, size, kernel):
    """Horizontally first, as Pillow did in every version before 13."""
    if kernel == Image.NEAREST:
        return image.resize(size, kernel)
    return image.resize((size[0], image.size[1]), kernel).resize(size, kernel)


def transformed(image, text):
    words, crop = parse(text)
    if words[0] == "shortest":
        edge, (width, height) = int(words[1]), image.size
        longer = int(edge * max(width, height) / min(width, height))
        size = (edge, longer) if width <= height else (longer, edge)
        image = resized(image, size, KERNELS[words[2]])
    elif words[0] == "exact":
        image = resized(image, tuple(int(v) for v in words[1].split("x")), KERNELS[words[2]])
    elif words[0] == "fit":
        copy = image.copy()
        copy.thumbnail(tuple(int(v) for v in words[1].split("x")), reducing_gap=None)
        image = resized(image, copy.size, KERNELS[words[2]])
    array = np.asarray(image)
    if crop:
        array = center_crop(array, (crop[1], crop[0]), data_format="channels_last",
                            input_data_format="channels_last")
    return array


def flattened(image):
    """As the product promises: oriented, on white, three channels."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def expect(name, transform="none", tolerance=0, pixels=None, frames=1, orientation=1):
    stored = Image.open(HERE / name)
    kind = {"MPO": "jpeg", "AVIF": "heif"}.get(stored.format, stored.format.lower())
    whole = flattened(stored) if pixels is None else Image.fromarray(pixels)
    result = transformed(whole, transform)
    golden.append("\t".join(map(str, [
        name, transform, whole.size[0], whole.size[1], kind, frames, orientation, tolerance,
        f"{result.shape[1]}x{result.shape[0]}", result.astype(np.uint8).tobytes().hex()])))


def profile(primaries, gamma, name):
    """A small ICC profile for an RGB display, from primaries adapted to D50."""
    def fixed(value):
        return struct.pack(">i", round(value * 65536))
    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in values)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = name.encode() + b"\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78
    tags = {
        b"desc": description + b"\0" * (-len(description) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": xyz(primaries[0]), b"gXYZ": xyz(primaries[1]), b"bXYZ": xyz(primaries[2]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }
    offset, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", offset + len(data), len(content))
        data += content
    size = offset + len(data)
    header = struct.pack(">I4sI4s4s4s12s4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ",
                         b"\x07\xea\0\x01\0\x01" + b"\0" * 6, b"acsp")
    header += b"\0" * 28 + fixed(0.9642) + fixed(1) + fixed(0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def orientations():
    upright = Image.fromarray(picture(32, 16))
    undo = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
            6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}
    for value in range(1, 9):
        stored = upright if value == 1 else upright.transpose(getattr(Image.Transpose, undo[value]))
        exif = Image.Exif()
        exif[0x112] = value
        stored.save(HERE / f"orientation_{value}.webp", lossless=True, exif=exif)
        stored.save(HERE / f"orientation_{value}.jpg", quality=98, subsampling=0, exif=exif)
        for ending, tolerance in (("webp", 0), ("jpg", 1)):
            expect(f"orientation_{value}.{ending}", orientation=value, tolerance=tolerance)
            expect(f"orientation_{value}.{ending}", "shortest 9 bicubic crop 9x9",
                   orientation=value, tolerance=tolerance)


def kinds():
    rgb = picture()
    image = Image.fromarray(rgb)
    alpha = np.linspace(0, 255, 24 * 16).reshape(16, 24).round().astype(np.uint8)
    grey = np.asarray(image.convert("L"))

    image.save(HERE / "plain.png")
    expect("plain.png")
    image.save(HERE / "photo.jpg", quality=90)
    expect("photo.jpg", tolerance=1)
    image.save(HERE / "progressive.jpg", quality=90, progressive=True)
    expect("progressive.jpg", tolerance=1)
    Image.fromarray(grey).save(HERE / "grey.jpg", quality=90)
    expect("grey.jpg", tolerance=1)
    image.save(HERE / "plain.tif", compression="tiff_lzw")
    expect("plain.tif")
    image.save(HERE / "lossless.webp", lossless=True)
    expect("lossless.webp")
    image.save(HERE / "photo.avif", quality=100, subsampling="4:4:4", speed=8)
    expect("photo.avif", tolerance=4)

    Image.fromarray(np.dstack([rgb, alpha])).save(HERE / "alpha.png")
    expect("alpha.png", tolerance=1)
    Image.fromarray(np.dstack([grey, alpha]), "LA").save(HERE / "grey_alpha.png")
    expect("grey_alpha.png", tolerance=1)
    paletted = image.quantize(32)
    paletted.save(HERE / "palette.png")
    expect("palette.png")
    paletted.save(HERE / "palette_transparent.png", transparency=paletted.getpixel((0, 0)))
    expect("palette_transparent.png")
    image.convert("1").save(HERE / "one_bit.png")
    expect("one_bit.png")

    deep = np.random.default_rng(5).integers(0, 65536, (16, 24, 3), dtype=np.uint16)
    png(HERE / "rgb16.png", 24, 16, 16, 2, [row.astype(">u2").tobytes() for row in deep])
    expect("rgb16.png", pixels=(deep >> 8).astype(np.uint8))
    png(HERE / "grey16.png", 24, 16, 16, 0, [row[:, 0].astype(">u2").tobytes() for row in deep])
    expect("grey16.png", pixels=np.repeat((deep[:, :, :1] >> 8).astype(np.uint8), 3, axis=2))

    frames = [Image.new("RGB", (24, 16), colour) for colour in ("red", "lime", "blue")]
    for name, options in (("animated.gif", {}), ("animated.webp", {"lossless": True})):
        frames[0].save(HERE / name, save_all=True, append_images=frames[1:], duration=50, **options)
        expect(name, frames=3)

    patches = Image.new("CMYK", (48, 16))
    for index, ink in enumerate([(0, 0, 0, 0), (255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0),
                                 (0, 0, 0, 255), (0, 0, 0, 128)]):
        patches.paste(ink, (index * 8, 0, index * 8 + 8, 16))
    patches.save(HERE / "cmyk.jpg", quality=95, subsampling=0)


def profiles():
    image = Image.fromarray(picture())
    wide = profile([(0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)],
                   2.2, "a wide gamut")
    image.save(HERE / "wide_gamut.png", icc_profile=wide)
    converted = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(wide)), ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    expect("wide_gamut.png", tolerance=3, pixels=np.asarray(converted))
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(HERE / "srgb_profile.png", icc_profile=standard)
    expect("srgb_profile.png")
    image.save(HERE / "broken_profile.jpg", quality=90, icc_profile=b"not a profile" * 20)
    expect("broken_profile.jpg", tolerance=1)


def geometry():
    Image.fromarray(noise(53, 37, 1)).save(HERE / "noise.png")
    Image.fromarray(noise(120, 3, 2)).save(HERE / "flat_wide.png")
    Image.fromarray(noise(2, 90, 3)).save(HERE / "tall.png")
    Image.fromarray(noise(1, 1, 4)).save(HERE / "pixel.png")
    for kernel in KERNELS:
        for text in (f"shortest 16 {kernel}", f"shortest 50 {kernel} crop 20x30",
                     f"exact 11x30 {kernel}", f"exact 60x20 {kernel}"):
            expect("noise.png", text)
    for text in ("fit 20x20 bicubic", "fit 30x8 lanczos", "fit 100x100 bicubic",
                 "none crop 20x11", "none crop 60x21", "none crop 20x60",
                 "shortest 16 bicubic crop 16x16", "shortest 9 bilinear crop 16x17",
                 "exact 53x10 bicubic", "exact 10x37 lanczos", "exact 53x37 bicubic"):
        expect("noise.png", text)
    for name in ("flat_wide.png", "tall.png", "pixel.png"):
        for text in ("shortest 8 bicubic crop 8x8", "shortest 2 lanczos", "fit 10x10 bicubic",
                     "exact 7x5 bilinear", "shortest 8 nearest crop 8x8"):
            expect(name, text)


def odd_files():
    image = Image.fromarray(noise(64, 64, 9))
    whole = io.BytesIO()
    image.save(whole, "JPEG", quality=90)
    (HERE / "truncated.jpg").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    whole = io.BytesIO()
    image.save(whole, "PNG")
    (HERE / "truncated.png").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    png(HERE / "bomb.png", 60000, 60000, 8, 2, [b"\0" * 1000])
    png(HERE / "wide_bomb.png", 200000, 1, 1, 0, [b"\0" * 25000])
    phone = b"\xff" * (9000 // 8) + b"\0" * (3000 // 8)
    png(HERE / "phone108.png", 12000, 9000, 1, 0, [phone] * 9000)
    png(HERE / "huge_flat.png", 6000, 6000, 1, 0, [b"\0" * 750] * 6000)
    (HERE / "garbage.jpg").write_bytes(b"\xff\xd8\xff\xe0" + noise(20, 10, 6).tobytes())
    (HERE / "garbage.bin").write_bytes(b"\x80" + noise(20, 10, 7).tobytes())
    (HERE / "empty.jpg").write_bytes(b"")
    (HERE / "text.jpg").write_text("this is not a picture, whatever its name says\n")
    (HERE / "drawing.svg").write_text("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>\n")
    (HERE / "document.pdf").write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    (HERE / "resource.jpg").write_bytes(bytes.fromhex("0005160700020000") + b"Mac OS X        ")
    image.resize((4, 4)).save(HERE / "picture.bmp")


orientations()
kinds()
profiles()
geometry()
odd_files()
(HERE / "golden.txt").write_text("\n".join(golden) + "\n")
