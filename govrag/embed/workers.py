"""Several devices, a process each: every one loads the model itself, and takes texts until there are none."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from govrag.contracts import Role
from govrag.embed.batching import shares
from govrag.embed.devices import Outcome
from govrag.errors import ModelError


class Worker(Protocol):
    """What a process holds: a model on one device."""

    dimension: int
    prompts: dict[Role, str]

    def outcome(self, texts: Sequence[str], *, kind: Role) -> Outcome:
        """Return what became of the texts."""


class Workers:
    """A process for each device; ``make`` is called there with its device and must be importable there.

    The processes start at once and end with `close`, or with this one. Raises what ``make`` raises.
    """

    dimension: int
    prompts: dict[Role, str]

    def __init__(self, make: Callable[[str], Worker], devices: Sequence[str]) -> None:
        # Not forked: CUDA does not survive it, nor do the threads of the tokenizers.
        context = multiprocessing.get_context("spawn")
        self._devices = tuple(devices)
        self._pools = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_remember, initargs=(make, device))
            for device in self._devices
        ]
        try:
            started = [pool.submit(_facts) for pool in self._pools]
            for device, one in zip(self._devices, started, strict=True):
                with _alive(device):
                    self.dimension, self.prompts = one.result()
        except BaseException:
            self.close()
            raise

    def outcome(self, texts: Sequence[str], *, kind: Role) -> Outcome:
        """Return what became of the texts, in order. Raises `ModelError` when a process or its device is gone."""
        whole = Outcome(np.zeros((len(texts), self.dimension), np.float32))
        dealt = shares([len(text) for text in texts], len(self._devices))
        tasks: list[tuple[str, range, Future[Outcome]]] = []
        try:
            for device, pool, runs in zip(self._devices, self._pools, dealt, strict=True):
                with _alive(device):
                    tasks += [
                        (device, run, pool.submit(_outcome, list(texts[run.start : run.stop]), kind)) for run in runs
                    ]
            for device, run, task in tasks:
                with _alive(device):
                    part = task.result()
                whole.rows[run.start : run.stop] = part.rows
                whole.failed |= {run.start + place: why for place, why in part.failed.items()}
                whole.tokens += part.tokens
                whole.padding += part.padding
        finally:
            for _, _, task in tasks:
                task.cancel()
        return whole

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)


_held: list[Worker | Exception] = []  # in a worker's process: what was made, or why it could not be


@contextmanager
def _alive(device: str) -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise ModelError(
            f"장치 '{device}'의 프로세스가 끝났습니다. 만들던 벡터는 버렸습니다. 메모리와 nvidia-smi 를 확인하고 다시 "
            "실행하세요. 스크립트라면 if __name__ == '__main__': 아래에서 실행해야 합니다.",
            f"the process of the device '{device}' ended. Nothing half-made is kept. Look at the memory and at "
            "nvidia-smi and run again; a script must do this below if __name__ == '__main__':.",
        ) from error


def _remember(make: Callable[[str], Worker], device: str) -> None:
    try:
        _held.append(make(device))
    except Exception as error:  # raised when asked for: an initializer that fails breaks the pool without a word
        _held.append(error)


def _worker() -> Worker:
    held = _held[0]
    if isinstance(held, Exception):
        raise held
    return held


def _facts() -> tuple[int, dict[Role, str]]:
    return _worker().dimension, _worker().prompts


def _outcome(texts: list[str], kind: Role) -> Outcome:
    return _worker().outcome(texts, kind=kind)
