"""What the training stages share: schedule, checkpoints, logs and curves, and the score on the dev split."""

import logging
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from . import models
from .config import Run
from .curves import Curve

log = logging.getLogger(__name__)

# Losing more work than this to an interruption would hurt; saving more often would cost time.
CHECKPOINT_SECONDS = 120
LOG_EVERY = 50
SCORE_EVERY = 500


def rate_share(step: int, steps: int, warmup: float = 0.05) -> float:
    """One cycle: a linear rise, then half a cosine down to zero."""
    done = step / steps
    return done / warmup if done < warmup else 0.5 * (1 + math.cos(math.pi * (done - warmup) / (1 - warmup)))


def optimiser(groups: list[tuple[torch.nn.Module, float]], decay: float) -> torch.optim.AdamW:
    """AdamW; vectors (biases, norms) and scalars are not decayed."""
    parameters = []
    for module, rate in groups:
        learned = [p for p in module.parameters() if p.requires_grad]
        matrices = [p for p in learned if p.ndim > 1]
        vectors = [p for p in learned if p.ndim <= 1]
        parameters.append({"params": matrices, "peak": rate, "weight_decay": decay})
        parameters.append({"params": vectors, "peak": rate, "weight_decay": 0.0})
    return torch.optim.AdamW([group for group in parameters if group["params"]], lr=0.0, betas=(0.9, 0.98))


def train(run: Run, stage: str, modules: torch.nn.ModuleDict, optimizer, steps: int, loss_of, score) -> None:
    """Runs `loss_of(step, random)` to the end of the schedule, from the last checkpoint if there is one.

    Every step draws from a generator of its own, so an interrupted run continues as if it had not stopped.
    """
    path = run.path(f"{stage}.pt")
    first = 0
    if path.exists():
        state = torch.load(path, map_location=run.device, weights_only=True)
        modules.load_state_dict(state["modules"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    saved, started, history, curve = time.monotonic(), time.monotonic(), [], Curve(run, stage, first)
    for step in range(first, steps):
        modules.train()
        torch.manual_seed(run["seed"] * 1_000_003 + step)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate_share(step + 1, steps)
        with torch.autocast(run.device, torch.bfloat16):
            loss = loss_of(step, np.random.default_rng([run["seed"], len(stage), step]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(modules.parameters(), 1.0)
        optimizer.step()
        history.append(loss.item())
        if (step + 1) % LOG_EVERY == 0:
            pace = (step + 1 - first) / (time.monotonic() - started)
            log.info("%s step %d/%d loss %.4f, %.2f steps/s", stage, step + 1, steps, np.mean(history), pace)
            curve.add(step + 1, loss=np.mean(history), rate=optimizer.param_groups[0]["lr"])
            history.clear()
        last = step + 1 == steps
        if (step + 1) % SCORE_EVERY == 0 or last:
            found = score()
            log.info("%s step %d dev %s", stage, step + 1, found)
            curve.add(step + 1, dev=found)
            curve.draw()
        if last or time.monotonic() - saved > CHECKPOINT_SECONDS:
            save(path, {"modules": modules.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1})
            saved = time.monotonic()


def save(path, state: dict) -> None:
    """Written beside and renamed, so that a kill never leaves half a checkpoint."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.rename(path)


def load_modules(run: Run, stage: str) -> dict:
    return torch.load(run.path(f"{stage}.pt"), map_location=run.device, weights_only=True)["modules"]


def part(state: dict, name: str) -> dict:
    """The entries of one module of a saved ModuleDict."""
    return {key[len(name) + 1:]: value for key, value in state.items() if key.startswith(name + ".")}


def ranks(images: torch.Tensor, texts: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    """For each text the 1-based rank of its own image by cosine."""
    scores = F.normalize(texts, dim=1) @ F.normalize(images, dim=1).T
    own = scores.gather(1, owner[:, None])
    return (scores > own).sum(1) + 1


def summary(found: torch.Tensor) -> dict:
    share = {f"R@{k}": round(100 * (found <= k).float().mean().item(), 1) for k in (1, 5, 10)}
    return {**share, "median": int(found.median())}


def finished_towers(run: Run) -> tuple[models.ImageTower, models.TextTower]:
    """What ships: the image tower and the text tower, which learned on when the image tower was done."""
    image, text = models.image_tower(run.config), models.text_tower(run.config)
    image.load_state_dict(part(load_modules(run, "finetune"), "image"))
    text.load_state_dict(part(load_modules(run, "specialise"), "text"))
    return image.to(run.device).eval(), text.to(run.device).eval()


class Captions:
    """The captioned photos of some rows, with every caption as a query."""

    def __init__(self, run: Run, items, rows, tokenizer):
        self.rows = np.array([row for row in rows if items[row].set == run["data"]["scored"]])
        self.texts = [text for row in self.rows for text in items[row].texts]
        owner = [place for place, row in enumerate(self.rows) for _ in items[row].texts]
        self.owner = torch.tensor(owner, device=run.device)
        self.tokens = tokens(tokenizer, self.texts, run.device)

    def vectors(self, tower) -> torch.Tensor:
        with torch.no_grad():
            return torch.cat([tower(i, m).float() for i, m in zip(*(t.split(256) for t in self.tokens))])


def tokens(tokenizer, texts: list[str], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    encoded = tokenizer.encode_batch(texts)
    ids = torch.tensor([e.ids for e in encoded], device=device)
    return ids, torch.tensor([e.attention_mask for e in encoded], device=device)
