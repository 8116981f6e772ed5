"""The pairwise model: how well a text and a picture fit, seen together."""

import torch
import torch.nn.functional as F
from torch import nn

from .models import TextTower, masked_mean, places_of


class CrossLayer(nn.Module):
    """Text tokens gather what they need from image tokens."""

    def __init__(self, width: int, heads: int, hidden: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_hidden = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.key, self.value = nn.Linear(width, width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def split(self, x):
        return x.view(len(x), x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, text, image):
        query = self.split(self.query(self.norm_attention(text)))
        key, value = self.split(self.key(image)), self.split(self.value(image))
        mixed = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        text = text + self.dropout(self.out(mixed))
        return text + self.dropout(self.down(F.gelu(self.up(self.norm_hidden(text)))))


class CrossEncoder(nn.Module):
    """Scores pairs of a picture (mini's vector, and what the eyes see as tokens [n, place, width]) and text tokens
    [n, sequence, width].

    The score is a sum of three: the cosines of mini's and of the eyes' vectors with the text's, by frozen copies of
    the last layers, and what the cross layers add. `weights`, in this order, are chosen after training, on the dev
    split.
    """

    def __init__(self, towers: tuple[nn.Linear, nn.Linear], places: int, settings: dict):
        super().__init__()
        width = settings["width"]
        self.image_project, self.text_project = (nn.Linear(t.in_features, t.out_features) for t in towers)
        for copy, tower in zip((self.image_project, self.text_project), towers):
            copy.load_state_dict(tower.state_dict())
            copy.requires_grad_(False)
        self.image_in, self.text_in = (nn.Linear(tower.in_features, width) for tower in towers)
        self.norm_image, self.places = nn.LayerNorm(width), nn.Parameter(torch.randn(places, width) * 0.02)
        self.layers = nn.ModuleList(
            CrossLayer(width, settings["heads"], settings["hidden"], settings["dropout"])
            for _ in range(settings["layers"])
        )
        self.norm, self.hidden, self.score = nn.LayerNorm(width), nn.Linear(width, width), nn.Linear(width, 1)
        self.register_buffer("weights", torch.tensor([0.0, 0.0, 1.0]))

    def addition(self, image, text, mask):
        seen = self.norm_image(self.image_in(image)) + self.places
        x = self.text_in(text)
        for layer in self.layers:
            x = layer(x, seen)
        return self.score(F.gelu(self.hidden(masked_mean(self.norm(x), mask))))[:, 0]

    def cosine(self, image, text, mask):
        return self.cosine_of(self.image_project(image.mean(1)), text, mask)

    def cosine_of(self, pictures, text, mask):
        words = self.text_project(masked_mean(text, mask))
        return F.cosine_similarity(pictures.float(), words.float())

    def forward(self, vector, image, text, mask):
        return (self.weights[0] * self.cosine_of(vector, text, mask)
                + self.weights[1] * self.cosine(image, text, mask)
                + self.weights[2] * self.addition(image, text, mask))


def cross_encoder(config: dict, image_project: nn.Linear, text: TextTower) -> CrossEncoder:
    places = places_of(config["eyes"]["side"], len(config["eyes"]["widths"]))
    return CrossEncoder((image_project, text.project), places, config["cross"])
