"""What a caller hands over, as jobs to read: files, folders, bytes with a name, LangChain documents."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeGuard, cast, runtime_checkable

from govrag.errors import UsageError
from govrag.ingest.readers.text import decode
from govrag.ingest.sandbox import Job
from govrag.korean.normalise import clean
from govrag.records import Document, Passage

NamedBytes = tuple[str, bytes]
_FILE = "file"
_DATES = frozenset({"promulgated", "effective_from", "effective_to"})
_FIELDS = frozenset({"title", "kind", "issuer", "number", "series", "version"}) | _DATES


@runtime_checkable
class LangChainDocument(Protocol):
    """What a LangChain ``Document`` has; LangChain itself is not needed to accept one."""

    page_content: str
    metadata: dict[str, Any]


Input = str | os.PathLike[str] | NamedBytes | LangChainDocument


def jobs(inputs: Input | Iterable[Input], known: Mapping[str, str]) -> Iterator[Job]:
    """Yield a job for each file, in a stable order; ``known`` is uri → SHA-256 of what was read before.

    Hidden files and links are passed over. Raises what `listed` raises.
    """
    for one in listed(inputs):
        if isinstance(one, tuple):
            name, data = one
            yield _memory_job(name, data, known)
        elif isinstance(one, str | os.PathLike):
            yield from _path_jobs(Path(one), known)
        else:
            yield _langchain_job(one, known)


def listed(inputs: Input | Iterable[Input]) -> list[Input]:
    """Return the inputs as a list, so that they can be gone through again.

    Raises `UsageError` for a path that is neither file nor folder, and for what is no input at all.
    """
    several = list(_several(inputs))
    for one in several:
        if isinstance(one, str | os.PathLike):
            _check_exists(Path(one))
        elif not isinstance(one, LangChainDocument) and not _is_named_bytes(one):
            raise UsageError(
                f"{type(one).__name__}은(는) 넣을 수 없습니다. 경로, (이름, bytes), LangChain Document를 넣으십시오.",
                f"a {type(one).__name__} cannot be added. Hand over paths, (name, bytes) or LangChain Documents.",
            )
    return several


def fingerprint(file: Path) -> str:
    """Return what tells a file from others, and from itself after a change."""
    try:
        stat = file.stat()
    except OSError:
        return str(file)
    return f"{file} {stat.st_size} {stat.st_mtime_ns}"


def roots(inputs: Input | Iterable[Input]) -> list[Path]:
    """Return the folders among the inputs: what a mirror is a mirror of."""
    paths = [Path(one) for one in _several(inputs) if isinstance(one, str | os.PathLike)]
    return [path.resolve() for path in paths if path.is_dir()]


def uri_of(path: Path) -> str:
    """Return the uri of a file: its absolute path as people write it, whatever bytes the file system keeps."""
    return _written(str(path.resolve()))


def is_below(uri: str, folder: Path) -> bool:
    """Tell whether a source was read from a folder."""
    return uri.startswith(uri_of(folder) + os.sep)


def _several(inputs: Input | Iterable[Input]) -> Iterable[Input]:
    if isinstance(inputs, str | os.PathLike | LangChainDocument):
        return [inputs]
    if _is_named_bytes(inputs):
        return [inputs]
    return cast(Iterable[Input], inputs)


def _is_named_bytes(one: object) -> TypeGuard[NamedBytes]:
    return isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], bytes)


def _check_exists(path: Path) -> None:
    if not (path.is_dir() or path.is_file()):
        raise UsageError(
            f"{path}: 그런 파일이나 폴더가 없습니다. 경로를 확인하십시오.",
            f"{path}: no such file or folder. Check the path.",
        )


def _path_jobs(path: Path, known: Mapping[str, str]) -> Iterator[Job]:
    if path.is_dir():
        root = path.resolve()
        for file in sorted(_visible_files(root)):
            yield _path_job(file, _written(file.relative_to(root).as_posix()), known)
    else:
        yield _path_job(path.resolve(), _written(path.name), known)


def _visible_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder) / name
            # A link out of the folder, a socket or a device is not a document.
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file


def _path_job(file: Path, name: str, known: Mapping[str, str]) -> Job:
    uri = uri_of(file)
    return Job(uri=uri, name=name, path=file, known_sha256=known.get(uri, ""))


def _memory_job(name: str, data: bytes, known: Mapping[str, str]) -> Job:
    name = clean(name)  # a lone surrogate is in no file name that could be written down
    uri = f"memory:{name}"
    return Job(uri=uri, name=name, data=data, known_sha256=known.get(uri, ""))


def _langchain_job(document: LangChainDocument, known: Mapping[str, str]) -> Job:
    """Hand a LangChain document over as the JSONL reader knows documents."""
    metadata = {name: value for name, value in document.metadata.items() if isinstance(value, str | int | float | bool)}
    identity = getattr(document, "id", None) or metadata.get("source") or ""
    content = hashlib.sha256(document.page_content.encode("utf-8", "replace")).hexdigest()[:12]
    name = str(identity or content)
    title = str(metadata.get("title") or identity or document.page_content.strip().split("\n", 1)[0][:60])
    row = metadata | {"id": name, "title": title, "text": document.page_content}
    return _memory_job(f"{name}.jsonl", json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"), known)


def _nfc(text: str) -> str:
    # macOS writes file names decomposed; the same file must have one name everywhere.
    return unicodedata.normalize("NFC", text)


def _written(path: str) -> str:
    """Return a path as text: a name that is no UTF-8 comes from an old archive, where Korean names are CP949."""
    return _nfc(re.sub(r"[^/\\]*[\ud800-\udfff][^/\\]*", lambda name: _from_bytes(name[0]), path))


def _from_bytes(name: str) -> str:
    return os.fsencode(name).decode("cp949", "replace")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a metadata file says of documents: its word goes before what a reader extracted."""

    rows: Mapping[str, Mapping[str, str]]  # file name, relative or bare → column → value

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Overrides:
        """Read a CSV file with the column ``file`` and any of title, kind, issuer, …; other columns become metadata."""
        if not Path(path).is_file():
            raise UsageError(
                f"{path}: 그런 메타데이터 파일이 없습니다. 경로를 확인하십시오.",
                f"{path}: there is no such metadata file. Check the path.",
            )
        text, _ = decode(Path(path).read_bytes(), name=str(path))
        reader = csv.DictReader(io.StringIO(text, newline=""))
        columns = reader.fieldnames or []
        if _FILE not in columns:
            raise UsageError(
                f"{path}: '{_FILE}' 열이 없습니다 (있는 열: {', '.join(columns)}). 첫 줄에 file,title,… 을 적으십시오.",
                f"{path}: there is no column '{_FILE}' (found: {', '.join(columns)}). Start with a line file,title,…",
            )
        rows: dict[str, dict[str, str]] = {}
        for row in reader:
            values = {name: (value or "").strip() for name, value in row.items() if name and isinstance(value, str)}
            for name in _DATES & values.keys():
                _check_date(path, reader.line_num, name, values[name])
            rows[_nfc(values[_FILE])] = {name: value for name, value in values.items() if value and name != _FILE}
        return cls(rows)

    def apply(self, document: Document, passages: Sequence[Passage], *, uri: str) -> tuple[Document, list[Passage]]:
        """Return the document and passages with what the row for this file says.

        A row names its file by as much of the end of the path as it likes: ``여비규정.txt``, ``규정/여비규정.txt``.
        """
        row = next((self.rows[ending] for ending in _endings(uri) if ending in self.rows), None)
        if not row:
            return document, list(passages)
        changed: dict[str, Any] = {
            column: date.fromisoformat(value) if column in _DATES else value
            for column, value in row.items()
            if column in _FIELDS
        }
        extra = {column: value for column, value in row.items() if column not in _FIELDS}
        document = replace(
            document,
            **changed,
            metadata={**document.metadata, **extra},
            origins={**document.origins, **dict.fromkeys(row, "metadata file")},
        )
        titled = [replace(passage, breadcrumb=(document.title, *passage.breadcrumb[1:])) for passage in passages]
        return document, titled


def _endings(uri: str) -> Iterator[str]:
    """Yield the path and what is left of it folder by folder, longest first."""
    parts = uri.removeprefix("memory:").replace(os.sep, "/").split("/")
    return ("/".join(parts[start:]) for start in range(len(parts)))


def _check_date(path: str | os.PathLike[str], line: int, column: str, value: str) -> None:
    try:
        date.fromisoformat(value or "0001-01-01")
    except ValueError:
        raise UsageError(
            f"{path} {line}행: {column} 값 '{value}'은(는) 날짜가 아닙니다. 2026-03-01처럼 적으십시오.",
            f"{path} line {line}: {column} '{value}' is not a date. Write it as 2026-03-01.",
        ) from None
