"""python -m parallax_train --stage all --data DIR"""

import argparse
import json
import logging
import sys
from pathlib import Path

import torch

from .config import DEFAULT_FILE, Run, load_config
from .cross import train_cross
from .data import pack
from .distil import distil
from .evaluate import evaluate
from .export import export
from .export_cross import export_cross
from .eyes import train_eyes
from .finetune import finetune
from .sentences import cache_sentences
from .specialise import specialise
from .teacher import cache_features
from .tokenizer import prepare_tokenizer
from .train_head import train_head

STAGES = {
    "pack": pack,
    "tokenizer": prepare_tokenizer,
    "teacher": cache_features,
    "sentences": cache_sentences,
    "head": train_head,
    "distil": distil,
    "finetune": finetune,
    "specialise": specialise,
    "eyes": train_eyes,
    "cross": train_cross,
    "export": export,
    "export-cross": export_cross,
}
TRAINING = Path(__file__).resolve().parent.parent


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="parallax_train", description=__doc__)
    parser.add_argument("--stage", default="all", choices=["all", *STAGES, "evaluate"])
    parser.add_argument("--data", type=Path, required=True, help="folder with train/, models/ and the evaluation sets")
    parser.add_argument("--work", type=Path, default=TRAINING / "work", help="packed pictures, checkpoints, log")
    parser.add_argument("--out", type=Path, default=TRAINING / "work" / "model",
                        help="model folder that export writes")
    parser.add_argument("--config", type=Path, default=DEFAULT_FILE)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(argv)


def main(argv: list[str]) -> None:
    given = arguments(argv)
    run = Run(load_config(given.config), given.data, given.work, given.out, given.device)
    torch.set_num_threads(given.threads)
    handlers = [logging.StreamHandler(), logging.FileHandler(run.path("log.txt"))]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
    names = [*STAGES, "evaluate"] if given.stage == "all" else [given.stage]
    for name in names:
        logging.info("stage %s", name)
        if name == "evaluate":
            print(json.dumps(evaluate(run), indent=2))
        else:
            STAGES[name](run)


if __name__ == "__main__":
    main(sys.argv[1:])
