"""The neural embedder: any sentence-transformers model from a folder, on a processor or on GPUs, offline."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Role
from govrag.embed import folder
from govrag.embed.devices import Dtype, Outcome, Runner, batch_tokens, choose, number_type
from govrag.embed.workers import Workers
from govrag.errors import UnreadableFile, UsageError
from govrag.records import EmbeddingWork

if TYPE_CHECKING:
    from torch import Tensor

_ALGORITHM = "transformer-1"  # changes whenever the same model would give other vectors; ends in length one
_TASKS: dict[Role, str] = {"query": "query", "passage": "document"}
_PROMPTS: dict[Role, tuple[str, ...]] = {"query": ("query",), "passage": ("document", "passage", "corpus")}
_PROBE = "제1조(목적)"


class TransformerEmbedder:
    """Texts to unit vectors with a sentence-transformers model.

    ``model`` is a folder, or the name of a model that is on this machine already; only ``download`` lets one be
    fetched. Weights must be safetensors, and code that a model brings along is not run. ``device`` is cpu, cuda:0, or
    several (``"cuda:0,cuda:1"`` or a list), a process each; by default the first GPU, else the processor. ``dtype`` is
    float32 on a processor and bfloat16 on a GPU unless told otherwise. Prompts go before each text, by default those
    that the model was trained with. ``truncate_dim`` keeps the first numbers of each vector. ``tokens`` is what a batch
    may cost, rows times the longest; it halves itself when the memory is full.

    Loading raises `UsageError` for a model or device that is not here, `UnreadableFile` for an incomplete, damaged or
    pickled model, `MissingExtra` without the extra ``neural``. Vectors are those of sentence-transformers'
    ``encode_query`` and ``encode_document``, scaled to length one. Threads may share it; they wait for one another.
    """

    dimension: int
    fingerprint: str  # of the model's files and these settings, wherever the folder lies; not of device and dtype

    def __init__(
        self,
        model: str | Path,
        *,
        device: str | Sequence[str] | None = None,
        dtype: Dtype | None = None,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        truncate_dim: int | None = None,
        tokens: int | None = None,
        download: bool = False,
    ) -> None:
        place = folder.find(model, download=download)
        with folder.loading(place):
            devices = choose(device)
        asked: dict[Role, str | None] = {"query": query_prompt, "passage": passage_prompt}
        make = partial(_Local, place, dtype=dtype, prompts=asked, truncate_dim=truncate_dim, tokens=tokens)
        self._worker: _Local | Workers = make(devices[0]) if len(devices) == 1 else Workers(make, devices)
        self.dimension = self._worker.dimension
        settings = [_ALGORITHM, *sorted(self._worker.prompts.items()), self.dimension]
        self.fingerprint = f"{_ALGORITHM}:{folder.fingerprint(place, settings=settings)}"
        self._lock = threading.Lock()
        self._done = EmbeddingWork()

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension), in order.

        A blank text, and one that cannot be embedded (see `work`), is a zero row. Raises `ModelError` when the device
        fails; nothing is returned then.
        """
        with self._lock:
            started = time.perf_counter()
            outcome = self._worker.outcome(texts, kind=kind)
            _scale(outcome.rows)
            self._note(outcome, time.perf_counter() - started)
        return outcome.rows

    def work(self) -> EmbeddingWork:
        """Return what was done since the last call of this method, positions counted over those texts."""
        with self._lock:
            done, self._done = self._done, EmbeddingWork()
        return done

    def close(self) -> None:
        """End the processes of several devices; a single device needs no closing."""
        if isinstance(self._worker, Workers):
            self._worker.close()

    def _note(self, outcome: Outcome, seconds: float) -> None:
        done = self._done
        self._done = EmbeddingWork(
            texts=done.texts + len(outcome.rows),
            tokens=done.tokens + outcome.tokens,
            padding=done.padding + outcome.padding,
            seconds=done.seconds + seconds,
            failed=done.failed | {done.texts + place: why for place, why in outcome.failed.items()},
        )


class _Local:
    """The model on one device of this process."""

    dimension: int

    def __init__(
        self,
        place: Path,
        device: str,
        *,
        dtype: Dtype | None,
        prompts: dict[Role, str | None],
        truncate_dim: int | None,
        tokens: int | None,
    ) -> None:
        numbers = number_type(device, dtype)
        budget = batch_tokens(device, tokens)
        with folder.loading(place):
            from sentence_transformers import SentenceTransformer

            model = folder.load(SentenceTransformer, place, device=device, dtype=numbers)
            self.prompts = {kind: _prompt(model, kind) if own is None else own for kind, own in prompts.items()}
            width = model.encode([_PROBE], show_progress_bar=False, convert_to_numpy=True).shape[1]
        declared = model.get_embedding_dimension()
        if declared is not None and declared != width:
            raise UnreadableFile(
                f"모델 폴더 '{place}': 설정에는 {declared}차원인데 벡터는 {width}차원입니다. 원본을 다시 복사하세요.",
                f"the model folder '{place}' declares {declared} dimensions, and its vectors have {width}. Copy the "
                "original again.",
            )
        self.dimension = _kept(width, truncate_dim)
        self._runner = Runner(model, output=self._numbers, device=device, budget=budget)

    def outcome(self, texts: Sequence[str], *, kind: Role) -> Outcome:
        return self._runner.run(texts, width=self.dimension, prompt=self.prompts[kind], task=_TASKS[kind])

    def _numbers(self, features: dict[str, Any]) -> Tensor:
        rows: Tensor = features["sentence_embedding"][:, : self.dimension]
        return rows


def _prompt(model: Any, kind: Role) -> str:
    """Return the prompt that `encode_query` or `encode_document` would put before a text."""
    name = next((name for name in _PROMPTS[kind] if name in model.prompts), model.default_prompt_name)
    prompt: str = model.prompts.get(name) or ""
    return prompt


def _kept(width: int, truncate_dim: int | None) -> int:
    if truncate_dim is None:
        return width
    if not 1 <= truncate_dim <= width:
        raise UsageError(
            f"truncate_dim {truncate_dim}: 이 모델의 벡터는 {width}차원입니다. 1에서 {width} 사이의 수를 주세요.",
            f"truncate_dim {truncate_dim}: this model's vectors have {width} dimensions. Give 1 to {width}.",
        )
    return truncate_dim


def _scale(rows: NDArray[np.float32]) -> None:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=rows, where=lengths > 0)
