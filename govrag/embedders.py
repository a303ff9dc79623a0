"""Which embedder a collection has: our own, a folder of weights, a server that policy approves; each made once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from govrag.calling.foreign import registry_id
from govrag.contracts import Embedder, MeasuredEmbedder, Role
from govrag.embed.langchain_embedder import is_langchain
from govrag.errors import UsageError
from govrag.index.meaning import STATIC, AnyEmbedder, spec_of
from govrag.records import EmbeddingWork, Grade

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from govrag.governance import Governance

__all__ = ["Embedders", "GivenEmbedder"]

# "static", a folder of weights, http(s)://host/v1#model or an id of the registry; or the embedder itself.
GivenEmbedder = Union[str, PathLike[str], AnyEmbedder, "Embeddings"]


class Embedders:
    """The embedders of a library's collections. ``own`` is one that was given as an object, and is not in any file."""

    def __init__(
        self, static: AnyEmbedder, governance: Callable[[], Governance], *, own: GivenEmbedder | None = None
    ) -> None:
        self._static = static
        self._governance = governance
        self._objects: dict[str, AnyEmbedder] = {}
        self._langchain: dict[str, Embeddings] = {}
        self._made: dict[tuple[str, Grade | None], Embedder] = {}
        self._late: dict[tuple[str, str, Grade], _Late] = {}
        self._lock = threading.RLock()
        if own is not None:
            self.name(own)

    def name(self, given: GivenEmbedder) -> str:
        """Return how a manifest names an embedder; an object is remembered under its name."""
        if isinstance(given, PathLike):
            return str(Path(given).expanduser().resolve())
        if isinstance(given, str):
            folder = Path(given).expanduser()
            return str(folder.resolve()) if given != STATIC and folder.is_dir() else given
        if is_langchain(given):
            spec = f"langchain:{registry_id(given)}"
            self._langchain[spec] = given
        else:
            spec = f"object:{type(given).__name__}"
            self._objects[spec] = given
        return spec

    def chosen(self, manifest: Mapping[str, Any], *, grade: Grade) -> AnyEmbedder:
        """Return the embedder that a manifest names; it is loaded, or asked, only when something is to be embedded."""
        spec, fingerprint = spec_of(manifest), str(manifest["embedder"])
        if known := self._known(spec):
            return known
        key = (spec, fingerprint, grade)
        with self._lock:
            if key not in self._late:
                dimension = int(manifest["dimension"])
                self._late[key] = _Late(fingerprint, dimension, lambda: self._lasting(spec, grade, dimension=dimension))
            return self._late[key]

    def made(self, spec: str, *, grade: Grade, device: str | None = None) -> AnyEmbedder:
        """Return an embedder ready to embed for a collection of this grade.

        Raises `PolicyDenied` for a server that is not approved, `UsageError` for what is not there.
        """
        return self._known(spec) or self._lasting(spec, grade, device=device)

    def _known(self, spec: str) -> AnyEmbedder | None:
        return self._static if spec == STATIC else self._objects.get(spec)

    def _lasting(self, spec: str, grade: Grade, *, dimension: int = 0, device: str | None = None) -> Embedder:
        """Return what was made before, or make it; on a ``device`` that is named it is made anew."""
        governance = self._governance()
        foreign = self._langchain.get(spec)
        remote = foreign is not None or governance.is_remote(spec)
        key = (spec, grade if remote else None)
        with self._lock:
            if device is not None or key not in self._made:
                if foreign is not None:
                    self._made[key] = governance.langchain_embedder(foreign, grade=grade, dimension=dimension)
                elif remote:
                    self._made[key] = governance.embedder(spec, grade=grade, dimension=dimension)
                else:
                    self._made[key] = _transformer(spec, device)
            return self._made[key]


class _Late:
    """An embedder that is made when it is first used; until then it is what the manifest says."""

    def __init__(self, fingerprint: str, dimension: int, make: Callable[[], Embedder]) -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension
        self._make = make

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, as the embedder does."""
        made = self._make()
        self.fingerprint, self.dimension = made.fingerprint, made.dimension
        return made.embed(texts, kind=kind)

    def work(self) -> EmbeddingWork:
        """Return what the embedder did."""
        made = self._make()
        return made.work() if isinstance(made, MeasuredEmbedder) else EmbeddingWork()


def _transformer(spec: str, device: str | None) -> Embedder:
    if spec.startswith(("object:", "langchain:")):
        raise UsageError(
            f"객체로 준 임베더({spec})로 색인된 컬렉션입니다. govrag.open(…, embedder=…)로 그 객체를 다시 주거나 "
            "'govrag rebuild --embedder static'으로 다시 임베딩하십시오.",
            f"this collection was indexed with an embedder given as an object ({spec}). Give it again with "
            "govrag.open(…, embedder=…), or embed anew with 'govrag rebuild --embedder static'.",
        )
    from govrag.embed.transformer import TransformerEmbedder

    return TransformerEmbedder(spec, device=device)
