"""The heads on the backbone's features, the text side, and the text teacher that only training has."""

import torch
import torch.nn.functional as F
from torch import nn

# Below this no vector is divided by its length.
TINY = 1e-6
# The length that a tower's vector is given before it is adapted.
READ_LENGTH = 8.0


class ImageHead(nn.Module):
    """Pooled features [batch, 1280] into the joint space."""

    def __init__(self, inputs: int, hidden: int, dropout: float, outputs: int):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(inputs), nn.Linear(inputs, hidden), nn.Linear(hidden, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features):
        hidden = F.gelu(self.up(self.dropout(self.norm(features))))
        return self.down(self.dropout(hidden))


class TextTeacher(nn.Module):
    """A sentence model's vectors [batch, 384] into the joint space."""

    def __init__(self, inputs: int, hidden: int, dropout: float, outputs: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(inputs, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, outputs))

    def forward(self, sentences):
        # Unit vectors of 384 numbers are small for a fresh layer.
        return self.layers(sentences * 8)


class TextSide(nn.Module):
    """Two readings of a text: a weighted bag of word vectors, and a trained tower's vector [batch, 256], adapted.

    The bag knows every word that the table knows. The tower knows order, and is trusted by the share of pieces that its
    training texts held. Output: unit(bag) and scale x share^2 x unit(adapted tower), to be added; zeros without a tower.
    """

    def __init__(self, pieces: int, table: int, hidden: int, dropout: float, outputs: int):
        super().__init__()
        self.table = nn.Embedding(pieces, table)
        nn.init.normal_(self.table.weight, std=table ** -0.5)
        # exp() of it weighs a piece in the bag; the marks of start and end are not counted.
        self.weight = nn.Parameter(torch.zeros(pieces))
        self.register_buffer("counted", torch.ones(pieces))
        self.register_buffer("known", torch.ones(pieces))
        self.bag = nn.Sequential(nn.Linear(table, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, outputs))
        self.adapter = nn.Sequential(
            nn.Linear(outputs, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, outputs))
        nn.init.zeros_(self.adapter[-1].weight)
        self.log_scale = nn.Parameter(torch.tensor(0.0))

    def weights(self, ids, mask):
        """How much each piece counts; never 0 in all."""
        return torch.exp(self.weight[ids]) * self.counted[ids] * mask + TINY * mask

    def bag_of(self, ids, mask):
        weights = self.weights(ids, mask)
        mean = (self.table(ids) * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True)
        # Unit vectors have small entries; a fresh layer wants entries of about 1.
        return F.normalize(self.bag(F.normalize(mean, dim=1) * mean.shape[1] ** 0.5), dim=1)

    def forward(self, ids, mask, read):
        bag = self.bag_of(ids, mask)
        if read is None:
            return bag, torch.zeros_like(bag)
        read = F.normalize(read, dim=1) * READ_LENGTH
        tower = F.normalize(read + self.adapter(read), dim=1)
        weights = self.weights(ids, mask)
        share = (self.known[ids] * weights).sum(1, keepdim=True) / weights.sum(1, keepdim=True)
        return bag, self.log_scale.exp() * share * share * tower


def both(parts) -> torch.Tensor:
    bag, tower = parts
    return bag + tower


def image_head(config: dict) -> ImageHead:
    head = config["head"]
    return ImageHead(1280, head["hidden"], head["dropout"], config["joint"]["dims"][-1])


def text_teacher(config: dict) -> TextTeacher:
    teacher = config["text_teacher"]
    return TextTeacher(384, teacher["hidden"], teacher["dropout"], config["joint"]["dims"][-1])


def text_side(config: dict) -> TextSide:
    text = config["text"]
    return TextSide(text["pieces"], text["table"], text["hidden"], text["dropout"], config["joint"]["dims"][-1])
