"""One step's losses of the joint stage: pictures, texts and the sentence model meet in one space."""

import numpy as np
import torch
import torch.nn.functional as F

from .. import losses
from ..config import Run
from ..data import Mixer
from ..loop import tokens
from .material import Classes, Material
from .networks import both
from .phrases import Phrases


class Lessons:
    def __init__(self, run: Run, material: Material, tokenizer, distillation=None):
        self.run, self.material, self.tokenizer, self.distillation = run, material, tokenizer, distillation
        self.settings, self.dims = run["joint_stage"], run["joint"]["dims"]
        self.mixer = Mixer(run, material.items, material.training, "mix")
        self.phrases, self.captioned = Phrases(run), set(run["data"]["captioned"])
        self.everywhere = material.named_views(run["looks"]["full"])
        self.contrast = material.named_views(self.settings["contrast"])
        self.looked = material.seen[material.sampled[material.seen]]
        looks = self.settings["still"]
        self.looks = np.array([view for name in looks for view in material.named_views([name])])
        self.classes = Classes(material) if material.names else None
        self.own = [{text.lower() for text in texts} for texts in material.own_texts]
        shares = self.settings["alone"]
        self.alone = {kind: material.kind(kind) for kind in shares if shares[kind] > 0 or kind == "pictures"}
        scored = run["data"]["scored"]
        self.photos = [
            material.items[row].texts for row in material.training
            if material.items[row].set == scored and len(material.items[row].texts) > 1
        ]

    def words(self, side, texts: list[str], tasks: list[str | None], random):
        """Both readings; the bag sees slips of the keyboard, the tower's vectors are those of the text itself."""
        tasks = [task if self.material.readable(text, task) else None for text, task in zip(texts, tasks)]
        written = [self.phrases.written(text, task, random) for text, task in zip(texts, tasks)]
        ids, mask = tokens(self.tokenizer, written, self.run.device)
        return side(ids, mask, self.material.readings_of(texts, tasks))

    def clashes(self, owns: list[set[str]], texts: list[str]) -> torch.Tensor:
        """[picture, text]: right as well, though another text was drawn for the picture."""
        lower = [text.lower() for text in texts]
        right = np.array([[text in own for text in lower] for own in owns])
        np.fill_diagonal(right, False)
        return torch.from_numpy(right)

    def batch(self, random):
        """Rows, features, texts, whether they are captions, and what else is right of each; classes have no rows."""
        rows = self.mixer.draw_rows(self.settings["batch"], random)
        texts = [self.material.draw_text(row, random) for row in rows]
        captions = [self.material.items[row].set in self.captioned for row in rows]
        views, everywhere = random.choice(self.contrast, len(rows)), random.choice(self.everywhere, len(rows))
        features = self.material.features(np.where(self.material.sampled[rows], views, everywhere), rows)
        owns = [self.own[row] for row in rows]
        if self.classes and self.settings["classes"]:
            chosen, more = self.classes.draw(self.settings["classes"], random)
            features = torch.cat([features, more])
            for number in chosen:
                names, kinds = self.material.names[number]
                pool = kinds if kinds and random.random() < self.run["words"]["kinds"] else names
                texts.append(pool[min(len(pool) - 1, int(random.exponential(1.5)))])
                captions.append(False)
                owns.append({name.lower() for name in (*names, *kinds)})
        return rows, features, texts, captions, owns

    def choose_dims(self, random) -> None:
        """The whole vector and one of its prefixes, another each step: all of them would cost twice as much."""
        every = self.run["joint"]["dims"]
        self.dims = [int(random.choice(every[:-1])), every[-1]]

    def pictures(self, modules, random) -> torch.Tensor:
        """Pictures find their texts among those of the others, as the teacher reads them and as the text side does."""
        rows, features, texts, captions, owns = self.batch(random)
        clashes = self.clashes(owns, texts)
        scale, smoothing = modules["temperature"](), self.settings["label_smoothing"]
        images = modules["head"](features).float()
        taught = modules["teacher"](self.material.sentence_vectors(texts)).float()
        loss = losses.contrastive(images, taught, scale, self.dims, clashes, smoothing)
        tasks = [self.phrases.task(caption, random) for caption in captions]
        bag, tower = self.words(modules["text"], texts, tasks, random)
        # The tower is left out for some texts: the bag alone must do where words are strange.
        kept = torch.from_numpy(random.random(len(texts)) > self.settings["bag_alone"])[:, None]
        student = (bag + kept * tower).float()
        loss = loss + losses.contrastive(images, student, scale, self.dims, clashes, smoothing)
        loss = loss + self.settings["teach_weight"] * losses.prefix_cosine(student, taught.detach(), self.dims)
        if self.distillation is None:
            return loss
        at = np.flatnonzero(np.isin(rows, self.distillation.captioned))
        own = [texts[place] for place in at]
        return loss + self.settings["distil_weight"] * self.distillation(
            modules, self.dims, rows[at], images[at], own, student[at], random)

    def steady(self, modules, random) -> torch.Tensor:
        """A look does not move a picture."""
        rows = random.choice(self.looked, self.settings["steady"], replace=False)
        with torch.no_grad():
            modules["head"].eval()
            still = modules["head"](self.material.features(0, rows)).float()
            modules["head"].train()
        changed = modules["head"](self.material.features(random.choice(self.looks, len(rows)), rows)).float()
        return losses.prefix_cosine(changed, still, self.dims)

    def naming(self, modules, random) -> torch.Tensor:
        """Names of classes are as near to a picture as the backbone's own classifier finds them likely."""
        count = self.settings["named"]
        rows = random.choice(self.looked, count, replace=False)
        features = self.material.features(random.choice(self.contrast, count), rows)
        logits = self.classes.guesses(features)
        likely = logits.argmax(1).unique().numpy()
        others = random.choice(len(self.material.names), self.settings["names"], replace=False)
        chosen = np.unique(np.concatenate([likely, others]))
        wanted = logits[:, torch.from_numpy(chosen)].log_softmax(1)
        texts = [self.material.names[number][0] for number in chosen]
        texts = [names[min(len(names) - 1, int(random.exponential(0.7)))] for names in texts]
        tasks = [self.phrases.task(False, random) for _ in texts]
        images, scale = modules["head"](features).float(), modules["temperature"]()
        total = 0.0
        for words in (
            modules["teacher"](self.material.sentence_vectors(texts)),
            both(self.words(modules["text"], texts, tasks, random)),
        ):
            for dim in self.dims:
                found = scale * F.normalize(images[:, :dim], dim=1) @ F.normalize(words[:, :dim].float(), dim=1).T
                total = total + F.kl_div(found.log_softmax(1), wanted, log_target=True, reduction="batchmean")
        return total / (2 * len(self.dims))

    def alone_texts(self, random) -> list[str]:
        counts = random.multinomial(self.settings["texts"], [self.settings["alone"][kind] for kind in self.alone])
        return [self.alone[kind][at] for kind, count in zip(self.alone, counts)
                for at in random.integers(len(self.alone[kind]), size=count)]

    def reading(self, modules, random) -> torch.Tensor:
        """Texts without pictures go where the sentence model's go."""
        texts = self.alone_texts(random)
        with torch.no_grad():
            modules["teacher"].eval()
            wanted = modules["teacher"](self.material.sentence_vectors(texts)).float()
            modules["teacher"].train()
        # The tower never met most of these texts: the bag alone learns them.
        tasks = [self.phrases.task(random.random() < 0.5, random) for _ in texts]
        written = [self.phrases.written(text, task, random) for text, task in zip(texts, tasks)]
        found = modules["text"].bag_of(*tokens(self.tokenizer, written, self.run.device))
        return losses.prefix_cosine(found.float(), wanted, self.dims) + self.settings["neighbour_weight"] * (
            losses.similarity_match(found.float(), wanted, self.dims))

    def similar(self, modules, random) -> torch.Tensor:
        """Under SEMANTIC_SIMILARITY texts have the neighbours that the sentence model gives them."""
        known = self.alone["pictures"]
        texts = [known[at] for at in random.integers(len(known), size=self.settings["similar"])]
        teacher = F.normalize(self.material.sentence_vectors(texts), dim=1)
        found = both(self.words(modules["text"], texts, ["SEMANTIC_SIMILARITY"] * len(texts), random))
        return losses.neighbour_match(found.float(), teacher, self.dims)

    def pairs(self, modules, random) -> torch.Tensor:
        """A caption as a query finds another caption of its photo as a document."""
        drawn = random.choice(len(self.photos), self.settings["pairs"], replace=False)
        two = [random.choice(len(self.photos[row]), 2, replace=False) for row in drawn]
        first = [self.photos[row][at] for row, (at, _) in zip(drawn, two)]
        second = [self.photos[row][at] for row, (_, at) in zip(drawn, two)]
        tasks = ["RETRIEVAL_QUERY"] * len(first) + ["RETRIEVAL_DOCUMENT"] * len(second)
        found = both(self.words(modules["text"], first + second, tasks, random)).float()
        clashes = losses.clash_mask(drawn, second)
        return losses.contrastive(
            found[: len(first)], found[len(first):], modules["temperature"](), self.dims, clashes, 0.0)
