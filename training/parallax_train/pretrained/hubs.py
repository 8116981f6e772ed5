"""How much a picture is liked by texts of all kinds: the pairwise model takes such hubs down.

Some pictures lie near to many captions that do not mean them. How near a picture is to captions of other pictures is
taken from its score: the logarithm of the mean of exp(sharpness x cosine), divided by the sharpness (S. Smith et al.
2017, the inverted softmax, with a fixed sample of questions in place of those that happen to be asked).
"""

import logging

import numpy as np
import torch
import torch.nn.functional as F

from ..config import Run
from ..loop import load_modules, part, summary, tokens
from ..tokenizer import load_tokenizer
from . import networks
from .material import Material
from .networks import both
from .pairs import TASK, Captions, Held, Places, finished_towers, pair_encoder, rank_after

log = logging.getLogger(__name__)

SHARES = np.arange(0, 1.25, 0.1)
PART = 512


def liked(images: torch.Tensor, captions: torch.Tensor, sharpness: float) -> torch.Tensor:
    """[picture], of unit vectors [picture, dimension] and [caption, dimension]."""
    near = sharpness * images @ captions.T
    return (near.logsumexp(1) - np.log(len(captions))) / sharpness


def sample(run: Run, material: Material, side: networks.TextSide, rows: np.ndarray) -> torch.Tensor:
    """Unit vectors of captions drawn by the seed, as the text side reads them under the task."""
    texts = [text for row in rows for text in material.items[row].texts]
    count = min(run["hubs"]["captions"], len(texts))
    drawn = np.sort(np.random.default_rng([run["seed"], 6]).choice(len(texts), count, replace=False))
    tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
    found = []
    with torch.no_grad():
        for start in range(0, count, PART):
            asked = [texts[at] for at in drawn[start:start + PART]]
            ids, mask = tokens(tokenizer, [run["prompts"][TASK] + text for text in asked], run.device)
            found.append(both(side(ids, mask, material.readings_of(asked, [TASK] * len(asked)))).float())
    return F.normalize(torch.cat(found), dim=1)


def prepare_hubs(run: Run) -> None:
    """Writes hubs.npz: the captions' vectors, and the share that is chosen like the weight of the addition."""
    if not run.path("pairs.pt").exists():
        return
    settings, material = run["hubs"], Material(run)
    head, side = finished_towers(run)
    scored = run["data"]["scored"]
    taught, held = (np.array([row for row in rows if material.items[row].set == scored])
                    for rows in (material.training, material.dev))
    with torch.no_grad():
        images = F.normalize(head(material.features(0, held)).float(), dim=1)
    holding = Held(run, Captions(run, material, held, side), Places(run, material, held, ["whole"]), images,
                   run["pairs"]["depth"])
    model = pair_encoder(run.config)
    model.load_state_dict(part(load_modules(run, "pairs"), "pairs"))
    captions, added = sample(run, material, side, taught), holding.added(model)
    hubs = liked(images, captions, settings["sharpness"])[holding.candidates]
    weight = model.weight.item()

    def ranks(share: float) -> torch.Tensor:
        return rank_after(holding.cosines - share * hubs, added, holding.right, weight)

    def quality(share: float) -> float:
        return (1 / ranks(share)[holding.first].float()).mean().item()

    share, rest = float(max(SHARES, key=quality)), ~holding.first
    log.info("hubs: share %.1f; dev before %s, without it %s, with it %s", share, summary(holding.before[rest]),
             summary(ranks(0)[rest]), summary(ranks(share)[rest]))
    np.savez(run.path("hubs.partial.npz"), captions=captions.numpy().astype(np.float32), share=share)
    run.path("hubs.partial.npz").rename(run.path("hubs.npz"))
