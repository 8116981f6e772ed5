"""Makes the pictures in this folder and golden.txt: what their colours and alphas mean.

Run from anywhere: python3 make_colors.py (needs pillow with AVIF, pillow-heif, tifffile, numpy).
Profiles are applied by Little CMS (Pillow's ImageCms, 8 bits), everything else by numpy from the
formulas of the standards. A line of golden.txt: file, width, height, format, frames, tolerance,
pixels in hexadecimal.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
import pillow_heif
import tifffile
from PIL import Image, ImageCms

pillow_heif.register_heif_opener()
HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 12, 8
golden = []


# --- The picture ---

def picture():
    """Ramps, dark and light corners; no symmetry."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    array = np.stack([255 * x / (WIDTH - 1), 255 * y / (HEIGHT - 1),
                      127 + 100 * np.sin(x / 2 + y / 3)], -1).round().astype(np.uint8)
    array[:2, :4] = (20, 24, 30)
    array[-2:, -2:] = (250, 240, 10)
    return array


RGB = picture()
GREY = np.asarray(Image.fromarray(RGB).convert("L"))
ALPHA = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).round().astype(np.uint8)


def neutral(grey):
    return np.repeat(grey[..., None], 3, axis=2)


def on_white(color, alpha):
    share = alpha.astype(float)[..., None] / 255
    return np.rint(color * share + 255 * (1 - share)).astype(np.uint8)


def words(array):
    """The same picture in 16 bits."""
    return array.astype(np.uint16) * 257


def enlarged(array, factor=2):
    return np.repeat(np.repeat(array, factor, 0), factor, 1)


# --- Colour ---

def profile(space, tags):
    """A small ICC profile for a display."""
    def fixed(value):
        return struct.pack(">i", round(value * 65536))
    def content(value):
        if isinstance(value, float):
            return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"
        return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in value)
    name = b"test\0"
    parts = {b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 79,
             b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": content((0.9642, 1.0, 0.8249))}
    parts.update({tag.encode(): content(value) for tag, value in tags.items()})
    offset, table, data = 128 + 4 + 12 * len(parts), b"", b""
    for tag, part in parts.items():
        table += tag + struct.pack(">II", offset + len(data), len(part))
        data += part + b"\0" * (-len(part) % 4)
    head = struct.pack(">I4sI4s4s4s12s4s", offset + len(data), b"\0\0\0\0", 0x02100000, b"mntr",
                       space, b"XYZ ", b"\x07\xea\0\x01\0\x01" + b"\0" * 6, b"acsp")
    head += b"\0" * 28 + fixed(0.9642) + fixed(1) + fixed(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(parts)) + table + data


ADOBE = profile(b"RGB ", {
    "rXYZ": (0.60974, 0.31111, 0.01947), "gXYZ": (0.20528, 0.62567, 0.06087),
    "bXYZ": (0.14919, 0.06322, 0.74457), "rTRC": 2.2, "gTRC": 2.2, "bTRC": 2.2})
GREY18 = profile(b"GRAY", {"kTRC": 1.8})
STANDARD = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
BROKEN = b"not a profile" * 20


def converted(array, icc):
    """Through a profile by Little CMS; where it is none for these samples, as they are."""
    color = array if array.ndim == 3 else neutral(array)
    if icc in (None, BROKEN, LAB) or (icc == GREY18 and array.ndim == 3):
        return color
    source = Image.fromarray(array if icc == GREY18 else color)
    return np.asarray(ImageCms.profileToProfile(
        source, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"))


def linear(value):
    value = value / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encoded(light):
    light = np.clip(light, 0, 1)
    curved = 1.055 * light ** (1 / 2.4) - 0.055
    return np.rint(255 * np.where(light <= 0.0031308, 12.92 * light, curved)).astype(np.uint8)


def to_xyz(primaries):
    """The matrix of RGB with white D65 (SMPTE RP 177)."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    white = np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290])
    return columns * np.linalg.solve(columns, white)


MATRICES = {
    "709": to_xyz([(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)]),
    "p3": to_xyz([(0.68, 0.32), (0.265, 0.69), (0.15, 0.06)]),
    "2020": to_xyz([(0.708, 0.292), (0.170, 0.797), (0.131, 0.046)]),
}


def from_primaries(light, name):
    return encoded(light @ (np.linalg.inv(MATRICES["709"]) @ MATRICES[name]).T)


def pq(value):
    """SMPTE ST 2084; 203 cd/m2 is white, what is brighter is cut off."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = (value / 255) ** (1 / m2)
    return np.minimum(1, 10000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) / 203)


def hlg(value):
    """BT.2100 on a display of 1,000 cd/m2, its system gamma on each colour alone."""
    value, a, b, c = value / 255, 0.17883277, 0.28466892, 0.55991073
    scene = np.where(value <= 0.5, value * value / 3, (np.exp((value - c) / a) + b) / 12)
    return np.minimum(1, 1000 * scene ** 1.2 / 203)


# Primaries and transfer function of ITU-T H.273, and what they make of a picture.
CODES = {
    "p3": (12, 13, lambda v: from_primaries(linear(v), "p3")),
    "2020": (9, 14, lambda v: from_primaries(linear(v), "2020")),
    "2020pq": (9, 16, lambda v: from_primaries(pq(v), "2020")),
    "2020hlg": (9, 18, lambda v: from_primaries(hlg(v), "2020")),
    "linear": (1, 8, lambda v: encoded(v / 255)),
    "gamma22": (1, 4, lambda v: encoded((v / 255) ** 2.2)),
    "709": (1, 1, lambda v: v),
    "unspecified": (2, 2, lambda v: v),
}


# --- Writing ---

def expect(name, pixels, tolerance, frames=1):
    kind = {"jpg": "jpeg", "tif": "tiff", "avif": "heif", "heic": "heif"}
    ending = name.split(".")[-1]
    golden.append("\t".join(map(str, [
        name, pixels.shape[1], pixels.shape[0], kind.get(ending, ending), frames, tolerance,
        pixels.astype(np.uint8).tobytes().hex()])))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(name, array, kind, extra=b""):
    """Writes a PNG by hand, for what Pillow cannot write."""
    depth = array.dtype.itemsize * 8
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(f">u{depth // 8}").tobytes() for row in array)
    (HERE / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b""))


