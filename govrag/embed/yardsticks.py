"""What `TransformerEmbedder` is measured against: the same model as users run it, and as fast as it could ever go."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govrag.embed import folder
from govrag.embed.devices import Dtype, number_type
from govrag.embed.tokens import Tokens

_SQUARE = {"cpu": 2_048, "cuda": 8_192}  # side of the matrices whose product shows the peak
_PRODUCTS = 8


class Yardstick:
    """A SentenceTransformer on one device, run in the ways that an embedder is compared with."""

    def __init__(self, model: Path, *, device: str, dtype: Dtype | None = None) -> None:
        with folder.loading(model):
            from sentence_transformers import SentenceTransformer

            self._model: Any = folder.load(
                SentenceTransformer, model, device=device, dtype=number_type(device, dtype)
            ).eval()
        self._device = device
        body: Any = self._model.transformers_model
        embedded = {id(module.weight) for module in body.modules() if type(module).__name__ == "Embedding"}
        self.weights = sum(one.numel() for one in body.parameters() if one.ndim == 2 and id(one) not in embedded)
        self.layers: int = body.config.num_hidden_layers
        self.width: int = body.config.hidden_size

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text that the model reads."""
        return [len(row) for row in Tokens(self._model).rows(texts, prompt="")]

    def encode(self, *, batch: int, window: int | None = None) -> Callable[[Sequence[str]], NDArray[np.float32]]:
        """Return `SentenceTransformer.encode` with a batch size, called for all texts or for ``window`` at a time."""

        def run(texts: Sequence[str]) -> NDArray[np.float32]:
            size = window or len(texts)
            return np.concatenate(
                [
                    self._model.encode(list(texts[start : start + size]), batch_size=batch, show_progress_bar=False)
                    for start in range(0, len(texts), size)
                ]
            )

        return run

    def ideal(self, lengths: Sequence[int], *, budget: int, clock: Callable[[], float] = time.perf_counter) -> float:
        """Return tokens a second when as many tokens come in texts of one length: no padding, nothing to tokenise.

        The length is the one at which attention costs as much as over the real ones. Best of three runs.
        """
        import torch

        total = sum(lengths)
        length = max(1, round(sum(one * one for one in lengths) / total))
        rows = max(1, budget // length)
        whole, rest = divmod(max(1, round(total / length)), rows)
        counts = [rows] * whole + [rest] * bool(rest)
        ids = torch.randint(5, self._model.tokenizer.vocab_size, (rows, length), device=self._device)
        mask = torch.ones_like(ids)
        rate = 0.0
        with torch.inference_mode():
            for _ in range(3):
                self._wait()
                started = clock()
                for count in counts:
                    self._model({"input_ids": ids[:count], "attention_mask": mask[:count]})
                self._wait()
                rate = max(rate, sum(counts) * length / (clock() - started))
        return rate

    def peak(self, *, clock: Callable[[], float] = time.perf_counter) -> float:
        """Return operations a second of a large matrix product in the model's numbers; best of several."""
        import torch

        side = _SQUARE[self._device.split(":")[0]]
        left, right = (torch.randn(side, side, device=self._device).to(self._model.dtype) for _ in range(2))
        best = float("inf")
        with torch.inference_mode():
            for _ in range(_PRODUCTS):
                self._wait()
                started = clock()
                torch.matmul(left, right)
                self._wait()
                best = min(best, clock() - started)
        return float(2 * side**3 / best)

    def _wait(self) -> None:
        if self._device.startswith("cuda"):
            import torch

            torch.cuda.synchronize(self._device)
