"""A loaded model at work on one device: texts to rows of numbers, in batches of a token budget, through full memory.

Tokens are counted and laid out by another thread while the device computes. A batch that does not fit into memory
halves the budget, for good; a text that does not fit alone, or whose numbers are none, is left out with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from govrag.embed.batching import Batch, ahead, batches, buffers, halved, parts
from govrag.embed.tokens import Features, Input, Row, Tokens
from govrag.errors import ModelError, UsageError

if TYPE_CHECKING:
    from torch import Tensor

Dtype = Literal["float32", "bfloat16", "float16"]

CPU_TOKENS = 2_048  # a batch's activations stay near the caches
GPU_TOKENS = 16_384  # enough to keep a large GPU busy; more only adds padding

NO_MEMORY = (
    "이 글 하나만으로도 장치의 메모리가 모자랍니다. 더 짧게 나누거나 메모리가 더 큰 장치를 쓰세요.",
    "this text alone does not fit into the device's memory. Split it, or use a device with more.",
)
NO_NUMBERS = (
    "모델이 이 글에 대해 숫자가 아닌 값(NaN 또는 무한대)을 냈습니다. dtype='float32' 로 다시 시도하세요.",
    "the model gave NaN or infinity for this text. Try again with dtype='float32'.",
)

_FLUSH = 64  # batches whose results stay on the device before they are fetched: fetching waits for the device
_FULL = ("out of memory", "can't allocate memory", "not enough memory", "alloc_failed")  # in torch's words


@dataclass(slots=True)
class Outcome:
    """What became of a call: a row for each input, in order, zeros where there is none."""

    rows: NDArray[np.float32]
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)  # position → why, Korean and English
    tokens: int = 0  # without padding
    padding: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    """A batch whose features are laid out, and all rows of its buffer, to lay it out anew in smaller parts."""

    batch: Batch
    start: int  # position of the buffer's first input
    rows: Sequence[Row]
    prompt: str
    features: Features


class Runner:
    """Runs one model on one device. Not to be used by two threads at once.

    ``output`` takes the numbers out of what the model returns: a tensor with a row for each input. ``budget`` is in
    tokens and only ever shrinks.
    """

    def __init__(self, model: Any, *, output: Callable[[Features], Tensor], device: str, budget: int) -> None:
        self.budget = budget
        self._model = model.eval()
        self._output = output
        self._device = device
        self._on_gpu = device.startswith("cuda")
        self._tokens = Tokens(model)

    def run(self, inputs: Sequence[Input], *, width: int, prompt: str = "", task: str = "") -> Outcome:
        """Return ``width`` numbers for each input; blank texts are zeros and cost nothing.

        Raises `ModelError` when the device fails for another reason than memory.
        """
        import torch

        outcome = Outcome(np.zeros((len(inputs), width), np.float32))
        places = np.array([place for place, text in enumerate(inputs) if _says_something(text)], dtype=np.intp)
        prepared = ahead(lambda: self._prepare([inputs[place] for place in places], prompt, task))
        waiting: list[tuple[NDArray[np.intp], Tensor]] = []
        try:
            with torch.inference_mode():
                for ready in prepared:
                    waiting += self._computed(ready, places[ready.start :], task, outcome)
                    if len(waiting) >= _FLUSH:
                        _fetch(waiting, outcome)
                _fetch(waiting, outcome)
        except RuntimeError as error:  # torch's AcceleratorError is one
            raise ModelError(
                f"장치 '{self._device}'에서 모델을 계산하지 못했습니다({_first_line(error)}). "
                "만들던 벡터는 버렸습니다. nvidia-smi 로 장치를 확인하고 다시 실행하거나, device='cpu' 로 실행하세요.",
                f"the device '{self._device}' failed to compute the model ({_first_line(error)}). Nothing half-made is "
                "kept. See whether nvidia-smi still shows the device and run again, or run with device='cpu'.",
            ) from error
        finally:
            prepared.close()
        _leave_out_what_is_no_number(outcome)
        return outcome

    def _prepare(self, inputs: Sequence[Input], prompt: str, task: str) -> Iterator[_Ready]:
        for buffer in buffers(len(inputs)):
            rows = self._tokens.rows(inputs[buffer.start : buffer.stop], prompt=prompt)
            for batch in batches([len(row) for row in rows], budget=self.budget):
                yield _Ready(batch, buffer.start, rows, prompt, self._features(batch, rows, prompt, task))

    def _features(self, batch: Batch, rows: Sequence[Row], prompt: str, task: str) -> Features:
        features = self._tokens.features([rows[position] for position in batch.positions], prompt=prompt, task=task)
        if not self._on_gpu:
            return features
        # From pinned memory the copy runs beside the computation.
        return {name: value.pin_memory() if hasattr(value, "pin_memory") else value for name, value in features.items()}

    def _computed(
        self, ready: _Ready, places: NDArray[np.intp], task: str, outcome: Outcome
    ) -> list[tuple[NDArray[np.intp], Tensor]]:
        """Return the numbers of a batch, in as many parts as the memory wants, each with its places in the outcome."""
        lengths = [len(row) for row in ready.rows]
        waiting = [(ready.batch, ready.features)]
        if ready.batch.cost > self.budget:  # halved after this was laid out
            waiting = [(part, {}) for part in parts(ready.batch, lengths, budget=self.budget)]
        computed = []
        while waiting:
            batch, features = waiting.pop()
            rows = self._forward(features or self._features(batch, ready.rows, ready.prompt, task), task)
            del features
            at = places[list(batch.positions)]
            if rows is not None:
                computed.append((at, rows))
                tokens = sum(lengths[position] for position in batch.positions)
                outcome.tokens += tokens
                outcome.padding += 0 if self._tokens.flat else batch.cost - tokens
            elif (smaller := halved(batch, self.budget)) is None:
                outcome.failed[int(at[0])] = NO_MEMORY
            else:
                self.budget = smaller
                waiting += [(part, {}) for part in parts(batch, lengths, budget=smaller)]
        return computed

    def _forward(self, features: Features, task: str) -> Tensor | None:
        """Return the model's numbers; None when the memory is full."""
        import torch

        told = {"task": task} if task and not self._tokens.plain else {}
        try:
            moved = {
                name: value.to(self._device, non_blocking=True) if isinstance(value, torch.Tensor) else value
                for name, value in features.items()
            }
            rows: Tensor = self._output(self._model(moved, **told))
        except (RuntimeError, MemoryError) as error:
            if not _is_full(error):
                raise
        else:
            return rows
        # Not in the except clause: the error's frames would keep the tensors that filled the memory.
        if self._on_gpu:
            torch.cuda.empty_cache()
        return None


