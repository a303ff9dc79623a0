"""Embedders behind servers: approved for what they see, masked, metered, batched by tokens, and not believed.

A `RemoteEmbedder` does all of that around whatever makes the vectors: `OpenAIEmbeddings` here, over the one gate, or a
LangChain object (`langchain_embedder`). What a server sends is checked for number, size and sense, and scaled to
length one by us.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from govrag.calling.breaker import BREAKERS, DOWN, Breakers
from govrag.calling.tries import Tries, check
from govrag.contracts import Gate, Masker, Meter, Policy, Role
from govrag.errors import (
    ModelError,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
    PolicyDenied,
)
from govrag.korean import tokens
from govrag.records import Approval, Call, EmbeddingWork, Purpose, TokenUsage

__all__ = ["EmbeddingServer", "Made", "OpenAIEmbeddings", "RemoteEmbedder"]

_ALGORITHM = "remote-1"  # `embedders` knows servers by how it begins
_PATH = "/embeddings"
_SECONDS = 120.0  # for one batch, its retries included
_QUERY_SECONDS = 15.0  # for a question: somebody waits
_BUDGET = 32_768  # tokens of one batch
_MOST_TEXTS = 128  # of one batch
_LONGEST_TOKEN = 17  # characters, see `korean.tokens.PATTERN`
_SPARE = 8  # tokens that a model adds to a text
_TOO_MUCH = frozenset({400, 413, 422})  # HTTP statuses of a batch that is too large, or of a text
_NUMBER_BYTES = 32  # that one component may take, as JSON writes it
_LARGEST_DIMENSION = 16_384
_MOST_TOKENS = 100_000_000  # of one call: more is nonsense
_PROBE = "법"  # what a server is asked for when nobody said how long its vectors are


@dataclass(frozen=True, slots=True)
class Made:
    """What a server made of a batch."""

    rows: NDArray[np.float32]  # (texts, dimension), in the order of the texts, of any length
    tokens: int | None = None  # as the server reports them, where that makes sense
    attempts: int = 1


class EmbeddingServer(Protocol):
    """Texts to vectors of any length, for one approved model."""

    @property
    def approval(self) -> Approval:
        """The registry's entry for it."""

    def vectors(self, texts: Sequence[str], purpose: Purpose, *, kind: Role, seconds: float) -> Made:
        """Return a vector for each text; raises `ModelError`, and `PolicyDenied` before anything is sent."""


