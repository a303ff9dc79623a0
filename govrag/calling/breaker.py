"""Servers that keep failing are left alone for a while: one circuit breaker per endpoint, for the whole process."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from govrag.errors import ModelPaused
from govrag.records import Approval

__all__ = ["BREAKERS", "DOWN", "Breakers", "Trial"]

DOWN = 500  # HTTP status, and more: the server itself fails; below, it lives and refuses

_FAILURES = 5  # in a row, over all requests
_PAUSE = 30.0  # seconds


@dataclass(slots=True)
class Trial:
    """One call under way; what is left unsaid changes nothing: it was denied, or whoever listened has left."""

    answered: bool = False  # the server lives
    failed: bool = False  # it does not, whatever it answered before


@dataclass(slots=True)
class _State:
    failures: int = 0  # in a row
    until: float = 0.0  # when it may be tried again, once there were too many
    trying: bool = False  # someone finds out whether it lives again


class Breakers:
    """Which endpoints are left alone: after ``failures`` in a row, for ``pause`` seconds. Threads may share it.

    Once the pause is over one call is let through; the others are refused until it is known what became of it. What has
    no endpoint runs in this process, and is never left alone.
    """

    def __init__(
        self, *, failures: int = _FAILURES, pause: float = _PAUSE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._states: dict[str, _State] = {}

    @contextmanager
    def trying(self, approval: Approval) -> Iterator[Trial]:
        """Let one call through, and learn from it; raises `ModelPaused` when the endpoint is left alone."""
        probing = self._enter(approval)
        trial = Trial()
        try:
            yield trial
        finally:
            self._leave(approval, trial, probing=probing)

    def pause(self, approval: Approval) -> float:
        """Return for how many seconds the endpoint is still left alone."""
        with self._lock:
            state = self._states.get(approval.endpoint)
            return 0.0 if state is None or state.failures < self._failures else state.until - self._clock()

    def _enter(self, approval: Approval) -> bool:
        """Return whether this call is the one that finds out whether the endpoint lives again."""
        with self._lock:
            state = self._states.get(approval.endpoint)
            if state is None or state.failures < self._failures:
                return False
            left = state.until - self._clock()
            if left > 0 or state.trying:
                raise _paused(approval, state.failures, left if left > 0 else self._pause)
            state.trying = True
            return True

    def _leave(self, approval: Approval, trial: Trial, *, probing: bool) -> None:
        with self._lock:
            if trial.failed and approval.endpoint:
                state = self._states.setdefault(approval.endpoint, _State())
                state.failures += 1
                state.until = self._clock() + self._pause
                state.trying = state.trying and not probing
            elif trial.answered:
                self._states.pop(approval.endpoint, None)
            elif probing and (waiting := self._states.get(approval.endpoint)) is not None:
                waiting.trying = False


BREAKERS = Breakers()  # of this process


def _paused(approval: Approval, failures: int, left: float) -> ModelPaused:
    seconds = math.ceil(left)
    error = ModelPaused(
        f"'{approval.id}': 서버가 {failures}번 잇달아 실패하여 쉬고 있습니다. {seconds}초 뒤에 다시 물어 주십시오.",
        f"'{approval.id}': the server failed {failures} times in a row and is left alone. "
        f"Ask again in {seconds} seconds.",
    )
    error.seconds = left
    return error
