import torch

from parallax_train.cross import best_weight, rank_after
from parallax_train.models import places_of


def test_the_weight_that_helps_is_found():
    first = torch.tensor([[0.9, 0.8, 0.1], [0.7, 0.6, 0.5]])
    added = torch.tensor([[0.0, 5.0, 0.0], [0.0, 0.0, 9.0]])
    right = torch.tensor([[False, True, False], [False, False, True]])
    assert rank_after(first, added, right, 0).tolist() == [2, 3]
    weight, found = best_weight((first, added, right))
    assert weight > 0 and found["R@1"] == 100


def test_a_right_picture_that_is_no_candidate_comes_last():
    first = torch.tensor([[0.9, 0.8]])
    assert rank_after(first, torch.zeros(1, 2), torch.zeros(1, 2, dtype=torch.bool), 1.0).tolist() == [3]


def test_places_follow_the_halvings():
    assert places_of(128, 4) == 16
    assert places_of(96, 4) == 9
