"""Task types: what stands in front of a text, and the losses that make it mean something.

A query finds pictures and documents, a label names a class, texts compared with one another should be near when a
sentence model says so. Pictures have no task: one vector serves all.
"""

import numpy as np
import torch
import torch.nn.functional as F

from . import losses
from .config import Run
from .data import Item
from .loop import tokens
from .sentences import load_sentences


class Prompter:
    """Puts the words of a task in front of a text, drawn by the shares of the text's kind."""

    def __init__(self, run: Run):
        self.prompts, self.captioned = run["prompts"], run["data"]["captioned"]
        self.shares = {True: run["caption_tasks"], False: run["label_tasks"]}

    def __call__(self, text: str, set_name: str, random: np.random.Generator) -> str:
        point = random.random()
        for task, share in self.shares[set_name in self.captioned].items():
            point -= share
            if point < 0:
                return self.prompts[task] + text
        return text


class TextLosses:
    """What texts teach one another, without pictures."""

    def __init__(self, run: Run, items: list[Item], rows: np.ndarray, tokenizer):
        self.run, self.settings, self.tokenizer = run, run["finetune"], tokenizer
        scored = run["data"]["scored"]
        self.captions = [items[row].texts for row in rows if items[row].set == scored and len(items[row].texts) > 1]
        self.sentences = load_sentences(run)
        training = {text for row in rows for text in items[row].texts}
        self.known = [text for text in self.sentences if text in training]

    def __call__(self, tower, scale, random: np.random.Generator) -> torch.Tensor:
        return (self.settings["pair_weight"] * self.pairs(tower, scale, random)
                + self.settings["neighbour_weight"] * self.neighbours(tower, random))

    def vectors(self, tower, task: str, texts: list[str]) -> torch.Tensor:
        prompt = self.run["prompts"][task]
        return tower(*tokens(self.tokenizer, [prompt + text for text in texts], self.run.device)).float()

    def pairs(self, tower, scale, random) -> torch.Tensor:
        """A caption as a query finds another caption of its photo as a document."""
        drawn = random.choice(len(self.captions), self.settings["pairs"], replace=False)
        both = [[self.captions[row][at] for at in random.choice(len(self.captions[row]), 2, replace=False)]
                for row in drawn]
        queries = self.vectors(tower, "RETRIEVAL_QUERY", [first for first, _ in both])
        documents = self.vectors(tower, "RETRIEVAL_DOCUMENT", [second for _, second in both])
        clashes = losses.clash_mask(drawn, [second for _, second in both]).to(self.run.device)
        return losses.contrastive(queries, documents, scale, self.run["joint"]["dims"], clashes, 0.0)

    def neighbours(self, tower, random) -> torch.Tensor:
        """Texts have the neighbours that the sentence model gives them."""
        drawn = [self.known[at] for at in random.choice(len(self.known), self.settings["neighbours"], replace=False)]
        teacher = torch.from_numpy(np.stack([self.sentences[text] for text in drawn])).float().to(self.run.device)
        student = self.vectors(tower, "SEMANTIC_SIMILARITY", drawn)
        return losses.neighbour_match(student, F.normalize(teacher, dim=1), self.run["joint"]["dims"])