class RemoteEmbedder:
    """An `Embedder` around a server: nothing reaches it before policy has approved and the meter has room.

    The grade of ``purpose`` is that of the collection that it serves, and of every question to that collection.
    ``masker`` makes a fresh masker for each text, so that its vector does not depend on its neighbours. Without a
    ``dimension`` the server is asked for one vector. A passage that the server refuses alone, or gives no numbers for,
    is a zero row and in `work`, which counts passages only; a question so treated raises. Threads may share it.
    """

    def __init__(
        self,
        server: EmbeddingServer,
        *,
        policy: Policy,
        meter: Meter,
        masker: Callable[[], Masker],
        purpose: Purpose,
        dimension: int = 0,
        seconds: float = _SECONDS,
    ) -> None:
        self._server = server
        self._policy = policy
        self._meter = meter
        self._masker = masker
        self._purpose = purpose
        self._seconds = seconds
        self._most = _MOST_TEXTS
        self._work = EmbeddingWork()
        self._lock = threading.Lock()
        self.dimension = dimension
        if not dimension:
            self.dimension = self._asked([_PROBE], tokens.count(_PROBE), kind="passage").shape[1]
        self.fingerprint = f"{_ALGORITHM}:{server.approval.name}:{self.dimension}"

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension); an empty text, or one that failed, is a zero row.

        Raises `PolicyDenied` and `OverBudget` before anything is sent, and `ModelError`.
        """
        began = time.perf_counter()
        approval = self._policy.approve(self._server.approval.id, grade=self._purpose.grade)
        shown = [self._shown(text, approval) for text in texts]
        counts = tokens.count_many(shown)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        failed: dict[int, tuple[str, str]] = {}
        for places in self._batches(counts):
            for place, row in self._tried(places, shown, counts, kind=kind):
                if isinstance(row, ModelError):
                    if kind == "query":
                        raise row
                    failed[place] = (row.ko, row.en)
                else:
                    vectors[place] = row
        if kind == "passage":
            self._note(len(texts), sum(counts), time.perf_counter() - began, failed)
        return vectors

    def work(self) -> EmbeddingWork:
        """Return what was done since the last call of this method."""
        with self._lock:
            done, self._work = self._work, EmbeddingWork()
        return done

    def _note(self, texts: int, used: int, seconds: float, failed: Mapping[int, tuple[str, str]]) -> None:
        with self._lock:
            before = self._work
            self._work = EmbeddingWork(
                texts=before.texts + texts,
                tokens=before.tokens + used,
                seconds=before.seconds + seconds,
                failed=before.failed | {before.texts + place: why for place, why in failed.items()},
            )

    def _shown(self, text: str, approval: Approval) -> str:
        """Return a text as the server may see it: masked, and no longer than its model reads."""
        masked = self._masker().mask(text) if approval.mask else text
        masked = masked.strip()[: approval.context * _LONGEST_TOKEN]  # so that no megabyte is counted
        return tokens.truncate(masked, approval.context - _SPARE)

    def _batches(self, counts: Sequence[int]) -> Iterator[list[int]]:
        """Yield the places of texts that go together, longest first; empty texts go nowhere."""
        waiting = sorted((place for place, count in enumerate(counts) if count), key=lambda place: -counts[place])
        batch: list[int] = []
        size = 0
        for place in waiting:
            if batch and (size + counts[place] > _BUDGET or len(batch) >= self._most):
                yield batch
                batch, size = [], 0
            batch.append(place)
            size += counts[place]
        if batch:
            yield batch

    def _tried(
        self, places: Sequence[int], shown: Sequence[str], counts: Sequence[int], *, kind: Role
    ) -> list[tuple[int, NDArray[np.float32] | ModelError]]:
        """Return a unit row, or why there is none, for each place; a batch that is refused is halved."""
        try:
            rows = self._asked([shown[place] for place in places], sum(counts[place] for place in places), kind=kind)
        except ModelRejected as error:
            if error.status not in _TOO_MUCH:
                raise
            if len(places) == 1:
                return [(places[0], error)]
            half = len(places) // 2
            halves = (places[:half], places[half:])
            found = [row for some in halves for row in self._tried(some, shown, counts, kind=kind)]
            if not any(isinstance(row, ModelError) for _, row in found):
                self._most = min(self._most, half)  # it was too many, and no text's fault
            return found
        sound: NDArray[np.bool_] = np.asarray(np.isfinite(rows).all(axis=1))
        if len(places) > 1 and not sound.any():
            raise self._not_numbers()
        return [
            (place, _unit(row) if fine else self._not_numbers())
            for place, row, fine in zip(places, rows, sound, strict=True)
        ]

    def _asked(self, texts: Sequence[str], counted: int, *, kind: Role) -> NDArray[np.float32]:
        """Return what the server makes of a batch; what was used is settled whatever becomes of the call."""
        approval = self._policy.approve(self._server.approval.id, grade=self._purpose.grade)
        reservation = self._meter.reserve(approval, self._purpose, tokens_in=counted, tokens_out=0)
        began = time.monotonic()
        made: Made | None = None
        attempts = 1
        try:
            seconds = self._seconds if kind == "passage" else min(self._seconds, _QUERY_SECONDS)
            made = self._server.vectors(texts, self._purpose, kind=kind, seconds=seconds)
            attempts = made.attempts
        except PolicyDenied:
            attempts = 0  # by the gate, before a byte left
            raise
        except ModelError as error:
            attempts = error.attempts
            raise
        finally:
            reported = made and made.tokens
            used = TokenUsage(reported or (counted if attempts else 0), 0, reported=bool(reported))
            reservation.settle(used, attempts=attempts, seconds=time.monotonic() - began, failed=made is None)
        self._check(made.rows, len(texts))
        return made.rows

    def _check(self, rows: NDArray[np.float32], count: int) -> None:
        model = self._server.approval.id
        if len(rows) != count:
            raise ModelReplyInvalid(
                f"'{model}': 글 {count}개에 벡터 {len(rows)}개를 답했습니다. 서버가 OpenAI 호환인지 확인하십시오.",
                f"'{model}' gave {len(rows)} vectors for {count} texts. Check that the server is OpenAI-compatible.",
            )
        size = rows.shape[1]
        if size != (self.dimension or size) or not 0 < size <= _LARGEST_DIMENSION:
            wanted = f"{self.dimension:,}" if self.dimension else f"1 … {_LARGEST_DIMENSION:,}"
            raise ModelReplyInvalid(
                f"'{model}': 벡터가 {size:,}차원입니다({wanted}차원이어야 합니다). 서버의 모델이 바뀌었으면 되돌리거나 "
                "'govrag rebuild --embedder …'로 다시 임베딩하십시오.",
                f"'{model}' gave vectors of {size:,} dimensions ({wanted} wanted). If the server's model has changed, "
                "bring it back, or embed again with 'govrag rebuild --embedder …'.",
            )

    def _not_numbers(self) -> ModelReplyInvalid:
        return ModelReplyInvalid(
            f"'{self._server.approval.id}': 벡터에 NaN이나 무한대가 있습니다. 서버의 모델과 정밀도를 확인하십시오.",
            f"'{self._server.approval.id}': its vector holds NaN or infinity. Check the server's model and precision.",
        )


class OpenAIEmbeddings:
    """An `EmbeddingServer` at an OpenAI-compatible ``/embeddings``, over the gate.

    ``dimensions`` asks the server for shorter vectors; 0 takes them as long as they are.
    """

    def __init__(
        self,
        approval: Approval,
        gate: Gate,
        *,
        dimensions: int = 0,
        tries: Tries | None = None,
        breakers: Breakers = BREAKERS,
    ) -> None:
        self.approval = approval
        self._breakers = breakers
        self._gate = gate
        self._dimensions = dimensions
        self._tries = tries or Tries()

    def vectors(self, texts: Sequence[str], purpose: Purpose, *, kind: Role, seconds: float) -> Made:
        """Return the server's vectors; raises `ModelError` by the deadline. A server does not learn the ``kind``."""
        asked: dict[str, Any] = {"model": self.approval.name, "input": list(texts), "encoding_format": "float"}
        if self._dimensions:
            asked["dimensions"] = self._dimensions
        body = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        most = len(texts) * (self._dimensions or _LARGEST_DIMENSION) * _NUMBER_BYTES + (1 << 20)

        def once(left: float) -> bytes:
            call = Call(self.approval, purpose, _PATH, body, {"accept": "application/json"}, left, max_bytes=most)
            with self._breakers.trying(self.approval) as trial:
                try:
                    with self._gate.send(call) as response:
                        trial.answered, trial.failed = response.status < DOWN, response.status >= DOWN
                        check(response, self.approval)
                        return b"".join(response.chunks())
                except (ModelUnreachable, ModelTimeout):
                    trial.failed = True
                    raise

        reply, attempts = self._tries.of(once, approval=self.approval, seconds=seconds)
        try:
            answer = json.loads(reply)
            rows = _rows(answer["data"])
            usage = answer.get("usage")
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            error = ModelReplyInvalid(
                f"'{self.approval.id}': 알아볼 수 없는 답입니다. 서버가 OpenAI 호환 /embeddings를 주는지 확인하십시오.",
                f"'{self.approval.id}' gave an answer that makes no sense. Check that it serves an OpenAI-compatible "
                "/embeddings.",
            )
            error.attempts = attempts
            raise error from None
        return Made(rows, _reported(usage), attempts)


