"""A call to a model's server, made again while that may help; what a server refuses, in typed words.

A room that asks servers uses this over the `Gate` that it was handed.
"""

from __future__ import annotations

import json
import math
import random as random_
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from govrag.contracts import Response
from govrag.errors import ModelError, ModelPaused, ModelRejected, ModelUnreachable, PolicyDenied, late
from govrag.records import Approval

__all__ = ["TRIES", "Again", "Tries", "after", "check", "retry_after", "said", "waiting"]

T = TypeVar("T")

TRIES = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0  # seconds between tries
_JITTER = 0.25  # of what a server asks to wait, added so that not everyone it told comes back at once
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})  # HTTP statuses that may pass
_ERROR_BODY = 4 << 10  # bytes of an error's body that are looked at
_WORD = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+){0,5}")  # as context_length_exceeded, and neither a key nor a sentence


class Again(Exception):
    """This try failed, and another one may not; ``wait`` is what the server asks for, in seconds."""

    def __init__(self, error: ModelError, wait: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Tries:
    """How a call is made again. ``sleep``, ``clock`` and ``random`` (0 … 1) stand in for the real ones, in tests."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random_.random

    def of(self, once: Callable[[float], T], *, approval: Approval, seconds: float) -> tuple[T, int]:
        """Return what ``once`` returns, given the seconds left, and the calls it took.

        Raises `ModelError` by the deadline, ``attempts`` on it, and `PolicyDenied` while nothing was sent.
        """
        deadline = self.clock() + seconds
        sent = 0
        failed: ModelError | None = None
        for attempt in range(1, TRIES + 1):
            if (left := deadline - self.clock()) <= 0:
                raise after(failed or late(approval.id), sent)
            try:
                return once(left), sent + 1
            except ModelPaused as error:
                raise after(failed or error, sent) from None
            except (Again, ModelUnreachable) as failure:
                failed = failure.error if isinstance(failure, Again) else failure
                sent += failed.attempts
                asked = failure.wait if isinstance(failure, Again) else None
                wait = waiting(attempt, asked, random=self.random)
                if attempt == TRIES or self.clock() + wait >= deadline:
                    raise after(failed, sent) from None
                self.sleep(wait)
            except ModelError as error:
                raise after(error, sent + error.attempts) from None
            except PolicyDenied:
                if failed is None:
                    raise
                raise after(failed, sent) from None  # denied meanwhile: what was sent before must be counted
        raise AssertionError("the last try returns or raises")


def check(response: Response, approval: Approval) -> None:
    """Raise `ModelRejected` for a status of refusal, or `Again` with it when the status may pass."""
    if response.status < 400:
        return
    word = said(b"".join(_bounded(response)))
    told = f"HTTP {response.status}, {word}" if word else f"HTTP {response.status}"
    error = ModelRejected(
        f"'{approval.id}': 서버가 거절했습니다({told}). 정책의 endpoint, name, 키와 서버를 확인하십시오.",
        f"'{approval.id}': the server refused ({told}). Check endpoint, name and key in the policy, and the server.",
    )
    error.status = response.status
    if response.status in _AGAIN:
        raise Again(error, retry_after(response.headers.get("retry-after", "")))
    raise error


def waiting(attempt: int, asked: float | None, *, random: Callable[[], float]) -> float:
    """Return the seconds until the next try: never fewer than the server asks for, up to the longest wait."""
    if asked is None:
        return min(float(_FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + random()), _LONGEST_WAIT)
    return min(asked, _LONGEST_WAIT) * (1 + _JITTER * random())


def retry_after(value: str) -> float | None:
    """Return the seconds that a server asks to wait (RFC 9110 §10.2.3); None for nonsense."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        seconds = (when - datetime.now(UTC)).total_seconds() if when.tzinfo else -1
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def said(body: str | bytes) -> str:
    """Return the kind of error that a server names, or "": its message may repeat what it was asked."""
    try:
        error = json.loads(body).get("error")
    except (ValueError, AttributeError, RecursionError):
        return ""
    words = [error.get(name) for name in ("code", "type")] if isinstance(error, dict) else []
    return next((one[:40] for one in words if isinstance(one, str) and _WORD.fullmatch(one)), "")


def _bounded(response: Response) -> Iterator[bytes]:
    """Yield the beginning of an error's body; that it breaks off is of no interest."""
    size = 0
    try:
        for chunk in response.chunks():
            yield chunk
            size += len(chunk)
            if size > _ERROR_BODY:
                return
    except ModelError:
        return


def after(error: ModelError, attempts: int) -> ModelError:
    """Return the error with the number of calls that were made."""
    error.attempts = attempts
    return error
