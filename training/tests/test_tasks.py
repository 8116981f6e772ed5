import numpy as np
import torch

from parallax_train import losses
from parallax_train.config import Run, load_config
from parallax_train.tasks import Prompter


def test_prompts_come_in_the_configured_shares(tmp_path):
    run = Run(load_config(), tmp_path, tmp_path, tmp_path)
    prompted, random = Prompter(run), np.random.default_rng(4)
    for set_name, section in (("flickr8k", "caption_tasks"), ("grocery", "label_tasks")):
        texts = [prompted("x", set_name, random) for _ in range(4000)]
        for task, share in run[section].items():
            assert abs(texts.count(run["prompts"][task] + "x") / 4000 - share) < 0.03
        assert abs(texts.count("x") / 4000 - (1 - sum(run[section].values()))) < 0.03


def test_neighbours_match_when_the_angles_do():
    generator = torch.Generator().manual_seed(5)
    teacher = torch.nn.functional.normalize(torch.randn(10, 6, generator=generator), dim=1)
    # A rotation changes no angle.
    turned = teacher @ torch.linalg.qr(torch.randn(6, 6, generator=generator))[0]
    assert losses.neighbour_match(turned, teacher, [6]).item() < 1e-6
    assert losses.neighbour_match(torch.randn(10, 6, generator=generator), teacher, [6]).item() > 0.1