def icc_chunk(icc):
    return b"" if icc is None else chunk(b"iCCP", b"x\0\0" + zlib.compress(icc, 9))


def tiff(name, *pages):
    with tifffile.TiffWriter(HERE / name) as file:
        for array, options in pages:
            file.write(array, metadata=None, software=None, **options)


def options(icc, **more):
    return dict(more, **({"iccprofile": icc} if icc else {}))


# --- Kinds ---

def alphas_and_profiles():
    for label, icc in (("plain", None), ("adobe", ADOBE), ("grey18", GREY18)):
        extra, color, grey = icc_chunk(icc), converted(RGB, icc), converted(GREY, icc)
        png(f"rgba16_{label}.png", words(np.dstack([RGB, ALPHA])), 6, extra)
        expect(f"rgba16_{label}.png", on_white(color, ALPHA), 2)
        png(f"rgba8_{label}.png", np.dstack([RGB, ALPHA]), 6, extra)
        expect(f"rgba8_{label}.png", on_white(color, ALPHA), 2)
        png(f"rgb16_{label}.png", words(RGB), 2, extra)
        expect(f"rgb16_{label}.png", color, 2)
        Image.fromarray(np.dstack([RGB, ALPHA])).save(
            HERE / f"alpha_{label}.webp", lossless=True, exact=True, icc_profile=icc)
        expect(f"alpha_{label}.webp", on_white(color, ALPHA), 2)
        for depth, scale in ((8, lambda a: a), (16, words)):
            straight = np.dstack([RGB, ALPHA])
            tiff(f"straight{depth}_{label}.tif",
                 (scale(straight), options(icc, photometric="rgb", extrasamples=["unassalpha"])))
            expect(f"straight{depth}_{label}.tif", on_white(color, ALPHA), 2)
            tiff(f"infrared{depth}_{label}.tif",
                 (scale(straight), options(icc, photometric="rgb", extrasamples=["unspecified"])))
            expect(f"infrared{depth}_{label}.tif", color, 2)
        share = ALPHA[..., None] / 255
        tiff(f"multiplied_{label}.tif",
             (np.dstack([np.rint(words(RGB) * share).astype(np.uint16), words(ALPHA)]),
              options(icc, photometric="rgb", extrasamples=["assocalpha"])))
        expect(f"multiplied_{label}.tif", on_white(color, ALPHA), 3)
        for depth, array in ((8, GREY), (16, words(GREY))):
            tiff(f"grey{depth}_{label}.tif", (array, options(icc, photometric="minisblack")))
            expect(f"grey{depth}_{label}.tif", grey, 2)
    for label, icc in (("plain", None), ("grey18", GREY18)):
        extra, grey = icc_chunk(icc), converted(GREY, icc)
        for depth, scale in ((8, lambda a: a), (16, words)):
            png(f"g{depth}_{label}.png", scale(GREY), 0, extra)
            expect(f"g{depth}_{label}.png", grey, 2)
            png(f"ga{depth}_{label}.png", scale(np.dstack([GREY, ALPHA])), 4, extra)
            expect(f"ga{depth}_{label}.png", on_white(grey, ALPHA), 2)
    for label, icc in (("adobe", ADOBE), ("grey18", GREY18), ("standard", STANDARD), ("lab", LAB),
                       ("broken", BROKEN)):
        for kind, array in (("rgb", RGB), ("grey", GREY)):
            name = f"{kind}_{label}.jpg"
            Image.fromarray(array).save(HERE / name, quality=95, subsampling=0, icc_profile=icc)
            expect(name, converted(np.asarray(Image.open(HERE / name)), icc), 2)
    table = Image.fromarray(RGB).quantize(32)
    table.save(HERE / "table_adobe.png", icc_profile=ADOBE)
    expect("table_adobe.png", converted(np.asarray(table.convert("RGB")), ADOBE), 2)
    table.save(HERE / "table_alpha.png", transparency=bytes(8 * i for i in range(32)))
    whole = np.asarray(Image.open(HERE / "table_alpha.png").convert("RGBA"))
    expect("table_alpha.png", on_white(whole[..., :3], whole[..., 3]), 1)


