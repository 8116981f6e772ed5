"""What teacher and student see of a picture: the whole of it, crops, and blends of two pictures."""

import numpy as np
import torch

from .config import Run
from .data import augment, cut, load_pixels, normalise, read_items, split_rows


def view_count(run: Run) -> int:
    """Views of one picture first, then blends with another."""
    return run["teacher"]["views"] + run["teacher"]["blends"]


def view_boxes(run: Run) -> np.ndarray:
    """Boxes [view, row, (x0, y0, x1, y1)] in packed pixels, a function of the seed alone."""
    aspect = np.load(run.path("aspect.npy"))
    side, teacher = run["data"]["packed_side"], run["teacher"]
    boxes = np.empty((view_count(run), len(aspect), 4), np.int16)
    for view in range(len(boxes)):
        if view == 0:
            width = height = np.ones(len(aspect))
            left = top = np.zeros(len(aspect))
        elif view == 1:
            # A square picture has no longer side to cut, so its margin is cut instead.
            square = np.abs(aspect - 1) < 0.02
            width = np.where(square, 0.875, np.minimum(1, 1 / aspect))
            height = np.where(square, 0.875, np.minimum(1, aspect))
            left, top = (1 - width) / 2, (1 - height) / 2
        else:
            random = np.random.default_rng([run["seed"], view])
            area = random.uniform(*teacher["crop_scale"], len(aspect))
            ratio = np.exp(random.uniform(*np.log(teacher["crop_ratio"]), len(aspect)))
            width, height = np.minimum(1, np.sqrt(area * ratio)), np.minimum(1, np.sqrt(area / ratio))
            left, top = random.random(len(aspect)) * (1 - width), random.random(len(aspect)) * (1 - height)
        corners = np.stack([left, top, left + width, top + height], 1) * side
        boxes[view] = np.clip(np.round(corners), 0, side)
    return boxes


class Views:
    """Cuts the same view for the student that the teacher saw."""

    def __init__(self, run: Run):
        self.run, self.device = run, run.device
        self.pixels, self.boxes = load_pixels(run), view_boxes(run)
        self.partners, self.shares = blends(run, self.boxes.shape[:2])

    def cut(self, views: np.ndarray, rows: np.ndarray, side: int) -> torch.Tensor:
        """uint8 [n, 3, side, side]."""
        crops = cut(self.pixels, rows, self.boxes[views, rows], side)
        mixed = np.flatnonzero(self.shares[views, rows] < 1)
        if len(mixed):
            views, rows = views[mixed], rows[mixed]
            partners = self.partners[views, rows]
            others = cut(self.pixels, partners, self.boxes[views, partners], side).float()
            share = torch.from_numpy(self.shares[views, rows])[:, None, None, None]
            crops[mixed] = (crops[mixed] * share + others * (1 - share)).round().to(torch.uint8)
        return crops

    def __call__(self, views, rows, side: int, random=None) -> torch.Tensor:
        crops = self.cut(views, rows, side).to(self.device)
        return normalise(crops if random is None else augment(crops, random))


def blends(run: Run, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """For each view and row the picture blended in and the share [0.3, 0.7] of the row's own; 1 where nothing is.

    Partners are training pictures, so the dev split stays unseen.
    """
    partners, shares = np.zeros(shape, np.int64), np.ones(shape, np.float32)
    training, _ = split_rows(read_items(run.data), run)
    for view in range(run["teacher"]["views"], shape[0]):
        random = np.random.default_rng([run["seed"], view, 1])
        partners[view] = random.choice(training, shape[1])
        shares[view] = random.uniform(0.3, 0.7, shape[1])
    return partners, shares
