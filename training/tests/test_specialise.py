import numpy as np
import pytest
import torch

from parallax_train.data import Item
from parallax_train.specialise import Labelled, labels_of


@pytest.mark.parametrize("form, texts, labels", [
    ("first", ("T-Shirt", "a photo of a T-Shirt"), ("T-Shirt",)),
    ("parts", ("Gala", "Gala in a grocery store", "Gala, Apple"), ("Gala", "Apple")),
    ("parts", ("kitchen",), ()),
    ("tail", ("Acme White Skirts", "White Skirts", "Women White Skirts"), ("White Skirts", "Skirts")),
    ("tail", ("Acme", "Skirts"), ("Skirts",)),
])
def test_labels(form, texts, labels):
    assert labels_of(Item("a.jpg", "x", texts), form) == labels


def labelled(vectors, labels):
    """Without pictures: `Labelled` reads them once, when it is made."""
    made = Labelled.__new__(Labelled)
    made.names = sorted({name for own in labels for name in own})
    made.rows, made.labels = np.arange(len(labels)), labels
    made.own = [np.array([made.names.index(name) for name in own]) for own in labels]
    made.right = torch.tensor([[name in own for name in made.names] for own in labels])
    made.vectors = torch.tensor(vectors, dtype=torch.float32)[None]
    return made


def test_names_where_their_pictures_lie_are_right_and_cost_little():
    places = {"apple": [1.0, 0.0, 0.0], "gala": [0.9, 0.1, 0.0], "pear": [0.0, 1.0, 0.0]}
    pictures = labelled([[1, 0, 0], [0, 1, 0]], [("gala", "apple"), ("pear",)])

    def words(names):
        return torch.tensor([places[name] for name in names])

    assert pictures.accuracy(words) == 100.0
    assert pictures.accuracy(lambda names: words(names).flip(0)) < 100.0
    random = np.random.default_rng(0)
    right = pictures.loss(words, torch.tensor(30.0), [3], {"batch": 8}, random).item()
    turned = pictures.loss(lambda names: -words(names), torch.tensor(30.0), [3], {"batch": 8}, random).item()
    # The fine label and the coarse one of a picture do not push each other away.
    assert right < 0.01 < turned