def choose(device: str | Sequence[str] | None) -> list[str]:
    """Return the devices asked for, ``cuda:0,cuda:1`` or a list; without one the first GPU, or the processor.

    Raises `UsageError` for a device that this machine does not have.
    """
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    asked = device.split(",") if isinstance(device, str) else list(device or ())
    names = [name.strip() for name in asked] or ["cuda:0" if gpus else "cpu"]
    chosen = ["cuda:0" if name == "cuda" else name for name in names]
    known = {"cpu", *(f"cuda:{number}" for number in range(gpus))}
    for name in chosen:
        if name not in known:
            there = ", ".join(sorted(known))
            raise UsageError(
                f"장치 '{name}'이(가) 이 컴퓨터에 없습니다. 있는 장치: {there}. GPU가 있는데 보이지 않으면 드라이버와 "
                "CUDA 판 torch 를 확인하세요.",
                f"this machine has no device '{name}'. It has: {there}. Where a GPU is not seen, check its driver and "
                "that torch was built for CUDA.",
            )
    return chosen


def number_type(device: str, dtype: Dtype | None) -> Dtype:
    """Return the type to compute in: 32 bits on a processor, bfloat16 on a GPU unless told otherwise.

    Raises `UsageError` for 16 bits on a processor, which is slower there, and for a type unknown.
    """
    if dtype not in (None, "float32", "bfloat16", "float16"):
        raise UsageError(
            f"dtype '{dtype}'은(는) 없습니다. float32, bfloat16, float16 가운데 하나를 쓰세요.",
            f"there is no dtype '{dtype}'. Use float32, bfloat16 or float16.",
        )
    if device.startswith("cuda"):
        return dtype or "bfloat16"
    if dtype not in (None, "float32"):
        raise UsageError(
            f"dtype '{dtype}'은(는) GPU에서만 씁니다. 장치 '{device}'에서는 float32 로 실행하세요.",
            f"dtype '{dtype}' is for GPUs. Use float32 on the device '{device}'.",
        )
    return "float32"


def batch_tokens(device: str, tokens: int | None) -> int:
    """Return the budget of a batch; raises `UsageError` when it could not hold a token."""
    if tokens is not None and tokens < 1:
        raise UsageError(
            f"tokens {tokens}: 한 묶음의 토큰 수는 1 이상이어야 합니다. 비워 두면 장치에 맞게 정합니다.",
            f"tokens {tokens}: a batch holds one token at least. Leave it out to have it chosen for the device.",
        )
    return tokens or (GPU_TOKENS if device.startswith("cuda") else CPU_TOKENS)


def _fetch(waiting: list[tuple[NDArray[np.intp], Tensor]], outcome: Outcome) -> None:
    """Bring results to the processor, all at once: each fetching waits until the device has caught up."""
    import torch

    if waiting:
        rows = torch.cat([rows for _, rows in waiting]).float().cpu().numpy()
        outcome.rows[np.concatenate([places for places, _ in waiting])] = rows
        waiting.clear()


def _leave_out_what_is_no_number(outcome: Outcome) -> None:
    for place in np.flatnonzero(~np.isfinite(outcome.rows).all(axis=1)):
        outcome.failed[int(place)] = NO_NUMBERS
        outcome.rows[place] = 0


def _says_something(text: Input) -> bool:
    return bool(text.strip() if isinstance(text, str) else text[0].strip() and text[1].strip())


def _is_full(error: Exception) -> bool:
    import torch

    told = str(error).lower()
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or any(sign in told for sign in _FULL)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip()[:200]}".splitlines()[0]
