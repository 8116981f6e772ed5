"""python -m parallax_train.pretrained --stage all --data DIR"""

import argparse
import logging
import sys
from pathlib import Path

import torch

from ..config import Run, load_config
from .background import prepare_background
from .blend import prepare_blend
from .copies import train_copies
from .corpus import cache_sentences, prepare_words
from .ensemble import train_ensemble
from .evaluate import evaluate
from .export import export
from .export_pairs import export_pairs
from .features import cache_backbone
from .joint import train_joint
from .pairs import train_pairs
from .reader import cache_readings
from .student import train_student
from .table import prepare_table

TRAINING = Path(__file__).resolve().parent.parent.parent
DEFAULT_FILE = TRAINING / "pretrained.toml"
STAGES = {
    "words": prepare_words,
    "sentences": cache_sentences,
    "reader": cache_readings,
    "table": prepare_table,
    "backbone": cache_backbone,
    "ensemble": train_ensemble,
    "joint": train_joint,
    "copies": train_copies,
    "pairs": train_pairs,
    "student": train_student,
    "blend": prepare_blend,
    "export": export,
    "background": prepare_background,
    "export-pairs": export_pairs,
    "evaluate": evaluate,
}


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="parallax_train.pretrained", description=__doc__)
    parser.add_argument("--stage", default="all", choices=["all", *STAGES])
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and the evaluation sets")
    parser.add_argument("--work", type=Path, default=TRAINING / "work" / "pretrained", help="features and checkpoints")
    parser.add_argument("--out", type=Path, help="model folder that export writes (default: model/ in the work folder)")
    parser.add_argument("--config", type=Path, default=DEFAULT_FILE)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(argv)


def main(argv: list[str]) -> None:
    given = arguments(argv)
    run = Run(load_config(given.config), given.data, given.work, given.out or given.work / "model", given.device)
    torch.set_num_threads(given.threads)
    handlers = [logging.StreamHandler(), logging.FileHandler(run.path("log.txt"))]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
    for name in STAGES if given.stage == "all" else [given.stage]:
        logging.info("stage %s", name)
        STAGES[name](run)


if __name__ == "__main__":
    main(sys.argv[1:])
