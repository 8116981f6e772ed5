"""How people write: small slips, no full stop, a task in front."""

import numpy as np

from ..config import Run

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(text: str, random: np.random.Generator) -> str:
    """One letter lost, doubled, swapped with the next, or another, in a word of at least four letters."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    at = long[random.integers(len(long))]
    word, kind = words[at], random.integers(4)
    place = int(random.integers(1, len(word) - 1))
    if kind == 0:
        word = word[:place] + word[place + 1:]
    elif kind == 1:
        word = word[:place] + word[place] + word[place:]
    elif kind == 2:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2:]
    else:
        word = word[:place] + LETTERS[random.integers(26)] + word[place + 1:]
    words[at] = word
    return " ".join(words)


class Phrases:
    """Texts as a person may type them, and the task that fits their kind."""

    def __init__(self, run: Run):
        self.prompts, self.slips = run["prompts"], run["words"]["slips"]
        self.shares = {True: run["caption_tasks"], False: run["label_tasks"]}

    def task(self, is_caption: bool, random: np.random.Generator) -> str | None:
        point = random.random()
        for task, share in self.shares[is_caption].items():
            point -= share
            if point < 0:
                return task
        return None

    def written(self, text: str, task: str | None, random: np.random.Generator) -> str:
        if random.random() < 0.5:
            text = text.rstrip(" .")
        if random.random() < self.slips:
            text = slip(text, random)
        return self.prompts[task] + text if task else text
