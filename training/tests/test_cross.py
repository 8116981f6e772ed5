import torch

from parallax_train.cross import best_weights, rank_after
from parallax_train.models import places_of


def test_the_weights_that_help_are_found():
    mini = torch.tensor([[0.9, 0.8, 0.1], [0.7, 0.6, 0.5]])
    eyes = torch.tensor([[0.1, 0.1, 0.1], [0.2, 0.2, 0.2]])
    added = torch.tensor([[0.0, 5.0, 0.0], [0.0, 0.0, 9.0]])
    right = torch.tensor([[False, True, False], [False, False, True]])
    parts = (mini, eyes, added)
    assert rank_after(parts, right, (1, 0, 0)).tolist() == [2, 3]
    weights, found = best_weights(parts, right)
    assert weights[2] > 0 and found["R@1"] == 100


def test_a_right_picture_that_is_no_candidate_comes_last():
    parts = (torch.tensor([[0.9, 0.8]]), torch.zeros(1, 2), torch.zeros(1, 2))
    assert rank_after(parts, torch.zeros(1, 2, dtype=torch.bool), (1, 1, 1)).tolist() == [3]


def test_places_follow_the_halvings():
    assert places_of(128, 4) == 16
    assert places_of(128, 3) == 64
