import numpy as np
import onnxruntime
import pytest
import torch

from parallax_train import export, export_cross, models
from parallax_train.config import load_config
from parallax_train.cross_model import cross_encoder
from parallax_train.graph import quantise

CONFIG = load_config()
SIDE = CONFIG["image"]["side"]
# How far one number of a vector may move, as a share of the largest.
TOLERANCE = {"float32": 1e-5, "float16": 5e-3, "int8": 5e-2}


def settled(tower):
    """Random weights with batch statistics that are not the trivial ones."""
    generator = torch.Generator().manual_seed(5)
    for module in tower.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
            torch.nn.init.normal_(module.weight, 1, 0.1, generator=generator)
    return tower.eval()


@pytest.fixture(scope="module")
def towers():
    torch.manual_seed(4)
    return settled(models.image_tower(CONFIG)), settled(models.text_tower(CONFIG))


def run(model, **feed):
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, feed)[0]


def text_batch():
    ids = torch.randint(0, CONFIG["text"]["pieces"], (4, 9), generator=torch.Generator().manual_seed(6))
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0
    return ids, mask


@pytest.mark.parametrize("storage", TOLERANCE)
def test_exported_towers_equal_the_trained_ones(towers, storage):
    image, text = towers
    pixels = torch.randn(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(7))
    ids, mask = text_batch()
    with torch.no_grad():
        wanted_image, wanted_text = image(pixels).numpy(), text(ids, mask).numpy()
    found_image = run(export.image_model(image, SIDE, storage, {}), pixel_values=pixels.numpy())
    found_text = run(export.text_model(text, storage, {}), input_ids=ids.numpy(), attention_mask=mask.numpy())
    for found, wanted in ((found_image, wanted_image), (found_text, wanted_text)):
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() <= TOLERANCE[storage] * np.abs(wanted).max()


def test_vectors_do_not_depend_on_their_batch(towers):
    pixels = np.random.default_rng(8).standard_normal((5, 3, SIDE, SIDE)).astype(np.float32)
    model = export.image_model(towers[0], SIDE, CONFIG["export"]["storage"], {})
    together = run(model, pixel_values=pixels)
    alone = np.concatenate([run(model, pixel_values=pixels[i:i + 1]) for i in range(5)])
    assert np.abs(together - alone).max() < 1e-5


def test_padding_changes_nothing(towers):
    ids, mask = (tensor.numpy() for tensor in text_batch())
    model = export.text_model(towers[1], CONFIG["export"]["storage"], {})
    padded = run(model, input_ids=ids, attention_mask=mask)[1]
    bare = run(model, input_ids=ids[1:2, :4], attention_mask=mask[1:2, :4])[0]
    assert np.abs(padded - bare).max() < 1e-5


def test_quantise_keeps_each_row_within_half_a_step():
    weight = np.random.default_rng(9).standard_normal((7, 3, 3)).astype(np.float32)
    short, scale = quantise(weight)
    assert short.dtype == np.int8
    assert (np.abs(short * scale - weight) <= scale / 2 + 1e-6).all()


@pytest.mark.parametrize("storage", TOLERANCE)
def test_exported_pairwise_model_equals_the_trained_one(towers, storage):
    torch.manual_seed(10)
    eyes = models.image_tower(CONFIG, "eyes").eval()
    model = cross_encoder(CONFIG, eyes.project, towers[1]).eval()
    model.weights.copy_(torch.tensor([1.0, 0.8, 0.3]))
    ids, mask = text_batch()
    with torch.no_grad():
        seen = torch.randn(4, 3, CONFIG["eyes"]["side"], CONFIG["eyes"]["side"])
        pictures, vectors = eyes.tokens(seen), torch.randn(4, CONFIG["joint"]["dims"][-1])
        words = towers[1].tokens(ids, mask)
        wanted = model(vectors, pictures, words, mask).numpy()
        # The eyes' own cosine is part of the score.
        apart = torch.nn.functional.cosine_similarity(
            eyes.project(pictures.mean(1)), towers[1].project(models.masked_mean(words, mask)))
        assert torch.allclose(model.cosine(pictures, words, mask), apart, atol=1e-6)
    graph = export_cross.cross_graph(model, storage, {})
    found = run(
        graph, image_embeds=vectors.numpy(), image_tokens=pictures.numpy(), text_tokens=words.numpy(),
        attention_mask=mask.numpy())
    assert found.shape == wanted.shape == (4,)
    assert np.abs(found - wanted).max() <= TOLERANCE[storage] * max(1, np.abs(wanted).max())
