#!/usr/bin/env python3
"""Draws the bundled dataset: pictures, metadata, queries, judgements, near-duplicates, checksums.

    python3 -m pip install -r requirements.txt
    python3 generate.py [--jobs N] [--out FOLDER]

Everything follows from the seeds in this folder. The same versions of the libraries on the
same kind of machine give the same bytes; elsewhere the last digit of a float may differ, and
then so may a few pixels. The committed files and checksums.txt are the reference.
"""

import argparse
import csv
import hashlib
import io
import multiprocessing
import os
import pathlib

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from renderer import defects, judge, plan, products, surfaces
from renderer.noise import generator
from renderer.palette import encode

FIELDS = ["filename", "kind", "product", "colour", "material", "pattern", "defect", "severity", "background",
          "price", "year", "made_on", "in_stock", "caption"]
QUALITY = 84


def draw(seed, row):
    """The untouched picture of a row."""
    if row["kind"] == "product":
        return Image.fromarray(encode(products.picture(
            seed, row["product"], row["colour"], row["material"], row["pattern"], row["defect"],
            row["background"], row["second"])))
    rng = generator("surface", seed, row["product"])
    pattern = "painted" if row["product"] == "brick" and row["colour"] == "white" else row["pattern"]
    surface = surfaces.MAKERS[row["product"]](rng, row["colour"], pattern)
    if row["defect"] != "none":
        defects.MAKERS[row["defect"]](surface, rng, row["severity"])
    return Image.fromarray(encode(surfaces.lit(surface, rng)))


def vary(picture, variant, rng):
    """A near-duplicate, as copies get altered on their way around, and the JPEG quality it is kept at."""
    size = picture.width
    if variant == "resized":
        return picture.resize((int(size * rng.choice([0.5, 0.625, 0.75])),) * 2, Image.Resampling.LANCZOS), QUALITY
    if variant == "recompressed":
        return picture, int(rng.integers(22, 40))
    if variant == "cropped":
        cut = int(size * rng.uniform(0.05, 0.10))
        return picture.crop((cut, int(cut * 0.6), size - int(cut * 0.7), size - cut)), QUALITY
    if variant == "brightened":
        brighter = ImageEnhance.Brightness(picture).enhance(rng.choice([0.78, 1.22]))
        return ImageEnhance.Contrast(brighter).enhance(rng.uniform(0.85, 1.15)), QUALITY
    if variant == "recoloured":
        gains = np.array([1.13, 1.0, 0.84]) if rng.random() < 0.5 else np.array([0.86, 1.0, 1.14])
        return Image.fromarray(np.clip(np.asarray(picture) * gains, 0, 255).astype(np.uint8)), QUALITY
    if variant == "mirrored":
        return ImageOps.mirror(picture), QUALITY
    pen = ImageDraw.Draw(picture, "RGBA")
    pen.rectangle((0, size - 26, size, size), fill=(0, 0, 0, 150))
    pen.text((8, size - 20), "SAMPLE  No. %04d" % rng.integers(10000), fill=(255, 255, 255, 235))
    return picture, QUALITY


def save(picture, path, quality=QUALITY):
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.getvalue())


def make(job):
    path, seed, row, variant = job
    picture, quality = draw(seed, row), QUALITY
    if variant:
        picture, quality = vary(picture, variant, generator("vary", seed, variant))
    save(picture, path, quality)


def query_row(words):
    product, colour, material, pattern, last = words.split()
    kind = "surface" if product in plan.SURFACES else "product"
    row = {"kind": kind, "product": product, "colour": colour, "material": material, "pattern": pattern,
           "second": "white", "defect": "none", "severity": 0, "background": last}
    if kind == "surface":
        row |= {"defect": last, "severity": 2 if last != "none" else 0, "background": ""}
    return row


def jobs(rows, folder):
    everything = [(folder / "images" / f"{row['id']}.jpg", row["seed"], row, row["variant"]) for row in rows]
    for name, words in judge.query_pictures().items():
        everything.append((folder / name, f"query {words}", query_row(words), ""))
    for index, original in enumerate(judge.copies_asked_for(rows)):
        variant = ["cropped", "resized", "stamped"][index % 3]
        everything.append((folder / f"queries/copy-of-{original['id']}.jpg", original["seed"], original, variant))
    return everything


def write_tables(rows, folder):
    def table(name, header, lines, **style):
        with open(folder / name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n", **style)
            writer.writerows([header] * bool(header) + lines)

    table("metadata.csv", FIELDS, [[f"{row['id']}.jpg"] + [row[f] for f in FIELDS[1:]] for row in rows])
    queries, qrels = judge.judgements(rows)
    table("queries.csv", ["qid", "text", "image"], queries)
    table("qrels.tsv", None, qrels, delimiter="\t")
    for name, is_part in judge.PARTS.items():
        part = [row for row in queries if is_part(row)]
        asked = {qid for qid, *_ in part}
        table(f"{name}.csv", ["qid", "text", "image"], part)
        table(f"{name}-qrels.tsv", None, [row for row in qrels if row[0] in asked], delimiter="\t")
    table("duplicates.csv", ["a", "b", "variant"], judge.duplicates(rows))
    unanswered = {qid for qid, *_ in queries} - {qid for qid, _, _, grade in qrels if grade == "2"}
    if unanswered:
        raise SystemExit(f"queries without a full answer: {sorted(unanswered)}")


def write_checksums(folder):
    files = [*folder.glob("images/*.jpg"), *folder.glob("queries/*.jpg"), *folder.glob("*.csv"), *folder.glob("*.tsv")]
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(folder)}\n" for f in sorted(files)]
    (folder / "checksums.txt").write_text("".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = plan.rows()
    write_tables(rows, arguments.out)
    with multiprocessing.Pool(arguments.jobs) as pool:
        for _ in pool.imap_unordered(make, jobs(rows, arguments.out), chunksize=4):
            pass
    write_checksums(arguments.out)


if __name__ == "__main__":
    main()
