"""What a question means to each collection: its vector by the collection's own embedder, and cosines that compare.

Fusion learned what a cosine is worth from the static embedder. Another embedder's cosines lie elsewhere (many models
call any two texts 0.7 alike), so they are mapped, linearly and hence in their order: the mean and the deviation over
random pairs of the collection's passages become those of the static embedder over pairs of statutes.

A fingerprint says which embedder was asked for; a server may run another model under the same name. So the vector of
one fixed sentence lies in the manifest, and is asked for again, beside a question, when a collection is first searched
and every ten minutes.
"""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Embedder, MorphemeEmbedder
from govrag.errors import EmbedderMismatch, ModelReplyInvalid
from govrag.index.dense import Cosines, DenseIndex
from govrag.records import Grade

AnyEmbedder = Embedder | MorphemeEmbedder


@runtime_checkable
class Embedders(Protocol):
    """Whoever knows the embedder of each collection."""

    def chosen(self, manifest: Mapping[str, Any], *, grade: Grade) -> AnyEmbedder:
        """Return the embedder that a manifest names, for a collection of this grade.

        One that is made only when it is first used may have the manifest's fingerprint until then.
        """


STATIC = "static"  # the embedder that a manifest without a name was made with
PROBE = "사용자는 1년간 80퍼센트 이상 출근한 근로자에게 유급휴가를 주어야 한다."  # any would do, so long as it stays
# Of the static embedder: `DenseIndex.cosines` over 200,000 random pairs of the articles of all 5,674 statutes.
REFERENCE = Cosines(0.045, 0.091)
_SAME = 0.999  # cosine of the probe's vectors: rounding and batching move them less, another model far more
_PROBE_EVERY = 600.0  # seconds
_NARROWEST = 0.005  # deviation of cosines below which nothing can be told apart, and nothing is mapped


