"""A model folder as any user of ONNX Runtime reads it, and other encoders to compare it with."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from .bars import trimmed
from .tokenizer import load_tokenizer


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(str(path), options)


def batches(values, size: int):
    return (values[start:start + size] for start in range(0, len(values), size))


class Folder:
    def __init__(self, path: Path):
        self.path = path
        self.vision, self.words = session(path / "vision_model.onnx"), session(path / "text_model.onnx")
        self.config = json.loads((path / "config.json").read_text())
        self.processor = json.loads((path / "preprocessor_config.json").read_text())
        most = self.config["text_config"]["max_position_embeddings"]
        self.tokenizer = load_tokenizer(path / "tokenizer.json", most)

    def seen(self, image: Image.Image) -> np.ndarray:
        """What the model takes of a picture in RGB: float32 [3, height, width]."""
        size, resample = (self.processor["size"]["width"], self.processor["size"]["height"]), self.processor["resample"]
        trims = self.processor.get("do_trim_bars", False)
        pixels = trimmed(image, size, resample) if trims else np.asarray(image.resize(size, resample))
        scaled = pixels.astype(np.float32) * self.processor["rescale_factor"]
        scaled = (scaled - self.processor["image_mean"]) / self.processor["image_std"]
        return scaled.transpose(2, 0, 1).astype(np.float32)

    def pixels(self, path: Path) -> np.ndarray:
        with Image.open(path) as image:
            return self.seen(image.convert("RGB"))

    def load(self, paths: list[Path]) -> np.ndarray:
        return np.stack([self.pixels(path) for path in paths])

    def images(self, pixels: np.ndarray, batch: int = 16, output: str = "image_embeds") -> np.ndarray:
        return np.concatenate([
            self.vision.run([output], {"pixel_values": part})[0] for part in batches(pixels, batch)])

    def files(self, paths: list[Path]) -> np.ndarray:
        return np.concatenate([self.images(self.load(part)) for part in batches(paths, 64)])

    def encoded(self, texts: list[str], task: str | None = None) -> dict[str, np.ndarray]:
        prompt = self.config["prompts"][task] if task else ""
        encoded = self.tokenizer.encode_batch([prompt + text for text in texts])
        return {
            "input_ids": np.array([e.ids for e in encoded], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
        }

    def texts(self, texts: list[str], task: str | None = None, batch: int = 64) -> np.ndarray:
        return np.concatenate([
            self.words.run(["text_embeds"], self.encoded(part, task))[0] for part in batches(texts, batch)])


class Teacher:
    """The ImageNet network whose knowledge of pictures was taught."""

    def __init__(self, path: Path, side: int):
        self.network, self.side = session(path), side

    def files(self, paths: list[Path]) -> np.ndarray:
        return np.concatenate([self._batch(part) for part in batches(paths, 32)])

    def _batch(self, paths: list[Path]) -> np.ndarray:
        pixels = []
        for path in paths:
            with Image.open(path) as image:
                square = image.convert("RGB").resize((self.side, self.side), Image.BICUBIC)
            pixels.append(np.asarray(square, np.float32).transpose(2, 0, 1) / 127.5 - 1)
        return self.network.run(None, {"pixel_values": np.stack(pixels)})[0]


class ColourHistogram:
    """512 bins of red, green and blue, as square roots, so that the cosine is Bhattacharyya's coefficient."""

    def files(self, paths: list[Path]) -> np.ndarray:
        return np.stack([self._one(path) for path in paths])

    @staticmethod
    def _one(path: Path) -> np.ndarray:
        with Image.open(path) as image:
            levels = np.asarray(image.convert("RGB").resize((128, 128))).reshape(-1, 3) // 32
        counts = np.bincount(levels @ [64, 8, 1], minlength=512).astype(np.float32)
        return np.sqrt(counts / counts.sum())