def codes():
    for label, (primaries, transfer, meaning) in CODES.items():
        mark = chunk(b"cICP", bytes([primaries, transfer, 0, 1]))
        png(f"cicp_{label}.png", RGB, 2, mark)
        expect(f"cicp_{label}.png", meaning(RGB), 2)
    p3 = chunk(b"cICP", bytes([12, 13, 0, 1]))
    png("cicp_before_profile.png", RGB, 2, p3 + icc_chunk(ADOBE))
    expect("cicp_before_profile.png", CODES["p3"][2](RGB), 2)
    png("cicp_alpha16.png", words(np.dstack([RGB, ALPHA])), 6, p3)
    expect("cicp_alpha16.png", on_white(CODES["p3"][2](RGB), ALPHA), 2)
    png("cicp_grey.png", GREY, 0, chunk(b"cICP", bytes([9, 16, 0, 1])))
    expect("cicp_grey.png", encoded(pq(neutral(GREY))), 2)
    gamma = lambda value: chunk(b"gAMA", struct.pack(">I", value))
    for label, value, light in (("linear", 100000, RGB / 255), ("18", 55556, (RGB / 255) ** 1.8)):
        png(f"gamma_{label}.png", RGB, 2, gamma(value))
        expect(f"gamma_{label}.png", encoded(light), 2)
    png("gamma_usual.png", RGB, 2, gamma(45455))
    expect("gamma_usual.png", RGB, 0)
    png("gamma_overruled.png", RGB, 2, gamma(100000) + chunk(b"sRGB", b"\0"))
    expect("gamma_overruled.png", RGB, 0)
    points = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    png("primaries.png", RGB, 2, gamma(45455) + chunk(b"cHRM", points))
    expect("primaries.png", CODES["p3"][2](RGB), 2)


def heif():
    color, alpha = enlarged(RGB), enlarged(ALPHA)
    for ending, save in (("avif", dict(quality=100, subsampling="4:4:4", speed=8)),
                         ("heic", dict(quality=-1, chroma=444))):
        plain = HERE / f"plain.{ending}"
        Image.fromarray(color).save(plain, **save)
        expect(plain.name, color, 4)
        Image.fromarray(np.dstack([color, alpha])).save(HERE / f"alpha.{ending}", **save)
        expect(f"alpha.{ending}", on_white(color, alpha), 4)
        whole = plain.read_bytes()
        for brand in ("mif1", "miaf", "xxxx"):
            (HERE / f"brand_{brand}.{ending}").write_bytes(whole[:8] + brand.encode() + whole[12:])
            expect(f"brand_{brand}.{ending}", color, 4)
        for label in ("p3", "2020", "709"):
            primaries, transfer, meaning = CODES[label]
            marked, at = bytearray(whole), whole.find(b"colrnclx")
            assert at > 0, "the encoder states the colours"
            struct.pack_into(">HH", marked, at + 8, primaries, transfer)
            (HERE / f"nclx_{label}.{ending}").write_bytes(marked)
            # Steep in the dark: a difference of one there becomes several.
            expect(f"nclx_{label}.{ending}", meaning(color), 14)
        Image.fromarray(color).save(HERE / f"adobe.{ending}", icc_profile=ADOBE, **save)
        expect(f"adobe.{ending}", converted(color, ADOBE), 12)
    # An alpha that is nowhere small: dividing by it loses little.
    strong = np.full(alpha.shape, 128, np.uint8)
    strong[:, 12:] = 200
    Image.fromarray(np.dstack([color, strong])).save(
        HERE / "multiplied.avif", quality=100, subsampling="4:4:4", speed=8,
        alpha_premultiplied=True)
    expect("multiplied.avif", on_white(color, strong), 6)
    share = strong[..., None] / 255
    pillow_heif.from_bytes(
        "RGBa", (color.shape[1], color.shape[0]),
        np.dstack([np.rint(color * share).astype(np.uint8), strong]).tobytes()
    ).save(HERE / "multiplied.heic", quality=-1, chroma=444)
    expect("multiplied.heic", on_white(color, strong), 6)
    pillow_heif.from_bytes("RGBA;16", (color.shape[1], color.shape[0]), words(
        np.dstack([color, alpha])).tobytes()).save(HERE / "alpha10.heic", quality=-1, chroma=444)
    expect("alpha10.heic", on_white(color, alpha), 4)


