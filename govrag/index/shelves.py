"""The collections of one directory: which there are, and each of them opened once, at its newest generation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Protocol

from govrag.errors import LibraryError, LibraryNotFound, UnknownCollection, UsageError
from govrag.index import collection as collections
from govrag.index.collection import Collection
from govrag.index.meaning import AnyEmbedder, Embedders
from govrag.index.store import Store
from govrag.records import Grade

_NAME = re.compile(r"[\w가-힣][\w가-힣.-]{0,63}")


class Rights(Protocol):
    """What someone may read."""

    def lists(self, collection: str) -> bool:
        """Tell whether a collection is among theirs, whatever its grade and whether it is there at all."""

    def reads(self, collection: str, grade: Grade) -> bool:
        """Tell whether they may read a collection of this grade."""


class Shelves:
    """What is kept in a library's directory. Threads may share it for reading.

    Seen by someone, it holds what they may read and nothing else: what is kept from them is not opened (its grade is
    read, if it is among theirs), and looks as if it were not there.
    """

    def __init__(self, path: Path, *, embedder: AnyEmbedder | Embedders) -> None:
        if path.exists() and not path.is_dir():
            raise LibraryNotFound(
                f"{path}: 디렉터리가 아닙니다. 장서 디렉터리의 경로를 지정하십시오.",
                f"{path}: not a directory. Name the library's directory.",
            )
        self.path = path
        self._embedder = embedder
        self._open: dict[str, Collection] = {}
        self._rights: Rights | None = None

    def seen_by(self, rights: Rights) -> Shelves:
        """Return these shelves, with what is open on them, as someone with these rights sees them."""
        seen = copy(self)
        seen._rights = rights
        return seen

    @property
    def names(self) -> list[str]:
        """Names of the collections, sorted."""
        if not self.path.is_dir():
            return []
        return sorted(child.name for child in self.path.iterdir() if self._holds(child.name))

    def chosen(self, wanted: Sequence[str]) -> list[str]:
        """Return the names that are wanted, all when none is. Raises `LibraryNotFound`, `UnknownCollection`."""
        known = self.names
        if not known:
            raise LibraryNotFound(
                f"{self.path}: 장서가 없습니다. 'govrag add 폴더 --library {self.path}'로 문서를 넣으십시오.",
                f"{self.path}: there is no library. Add documents with 'govrag add FOLDER --library {self.path}'.",
            )
        for name in wanted:
            if name not in known:
                raise UnknownCollection(
                    f"'{name}' 컬렉션이 없습니다. 있는 컬렉션: {', '.join(known)}",
                    f"there is no collection '{name}'. Known: {', '.join(known)}",
                )
        return list(dict.fromkeys(wanted)) or known

    def open(self, wanted: Sequence[str] = ()) -> list[Collection]:
        """Return collections at their newest generation. Raises as `chosen` and `Collection` do."""
        opened = [self._newest(name) for name in self.chosen(wanted)]
        if self._rights and not all(self._rights.reads(one.name, one.grade) for one in opened):
            return self.open(wanted)  # its grade has risen meanwhile
        return opened

    def existing(self, name: str) -> Path:
        """Return where a collection is kept. Raises as `chosen`."""
        return self.path / self.chosen([name])[0]

    def make(self, name: str, *, grade: Grade | None) -> Path:
        """Return where a collection is kept, made when it is not there yet; a grade is set, never changed.

        Raises `UnknownCollection` for what may not be read or, not being there, could not be once it is made.
        """
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"'{name}'은(는) 컬렉션 이름으로 쓸 수 없습니다. 글자, 숫자, '_', '.', '-' 64자까지 쓰십시오.",
                f"'{name}' cannot name a collection. Use up to 64 letters, digits, '_', '.' and '-'.",
            )
        path = self.path / name
        if self._rights and not self._holds(name):
            # One refusal for both: whether something is kept there is not told.
            may_make = not collections.is_collection(path) and self._rights.lists(name)
            if not (may_make and self._rights.reads(name, grade or Grade.SENSITIVE)):
                raise UnknownCollection(
                    f"'{name}': 읽을 수 있는 컬렉션이 아니어서 쓸 수 없습니다. 읽을 수 있는 이름과 --grade를 쓰거나 "
                    "--principal을 확인하십시오.",
                    f"'{name}': you may write only to a collection that you may read. Use such a name and --grade, "
                    "or check --principal.",
                )
        collections.create(path)
        if grade is not None:
            collections.set_grade(path, grade)
        return path

    def put_back(self, name: str) -> None:
        """Keep a collection open no longer; it stays so for the threads that are reading it."""
        self._open.pop(name, None)

    def close(self) -> None:
        """Close what is open."""
        for one in self._open.values():
            one.close()
        self._open.clear()

    def _holds(self, name: str) -> bool:
        """Tell whether a collection is there for whoever is looking."""
        path = self.path / name
        if not collections.is_collection(path) or self._rights is None:
            return collections.is_collection(path)
        return self._rights.lists(name) and self._rights.reads(name, _grade(path))

    def _newest(self, name: str) -> Collection:
        known = self._open.get(name)
        self._open[name] = found = known.newest() if known else Collection(self.path / name, embedder=self._embedder)
        return found


def _grade(path: Path) -> Grade:
    """Return a collection's grade; the highest when it cannot be told."""
    try:
        store = Store(path, writable=False)
        try:
            return Grade(store.setting("grade") or Grade.SENSITIVE)
        finally:
            store.close()
    except LibraryError:
        return Grade.CLASSIFIED
