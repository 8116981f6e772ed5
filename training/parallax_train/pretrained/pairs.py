"""The pairwise model: words of a text look at the places of a picture, over the towers that do not change.

A text's pieces, as the tower reads them, and the 36 places of the backbone's map are projected into one space. Each
piece takes the place that fits it best, softly, and pieces count by a weight of their own. What comes out is added to
the cosine of both towers.
"""

import logging

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..config import Run
from ..loop import load_modules, optimiser, part, ranks, summary, train
from ..models import Temperature
from ..tokenizer import load_tokenizer
from . import networks, reader
from .backbone import MAP_WIDTH
from .ensemble import contrast, enough
from .material import Material, captioned_rows, drawn, texts_of
from .networks import both

log = logging.getLogger(__name__)

TASK = "RETRIEVAL_QUERY"
# Added to the places' scores of pieces that are none.
BLOCKED = -1e4
ADDED_WEIGHTS = np.arange(0, 2.05, 0.05)


class PairEncoder(nn.Module):
    """`addition` scores every text with every picture: pieces [n, sequence, 256], places [m, 36, 320] -> [n, m]."""

    def __init__(self, settings: dict):
        super().__init__()
        width = settings["states"]
        self.norm_image, self.norm_text = nn.LayerNorm(MAP_WIDTH), nn.LayerNorm(width)
        hidden, shared = settings["hidden"], settings["width"]
        self.image_up, self.image_down = nn.Linear(MAP_WIDTH, hidden), nn.Linear(hidden, shared)
        self.text_up, self.text_down = nn.Linear(width, hidden), nn.Linear(hidden, shared)
        self.count = nn.Linear(width, 1)
        self.dropout = nn.Dropout(settings["dropout"])
        # Sharpness of the choice of places.
        self.log_sharpness = nn.Parameter(torch.tensor(2.0))

    def places(self, image):
        hidden = F.gelu(self.image_up(self.dropout(self.norm_image(image))))
        return F.normalize(self.image_down(hidden), dim=-1)

    def pieces(self, text, mask):
        """Unit vectors of pieces, and how much each counts; the marks of start and end may count, too."""
        normed = self.norm_text(text)
        hidden = F.gelu(self.text_up(self.dropout(normed)))
        shares = (self.count(normed)[..., 0] + (1 - mask) * BLOCKED).softmax(1)
        return F.normalize(self.text_down(hidden), dim=-1), shares

    def addition(self, image, text, mask):
        places, (pieces, shares) = self.places(image), self.pieces(text, mask)
        near = torch.einsum("nsd,mpd->nmsp", pieces, places)
        chosen = (self.log_sharpness.exp() * near).softmax(-1)
        return ((chosen * near).sum(-1) * shares[:, None]).sum(-1)


def pair_encoder(config: dict) -> PairEncoder:
    return PairEncoder(config["pairs"])


class Captions:
    """Captions: what the tower makes of each piece under the task, and their unit vectors."""

    def __init__(self, run: Run, texts: list[str], side: networks.TextSide, owner: np.ndarray | None = None):
        self.texts, self.owner = texts, owner
        tower = reader.folder(run)
        session = reader.one_thread(tower.path / "text_model.onnx")
        order = np.argsort([len(text) for text in self.texts], kind="stable")
        self.states, reads = [None] * len(self.texts), np.empty((len(self.texts), 256), np.float32)
        for start in range(0, len(order), 64):
            at = order[start:start + 64]
            encoded = tower.encoded([self.texts[place] for place in at], TASK)
            states, vectors = session.run(["last_hidden_state", "text_embeds"], encoded)
            reads[at] = vectors
            for place, own, mask in zip(at, states, encoded["attention_mask"]):
                self.states[place] = own[: mask.sum()].astype(np.float16)
        tokenizer = load_tokenizer(run.path("tokenizer.json"), run["text"]["max_tokens"])
        asked = [run["prompts"][TASK] + text for text in self.texts]
        found = []
        with torch.no_grad():
            for start in range(0, len(asked), 512):
                rows_of = tokenizer.encode_batch(asked[start:start + 512])
                ids = torch.tensor([row.ids for row in rows_of])
                mask = torch.tensor([row.attention_mask for row in rows_of])
                found.append(both(side(ids, mask, torch.from_numpy(reads[start:start + 512]))).float())
        self.vectors = F.normalize(torch.cat(found), dim=1)

    @classmethod
    def of_rows(cls, run: Run, material: Material, rows: np.ndarray, side: networks.TextSide) -> "Captions":
        """All captions of some rows; `owner` is the place of each one's row."""
        texts, owner = texts_of(material, rows)
        return cls(run, texts, side, owner)

    def padded(self, at) -> tuple[torch.Tensor, torch.Tensor]:
        """States [n, longest, 256] and mask [n, longest]."""
        own = [self.states[place] for place in at]
        longest = max(len(states) for states in own)
        states = np.zeros((len(own), longest, own[0].shape[1]), np.float32)
        mask = np.zeros((len(own), longest), np.float32)
        for row, found in enumerate(own):
            states[row, : len(found)], mask[row, : len(found)] = found, 1
        return torch.from_numpy(states), torch.from_numpy(mask)