def tiffs():
    small = np.asarray(Image.fromarray(RGB).resize((6, 4)))
    rgb = dict(photometric="rgb")
    tiff("preview_first.tif", (small, dict(rgb, subfiletype=1)), (RGB, rgb))
    expect("preview_first.tif", RGB, 0, frames=2)
    tiff("preview_and_sub.tif", (small, dict(rgb, subfiletype=1, subifds=1)), (RGB, rgb))
    expect("preview_and_sub.tif", RGB, 0)
    tiff("pyramid.tif", (RGB, dict(rgb, subifds=1)), (small, dict(rgb, subfiletype=1)))
    expect("pyramid.tif", RGB, 0)
    tiff("pages.tif", (small, rgb), (RGB, rgb))
    expect("pages.tif", small, 0, frames=2)
    with tifffile.TiffWriter(HERE / "big.tif", bigtiff=True) as file:
        file.write(small, metadata=None, software=None, photometric="rgb", subfiletype=1)
        file.write(RGB, metadata=None, software=None, photometric="rgb")
    expect("big.tif", RGB, 0, frames=2)
    tiff("float_rgb.tif", (RGB.astype(np.float32) / 255, rgb))
    expect("float_rgb.tif", RGB, 1)
    tiff("float_grey.tif", (GREY.astype(np.float32) / 255, dict(photometric="minisblack")))
    expect("float_grey.tif", neutral(GREY), 1)
    tiff("one_bit.tif", (GREY > 127, dict(photometric="minisblack")))
    expect("one_bit.tif", neutral((GREY > 127) * np.uint8(255)), 0)
    # CIELab under D50 in 16 bits, from sRGB by the formulas of CIE 15 and Bradford's matrix.
    to_d50 = np.array([[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169],
                       [0.0139322, 0.0971045, 0.7141733]])
    ratio = linear(RGB) @ to_d50.T / np.array([0.9642, 1, 0.8249])
    curve = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    lab = np.stack([(116 * curve[..., 1] - 16) / 100 * 65535,
                    500 * (curve[..., 0] - curve[..., 1]) * 256,
                    200 * (curve[..., 1] - curve[..., 2]) * 256], -1)
    tiff("lab16.tif", ((np.rint(lab).astype(np.int32) & 0xFFFF).astype(np.uint16),
                       dict(photometric="cielab")))
    expect("lab16.tif", RGB, 1)


def refusals():
    """What the tests expect to be refused by name."""
    small = np.asarray(Image.fromarray(RGB).resize((6, 4)))
    preview = (small, dict(photometric="rgb", subfiletype=1, subifds=1))
    tiff("mosaic.nef", preview, (words(GREY), dict(photometric=32803)))
    tiff("linear.dng", preview, (words(RGB), dict(photometric=34892)))
    tiff("float_255.tif", (RGB.astype(np.float32), dict(photometric="rgb")))
    tiff("float_nan.tif", (np.where(GREY > 100, np.float32("nan"), np.float32(0.5)),
                           dict(photometric="minisblack")))
    tiff("double.tif", (GREY / 255, dict(photometric="minisblack")))
    tiff("signed16.tif", (GREY.astype(np.int16), dict(photometric="minisblack")))
    tiff("unsigned32.tif", (GREY.astype(np.uint32), dict(photometric="minisblack")))
    tiff("bands5.tif", (np.dstack([RGB, GREY, GREY]),
                        dict(photometric="minisblack", planarconfig="contig")))


alphas_and_profiles()
codes()
heif()
tiffs()
refusals()
(HERE / "golden.txt").write_text("\n".join(golden) + "\n")