def _rows(data: Sequence[Mapping[str, Any]]) -> NDArray[np.float32]:
    """Return the vectors in the order of their texts: by ``index``, where the server says it."""
    places = [one.get("index") for one in data]
    if any(place is not None for place in places):
        if set(places) != set(range(len(places))):
            raise ValueError("indexes that are no permutation")
        data = [data[places.index(place)] for place in range(len(places))]
    vectors = [_vector(one["embedding"]) for one in data]
    return np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)


def _vector(sent: str | Sequence[float | None]) -> NDArray[np.float32]:
    """Return a vector that came as numbers, or as base64 of little-endian float32; null is no number."""
    if isinstance(sent, str):
        return np.frombuffer(b64decode(sent, validate=True), dtype="<f4").astype(np.float32)
    vector = np.array(sent, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError("a vector of vectors")
    with np.errstate(over="ignore"):  # infinity, which is noticed with the others
        return vector.astype(np.float32)


def _unit(row: NDArray[np.float32]) -> NDArray[np.float32]:
    long = row.astype(np.float64)
    length = float(np.linalg.norm(long))
    return (long / length).astype(np.float32) if length > 0 else row


def _reported(usage: object) -> int | None:
    """Return the tokens that a server says it read; None for nothing, and for nonsense."""
    value = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST_TOKENS
    return value if sound else None