class Places:
    """The maps of some rows under the views that there are."""

    def __init__(self, run: Run, material: Material, rows: np.ndarray, names: list[str]):
        self.scale = np.load(run.path("map-scale.npy"))
        self.rows, self.sampled = rows, material.sampled[rows]
        # Copied once: reading scattered rows of mapped files is slow.
        self.maps = {view: np.load(run.path(f"map-{view}.npy"), mmap_mode="r")[rows]
                     for view in material.named_views(names)}

    def __call__(self, at, views) -> torch.Tensor:
        found = np.stack([self.maps[view if self.sampled[place] else 0][place] for place, view in zip(at, views)])
        return torch.from_numpy(found.astype(np.float32) * self.scale)


def rank_of(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The rank of the right picture among the candidates, [text]; past the end where it is not there."""
    own = scores.masked_fill(~right, -torch.inf).max(1).values
    rank = (scores > own[:, None]).sum(1) + 1
    return torch.where(right.any(1), rank, scores.shape[1] + 1)


def added(model: PairEncoder, captions: Captions, places: Places, candidates: torch.Tensor) -> torch.Tensor:
    """What the model adds to each caption's candidates, [caption, candidate]."""
    model.eval()
    with torch.no_grad():
        every = np.arange(len(places.rows))
        image = model.places(places(every, np.zeros(len(every), int)))
        found = []
        for at in range(len(captions.texts)):
            pieces, shares = model.pieces(*captions.padded([at]))
            near = torch.einsum("sd,mpd->msp", pieces[0], image[candidates[at]])
            chosen = (model.log_sharpness.exp() * near).softmax(-1)
            found.append(((chosen * near).sum(-1) * shares).sum(-1))
        return torch.stack(found)


class Held:
    """The dev split's captions in two halves by their photos: the weight is chosen on one, measured on the other."""

    def __init__(self, run: Run, captions: Captions, places: Places, images: torch.Tensor, depth: int):
        self.captions, self.places = captions, places
        scores = captions.vectors @ images.T
        top = scores.topk(min(depth, scores.shape[1]), dim=1)
        self.cosines, self.candidates = top.values, top.indices
        self.right = top.indices == torch.from_numpy(captions.owner)[:, None]
        self.first = torch.from_numpy(captions.owner % 2 == 0)
        self.before = ranks(images, captions.vectors, torch.from_numpy(captions.owner))

    def __call__(self, model: PairEncoder) -> dict:
        found = added(model, self.captions, self.places, self.candidates)

        def after(weight: float) -> torch.Tensor:
            return rank_of(self.cosines + weight * found, self.right)

        weight = float(max(ADDED_WEIGHTS, key=lambda weight: (1 / after(weight)[self.first].float()).mean().item()))
        rest = ~self.first
        return {"weight": round(weight, 2), "before": summary(self.before[rest]), "after": summary(after(weight)[rest])}


def finished_towers(run: Run) -> tuple[networks.ImageHead, networks.TextSide]:
    state = load_modules(run, "joint")
    head, side = networks.image_head(run.config), networks.text_side(run.config)
    head.load_state_dict(part(state, "head"))
    side.load_state_dict(part(state, "text"))
    return head.eval(), side.eval()


def train_pairs(run: Run) -> None:
    torch.manual_seed(run["seed"] + 2)
    settings, material = run["pairs"], Material(run)
    head, side = finished_towers(run)
    taught, held = captioned_rows(run, material)
    if not enough(run, taught, held):
        log.warning("no pairwise model: '%s' has too few captioned pictures", run["data"]["scored"])
        return

    def vectors(rows):
        with torch.no_grad():
            return F.normalize(head(material.features(0, rows)).float(), dim=1)

    images = vectors(taught)
    learning = Captions.of_rows(run, material, taught, side)
    seen = Places(run, material, taught, settings["views"])
    asked = Captions.of_rows(run, material, held, side)
    holding = Held(run, asked, Places(run, material, held, ["whole"]), vectors(held), settings["depth"])
    log.info("dev before %s", summary(holding.before))
    sentences = material.sentence_vectors(learning.texts)
    views = np.array(list(seen.maps))
    encoder, temperature = pair_encoder(run.config), Temperature(settings["max_scale"])
    modules = torch.nn.ModuleDict({"pairs": encoder, "temperature": temperature})

    def loss_of(_, random):
        # Look-alikes: some pictures, each with those that the towers put nearest to it.
        seeds = random.choice(len(taught), settings["seeds"], replace=False)
        near = (images[seeds] @ images.T).topk(settings["nearest"], dim=1).indices.numpy()
        chosen = [random.choice(row, settings["alike"], replace=False) for row in near]
        batch = np.unique(np.concatenate([seeds, *chosen]))
        asked = drawn(learning.owner, batch, random)
        image = seen(batch, random.choice(views, len(batch)))
        found = encoder.addition(image, *learning.padded(asked)).float()
        return contrast(temperature() * found, sentences[asked], settings)

    optimizer = optimiser([(module, settings["rate"]) for module in modules.values()], settings["weight_decay"])
    train(run, "pairs", modules, optimizer, settings["steps"], loss_of, lambda: holding(encoder))
