"""The networks of the dual encoder: image tower, text tower, and the head that lifts teacher features into their space."""

import torch
import torch.nn.functional as F
from torch import nn


class ConvUnit(nn.Module):
    """A plain 3x3 convolution with batch normalisation, which export folds into the convolution."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = ConvUnit(width, width), ConvUnit(width, width)
        # Every block starts as the identity: deep stacks then learn from the first step.
        nn.init.zeros_(self.second.norm.weight)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class ImageTower(nn.Module):
    """Plain convolutions only: on CPUs they train and run faster than depthwise ones of the same quality."""

    def __init__(self, stem: int, widths: list[int], blocks: list[int], outputs: int):
        super().__init__()
        self.stem = ConvUnit(3, stem, 2)
        self.downs, self.stages, width = nn.ModuleList(), nn.ModuleList(), stem
        for wider, count in zip(widths, blocks, strict=True):
            self.downs.append(ConvUnit(width, wider, 2))
            self.stages.append(nn.Sequential(*(Block(wider) for _ in range(count))))
            width = wider
        self.project = nn.Linear(width, outputs)

    def features(self, x):
        """The last feature map, [batch, width, rows, columns]."""
        x = F.relu(self.stem(x))
        for down, stage in zip(self.downs, self.stages):
            x = stage(F.relu(down(x)))
        return x

    def pooled(self, x):
        return self.features(x).mean((2, 3))

    def tokens(self, x):
        """The last feature map as [batch, place, width]."""
        return self.features(x).flatten(2).transpose(1, 2)

    def forward(self, x):
        return self.project(self.pooled(x))


def places_of(side: int, stages: int) -> int:
    """Image tokens of a tower: each stage and the stem halve the picture's side."""
    return (side // 2 ** (stages + 1)) ** 2


class TextLayer(nn.Module):
    def __init__(self, width: int, heads: int, hidden: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_hidden = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, bias):
        count, length, width = x.shape
        qkv = self.qkv(self.norm_attention(x)).view(count, length, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        x = x + self.dropout(self.out(mixed.transpose(1, 2).reshape(count, length, width)))
        return x + self.dropout(self.down(F.gelu(self.up(self.norm_hidden(x)))))


def masked_mean(x, mask):
    mask = mask.to(x.dtype)
    return (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


class TextTower(nn.Module):
    # Large enough to silence a padded token, small enough for half precision.
    PADDING_BIAS = -1e4

    def __init__(self, pieces, max_tokens, width, layers, heads, hidden, dropout, outputs):
        super().__init__()
        self.pieces, self.positions = nn.Embedding(pieces, width), nn.Embedding(max_tokens, width)
        nn.init.normal_(self.pieces.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.01)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(TextLayer(width, heads, hidden, dropout) for _ in range(layers))
        self.norm, self.project = nn.LayerNorm(width), nn.Linear(width, outputs)

    def tokens(self, ids, mask):
        """What each token means in its text, [batch, sequence, width]."""
        x = self.dropout(self.pieces(ids) + self.positions.weight[: ids.shape[1]])
        bias = (1 - mask.float())[:, None, None, :] * self.PADDING_BIAS
        for layer in self.layers:
            x = layer(x, bias)
        return self.norm(x)

    def forward(self, ids, mask):
        return self.project(masked_mean(self.tokens(ids, mask), mask))


class TeacherHead(nn.Module):
    def __init__(self, inputs: int, hidden: int, dropout: float, outputs: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(inputs), nn.Dropout(dropout), nn.Linear(inputs, hidden), nn.GELU(),
            nn.Dropout(dropout), nn.Linear(hidden, outputs),
        )

    def forward(self, features):
        return self.layers(features)


class Temperature(nn.Module):
    """The learned scale of the contrastive logits, capped so that it cannot run away on a small set."""

    def __init__(self, most: float):
        super().__init__()
        self.most = most
        self.log_scale = nn.Parameter(torch.tensor(20.0).log())

    def forward(self):
        return self.log_scale.exp().clamp(max=self.most)


def image_tower(config: dict, section: str = "image") -> ImageTower:
    image = config[section]
    return ImageTower(image["stem"], image["widths"], image["blocks"], config["joint"]["dims"][-1])


def text_tower(config: dict) -> TextTower:
    text = config["text"]
    return TextTower(
        text["pieces"], text["max_tokens"], text["width"], text["layers"], text["heads"], text["hidden"],
        text["dropout"], config["joint"]["dims"][-1],
    )


def teacher_head(config: dict) -> TeacherHead:
    head = config["head"]
    return TeacherHead(config["teacher"]["width"], head["hidden"], head["dropout"], config["joint"]["dims"][-1])
