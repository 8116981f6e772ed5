"""WordNet 3.0's noun synsets, read from Debian's `wordnet-base`: names of classes, and what they are kinds of."""

from functools import cached_property
from pathlib import Path

# Kinds too general to name a picture by.
GENERAL = frozenset("""
entity physical_entity object whole physical_object unit artifact artefact abstraction matter causal_agent cause
causal_agency living_thing animate_thing organism being thing psychological_feature attribute relation measure
instrumentality instrumentation solid substance part piece article ware structure construction chordate craniate
eutherian eutherian_mammal placental placental_mammal event act deed human_action human_activity group grouping
commodity trade_good good natural_object conveyance device implement covering consumer_goods equipment
geological_formation formation foodstuff food_product nutriment nourishment nutrition sustenance aliment alimentation
victuals communication creation vertebrate invertebrate mammalian durables durable_goods consumer_durables
""".split())


class WordNet:
    def __init__(self, folder: Path):
        self.folder = folder

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Single words of every part of speech, in lower case."""
        found = set()
        for part in ("noun", "verb", "adj", "adv"):
            with open(self.folder / f"index.{part}", encoding="latin-1") as file:
                found.update(line.split(" ", 1)[0] for line in file if not line.startswith(" "))
        return frozenset(word for word in found if word.isalpha() and word.isascii())

    @cached_property
    def senses(self) -> dict[str, list[int]]:
        """The synsets of each noun, the commonest sense first."""
        found = {}
        with open(self.folder / "index.noun", encoding="latin-1") as file:
            for line in file:
                if not line.startswith(" "):
                    fields = line.split()
                    found[fields[0]] = [int(offset) for offset in fields[-int(fields[2]):]]
        return found

    def synset(self, offset: int, pointing: tuple[str, ...] = ("@", "@i")) -> tuple[list[str], list[int]]:
        """Names of a noun synset, and the synsets it is a kind of (`~` for its own kinds)."""
        with open(self.folder / "data.noun", "rb") as file:
            file.seek(offset)
            fields = file.readline().decode("latin-1").split("|")[0].split()
        if int(fields[0]) != offset:
            raise ValueError(f"no noun synset at {offset}")
        count = int(fields[3], 16)
        names = [fields[4 + 2 * at] for at in range(count)]
        pointers = fields[5 + 2 * count:]
        kinds = [int(pointers[at + 1]) for at in range(0, len(pointers) - 3, 4) if pointers[at] in pointing]
        return names, kinds

    def names(self, offset: int) -> tuple[str, ...]:
        """What the things of a synset are called, the first the usual one."""
        return tuple(dict.fromkeys(name.replace("_", " ") for name in self.synset(offset)[0]))

    def kinds(self, offset: int, most: int = 4) -> tuple[str, ...]:
        """Names of what they are kinds of, the nearest first, without the most general ones."""
        found, layer = [], self.synset(offset)[1]
        for _ in range(most):
            names = [name for at in layer for name in self.synset(at)[0]]
            found += [name.replace("_", " ") for name in names if name not in GENERAL]
            layer = [up for at in layer for up in self.synset(at)[1]]
        return tuple(dict.fromkeys(found))

    def near(self, noun: str, senses: int = 2) -> set[str]:
        """Other words for a noun in its commonest senses, and for its kinds."""
        found = set()
        for offset in self.senses.get(noun, [])[:senses]:
            names, kinds = self.synset(offset, ("~",))
            found.update(names)
            for kind in kinds:
                found.update(self.synset(kind)[0])
        return {name.lower() for name in found if name.isalpha() and name.isascii()}


def class_offsets(files: list[str]) -> list[int]:
    """The synsets of the classifier's 1,000 classes, in its order: that of the numbers in the sample's file names."""
    offsets = sorted({int(name.rsplit("/", 1)[-1][1:9]) for name in files})
    if len(offsets) != 1000:
        raise ValueError(f"the ImageNet sample names {len(offsets)} classes, not 1000")
    return offsets
