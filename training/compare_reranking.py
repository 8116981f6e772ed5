"""Whether the program reranks as training measures, question by question.

Usage: python compare_reranking.py DATA RUN [--answers FILE]

DATA holds flickr8k/ as training/README.md describes it. RUN is what the program wrote for its captions, asked as c0 to
c4999 in the order of captions.csv: the photographs embedded with --task RETRIEVAL_DOCUMENT under the names of their
files without .jpg, then `query … --top 100 | rerank --model mini-cross`, exported as q.run. --answers FILE writes for
each caption whether its photograph is first, as bits in hexadecimal.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from parallax_train.figures import cosines
from parallax_train.folder import Folder
from parallax_train.pretrained.reranking import Reranker

COUNT = 100


def measured(folder: Path, towers: Folder) -> tuple[list[int], list[list[str]]]:
    """The rank of each caption's own photograph (0 where it is not among the first), and each list."""
    with open(folder / "captions.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["filename"] for row in rows})
    model = Reranker(towers)
    paths = [folder / "images" / name for name in names]
    seen = [model.seen(towers.load(paths[start:start + 50])) for start in range(0, len(paths), 50)]
    units, vectors, places = (np.concatenate(parts) for parts in zip(*seen))
    before = cosines(towers.texts([row["caption"] for row in rows], "RETRIEVAL_QUERY"), units)
    ranks, lists = [], []
    for row, scores in zip(rows, before):
        first = np.argsort(-scores, kind="stable")[:COUNT]
        found = model.scores(row["caption"], vectors[first], places[first])
        order = [names[at] for at in first[np.argsort(-found, kind="stable")]]
        lists.append(order)
        ranks.append(order.index(row["filename"]) + 1 if row["filename"] in order else 0)
    return ranks, lists


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path, nargs="?")
    parser.add_argument("--answers", type=Path)
    options = parser.parse_args()
    resources = Path(__file__).resolve().parent.parent / "Sources/ParallaxProviders/Resources"
    ranks, lists = measured(options.data / "flickr8k", Folder(resources / "mini"))
    hits = np.array([rank == 1 for rank in ranks])
    print(f"training: R@1 {hits.sum()} of {len(hits)}, R@5 {sum(0 < rank <= 5 for rank in ranks)}")
    if options.answers:
        options.answers.write_text(np.packbits(hits).tobytes().hex() + "\n")
    if options.run:
        own: dict[str, list[str]] = {}
        for line in options.run.read_text().splitlines():
            question, _, item, *_ = line.split()
            own.setdefault(question, []).append(f"{item}.jpg")
        with open(options.data / "flickr8k/captions.csv", newline="", encoding="utf-8") as file:
            owners = [row["filename"] for row in csv.DictReader(file)]
        found = np.array([own[f"c{place}"][0] == owner for place, owner in enumerate(owners)])
        print(f"program:  R@1 {found.sum()} of {len(found)}")
        print(f"questions whose R@1 differs: {np.flatnonzero(found != hits).tolist()}")
        same = sum(own[f"c{place}"][:10] == lists[place][:10] for place in range(len(lists)))
        print(f"lists whose first 10 are the same: {same}")


main()
