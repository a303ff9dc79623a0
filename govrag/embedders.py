"""Which embedder a collection has: our own, a table of its own, a folder of weights, a server that policy approves.

Each is made once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Union, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from govrag.calling.foreign import is_embeddings, registry_id
from govrag.contracts import Embedder, MeasuredEmbedder, Role
from govrag.embed.static import StaticEmbedder
from govrag.errors import EmbedderMismatch, UnreadableFile, UsageError
from govrag.index.meaning import STATIC, AnyEmbedder, spec_of
from govrag.records import EmbeddingWork, Grade

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from govrag.governance import Governance

__all__ = ["Embedders", "GivenEmbedder"]

_REMOTE = "remote-"  # how the fingerprints of `embed.remote` begin

# "static", a table that `govrag train` made (.npz), a folder of weights, http(s)://host/v1#model or an id of the
# registry; or the embedder itself.
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
        self._tables: dict[str, tuple[tuple[int, int], StaticEmbedder]] = {}
        self._late: dict[tuple[str, str, Grade], _Late] = {}
        self._replaced: set[tuple[str, str]] = set()  # (spec, fingerprint) that another model was looked for, once
        self._lock = threading.Lock()
        self._loading: dict[str, threading.RLock] = {}  # of each spec: making one takes long, and stops nobody else
        if own is not None:
            self.name(own)

    def name(self, given: GivenEmbedder) -> str:
        """Return how a manifest names an embedder; an object is remembered under its name."""
        if isinstance(given, PathLike):
            return str(Path(given).expanduser().resolve())
        if isinstance(given, str):
            path = Path(given).expanduser()
            return str(path.resolve()) if given != STATIC and (path.is_dir() or _is_table(given)) else given
        if is_embeddings(given):
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
        if _is_table(spec):
            try:
                return self._table(spec)
            except UnreadableFile as error:
                raise _without_table(spec, error) from error
        key = (spec, fingerprint, grade)
        with self._lock:
            if key not in self._late:
                dimension = int(manifest["dimension"])
                make = partial(self._lasting, spec, grade, dimension=dimension, fingerprint=fingerprint)
                self._late[key] = _Late(fingerprint, dimension, make)
            return self._late[key]

    def made(self, spec: str, *, grade: Grade, device: str | None = None) -> AnyEmbedder:
        """Return an embedder ready to embed for a collection of this grade, as its files or its server are now.

        Raises `PolicyDenied` for a server that is not approved, `UsageError` for what is not there.
        """
        if _is_table(spec):
            return self._table(spec)
        return self._known(spec) or self._lasting(spec, grade, device=device, anew=True)

    def permit(self, manifest: Mapping[str, Any], *, grade: Grade) -> None:
        """Raise `PolicyDenied` unless the embedder that a manifest names may be sent a text of this grade."""
        spec = spec_of(manifest)
        if self._known(spec) is None and not _is_table(spec):
            foreign = self._langchain.get(spec)
            if foreign is not None:
                self._governance().permit_embedding(registry_id(foreign), grade=grade)
            elif self._is_remote(spec, str(manifest["embedder"])):
                self._governance().permit_embedding(spec, grade=grade)

    def close(self) -> None:
        """End the processes that models were given; whoever needs one later gets it anew."""
        with self._lock:
            made, self._made = list(self._made.values()), {}
        for one in made:
            _close(one)

    def _table(self, spec: str) -> StaticEmbedder:
        """Return the table in a file, read again when the file is another: its fingerprint tells."""
        path = Path(spec)
        with self._lock:
            state = _state(path)
            if spec not in self._tables or self._tables[spec][0] != state:
                self._tables[spec] = (state, StaticEmbedder(path))
            return self._tables[spec][1]

    def _is_remote(self, spec: str, fingerprint: str) -> bool:
        """Tell whether a server embeds: one that the policy no longer names is still one, and is denied."""
        return fingerprint.startswith(_REMOTE) or self._governance().is_remote(spec)

    def _known(self, spec: str) -> AnyEmbedder | None:
        return self._static if spec == STATIC else self._objects.get(spec)

    def _lasting(
        self,
        spec: str,
        grade: Grade,
        *,
        dimension: int = 0,
        device: str | None = None,
        fingerprint: str = "",
        anew: bool = False,
    ) -> Embedder:
        """Return what was made before, or make it.

        It is made ``anew`` when that is asked for, and once when it is not the one of the ``fingerprint``: a folder
        may hold another model by now.
        """
        governance = self._governance()
        foreign = self._langchain.get(spec)
        remote = foreign is not None or self._is_remote(spec, fingerprint)
        key = (spec, grade if remote else None)
        with self._lock:
            loading = self._loading.setdefault(spec, threading.RLock())
        with loading:
            made = self._made.get(key)
            if made is not None and not remote and fingerprint not in {"", made.fingerprint}:
                anew = (spec, fingerprint) not in self._replaced
                self._replaced.add((spec, fingerprint))
            if made is None or anew:
                _close(made)
                if foreign is not None:
                    made = governance.langchain_embedder(foreign, grade=grade, dimension=dimension)
                elif remote:
                    made = governance.embedder(spec, grade=grade, dimension=dimension)
                else:
                    made = _transformer(spec, device)
                with self._lock:
                    self._made[key] = made
            return made


@runtime_checkable
class _Closing(Protocol):
    """An embedder that keeps processes."""

    def close(self) -> None:
        """End them."""


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


def _close(made: object) -> None:
    if isinstance(made, _Closing):
        made.close()


def _is_table(spec: str) -> bool:
    return spec.endswith(".npz") and "://" not in spec


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file does; of one that is missing, nothing: reading it will say so."""
    if not path.exists():
        return 0, 0
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _without_table(spec: str, error: UnreadableFile) -> EmbedderMismatch:
    return EmbedderMismatch(
        f"{error.ko} 컬렉션이 '{spec}'(으)로 색인되어 있습니다. 그 파일을 되돌려 놓거나 "
        "'govrag rebuild --embedder static'으로 다시 임베딩하십시오.",
        f"{error.en} The collection was indexed with '{spec}': put that file back, or embed anew with "
        "'govrag rebuild --embedder static'.",
    )


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