class Meaning:
    """The dense index of one collection, with whoever made it. ``clock`` stands in for the real one, in tests."""

    def __init__(
        self,
        path: Path,
        manifest: Mapping[str, Any],
        embedder: AnyEmbedder,
        index: DenseIndex,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.embedder = embedder
        self._path = path
        self._manifest = manifest
        self._index = index
        self._clock = clock
        self._checked: float | None = None
        measured = manifest.get("cosines")
        self._cosines = Cosines(measured["mean"], measured["deviation"]) if measured else REFERENCE

    @property
    def unsure(self) -> bool:
        """Whether the probe's vector should be compared again."""
        due = self._checked is None or self._clock() >= self._checked + _PROBE_EVERY
        return bool(self._manifest.get("probe")) and due

    def check_embedder(self) -> None:
        """Raise `EmbedderMismatch` when the embedder turns out to be another, now that it was used."""
        check_embedder(self._path, self._manifest, self.embedder)

    def check_probe(self, probe: NDArray[np.float32]) -> None:
        """Raise `EmbedderMismatch` unless the probe's vector is what it was when the collection was indexed."""
        check_probe(self._path, self._manifest, probe)
        self._checked = self._clock()

    def search(
        self, vector: NDArray[np.float32], *, depth: int, visible: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best ``depth`` (rows, cosines as the static embedder's), ties by row, among the visible rows."""
        rows, cosines = self._index.search(vector, depth=depth, visible=visible)
        return rows, calibrated(cosines, self._cosines)


def query_vectors(meanings: Sequence[Meaning], query: str, words: Sequence[str]) -> list[NDArray[np.float32]]:
    """Return a question's unit vector for each collection; each embedder is asked once. ``words`` are its morphemes.

    Raises `EmbedderMismatch` when an embedder is no longer what it was, and whatever an embedder raises.
    """
    vectors: dict[int, NDArray[np.float32]] = {}
    for one in meanings:
        if id(one.embedder) not in vectors:
            sharing = [other for other in meanings if other.embedder is one.embedder]
            vectors[id(one.embedder)] = _query_vector(one.embedder, sharing, query, words)
    return [vectors[id(one.embedder)] for one in meanings]


def _query_vector(
    embedder: AnyEmbedder, meanings: Sequence[Meaning], query: str, words: Sequence[str]
) -> NDArray[np.float32]:
    if isinstance(embedder, MorphemeEmbedder):
        return embedder.embed_morphemes([words], kind="query").reshape(-1)
    unsure = [one for one in meanings if one.unsure]
    asked = [query, PROBE] if unsure else [query]
    rows = embedder.embed(asked, kind="query")
    check_shape(rows, len(asked), embedder)
    if not np.isfinite(rows).all():
        raise ModelReplyInvalid(
            f"임베더 {embedder.fingerprint}: 질문의 벡터에 NaN이나 무한대가 있습니다. 모델을 확인하십시오.",
            f"the embedder {embedder.fingerprint} gave the question a vector with NaN or infinity. Check the model.",
        )
    for one in meanings:
        one.check_embedder()
    for one in unsure:
        one.check_probe(rows[1])
    return rows[:1].reshape(-1)


def calibrated(cosines: NDArray[np.float32], own: Cosines) -> NDArray[np.float32]:
    """Return cosines, moved and stretched so that the embedder's ``own`` mean and deviation are the reference's."""
    if own == REFERENCE or own.deviation < _NARROWEST:
        return cosines
    mapped = REFERENCE.mean + (cosines - own.mean) * (REFERENCE.deviation / own.deviation)
    return mapped.astype(np.float32)


def packed(probe: NDArray[np.float32]) -> str:
    """Return the probe's vector as the manifest keeps it."""
    return b64encode(probe.astype("<f2").tobytes()).decode("ascii")


def spec_of(manifest: Mapping[str, Any]) -> str:
    """Return the name of the embedder that a collection was indexed with, as ``--embedder`` takes it."""
    return str(manifest.get("spec") or STATIC)


def check_shape(vectors: NDArray[Any], count: int, embedder: Embedder) -> None:
    """Raise `ModelReplyInvalid` unless an embedder gave ``count`` rows of its dimension."""
    wanted = (count, embedder.dimension)
    if vectors.shape != wanted:
        raise ModelReplyInvalid(
            f"임베더 {embedder.fingerprint}이(가) {wanted} 대신 {vectors.shape} 크기의 벡터를 주었습니다. "
            "모델을 확인하십시오. 아무것도 저장하지 않았습니다.",
            f"the embedder {embedder.fingerprint} gave vectors of shape {vectors.shape}, not {wanted}. "
            "Check the model. Nothing was stored.",
        )


def check_embedder(path: Path, manifest: Mapping[str, Any], embedder: AnyEmbedder) -> None:
    """Raise `EmbedderMismatch` unless the vectors came from this embedder."""
    stored = manifest["embedder"]
    if stored and stored != embedder.fingerprint:
        raise EmbedderMismatch(
            f"{path}: 다른 임베더로 색인되었습니다(색인 '{spec_of(manifest)}' {stored}, 현재 {embedder.fingerprint}). "
            f"그 임베더를 되돌려 놓거나 {_rebuild(path, manifest)} 명령으로 원본에서 다시 임베딩하십시오.",
            f"{path}: indexed with another embedder (index '{spec_of(manifest)}' {stored}, now "
            f"{embedder.fingerprint}). Bring that one back, or embed again from the truth with "
            f"{_rebuild(path, manifest)}.",
        )


def check_probe(path: Path, manifest: Mapping[str, Any], probe: NDArray[np.float32]) -> None:
    """Raise `EmbedderMismatch` when the manifest holds another vector of the probe; one without any is content."""
    if not (kept := manifest.get("probe")):
        return
    before = np.frombuffer(b64decode(kept), dtype="<f2").astype(np.float32)
    same = float(before @ probe) / (float(np.linalg.norm(before)) or 1.0) if before.shape == probe.shape else 0.0
    if not same >= _SAME:  # NaN too
        raise EmbedderMismatch(
            f"{path}: 임베더 '{spec_of(manifest)}'이(가) 색인할 때와 다른 모델입니다(같은 문장의 코사인 {same:.3f}, "
            f"{_SAME}부터 같은 모델). 모델을 되돌려 놓거나 {_rebuild(path, manifest)} 명령으로 다시 임베딩하십시오.",
            f"{path}: the embedder '{spec_of(manifest)}' is another model than when this was indexed (cosine of one "
            f"sentence {same:.3f}, {_SAME} needed). Bring the model back, or embed again with "
            f"{_rebuild(path, manifest)}.",
        )


def _rebuild(path: Path, manifest: Mapping[str, Any]) -> str:
    return f"'govrag rebuild --library {path.parent} --collection {path.name} --embedder {spec_of(manifest)}'"
